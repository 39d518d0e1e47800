// Sidekiq: lists of JSON, with sorted sets for what is to run later, to be tried again, or is dead.

extension QueueSystem {
    /// When a job was queued stands in milliseconds since Sidekiq 8, in seconds before. A process writes its hash every
    /// ten seconds, and the hash goes a minute after the process.
    static let sidekiq = QueueSystem(
        name: "sidekiq", discovery: .members(of: "queues"),
        collections: [
            .list("waiting", "queue:@"), .sorted("delayed", "schedule"), .sorted("retry", "retry"),
            .sorted("dead", "dead"),
        ],
        oldest: .inList("queue:@", at: -1, field: "enqueued_at"), paused: .member(of: "paused"),
        workers: .hashes(of: "processes", busy: "busy"),
        counters: [
            QueueCounter(kind: .processed, key: "stat:processed", field: nil),
            QueueCounter(kind: .failed, key: "stat:failed", field: nil),
        ])
}
