# Jobs of Sidekiq, for the tests: puts them in, works on them, and says what Sidekiq's own API counts.
#
#   sidekiq.rb enqueue|inspect        REDIS_URL says where; `sidekiq -r sidekiq.rb` is the worker
require "sidekiq"
require "sidekiq/api"
require "json"

class Ok
  include Sidekiq::Worker
  def perform(*) = nil
end

class Bad
  include Sidekiq::Worker
  sidekiq_options retry: 0
  def perform(*) = raise("meant to fail")
end

class Slow
  include Sidekiq::Worker
  # Works until the test says so.
  def perform(*) = Sidekiq.redis { |redis| redis.blpop("go") }
end

case ARGV[0]
when "enqueue"
  # An argument that looks like the time at which a job was queued.
  3.times { Ok.perform_async({"enqueued_at" => 5}) }
  Bad.perform_async
  Slow.perform_async
  2.times { Ok.set(queue: "low").perform_async }
  Ok.perform_in(3600)
when "inspect"
  stats = Sidekiq::Stats.new
  puts JSON.generate(
    waiting: Sidekiq::Queue.all.to_h { |queue| [queue.name, queue.size] }, delayed: stats.scheduled_size,
    retry: stats.retry_size, dead: stats.dead_size, processed: stats.processed, failed: stats.failed,
    workers: Sidekiq::ProcessSet.new.size, active: Sidekiq::ProcessSet.new.sum { |process| process["busy"] },
    latency: Sidekiq::Queue.all.to_h { |queue| [queue.name, queue.latency] })
end
