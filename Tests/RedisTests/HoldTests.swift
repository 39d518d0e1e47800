import Metrics
import TestKit
import Testing

@testable import Redis

/// Redis does nothing else while it works through a pipeline. However much there is to be looked at, none asks for
/// much: a proxy counts what goes to and fro.
struct HoldTests {
    /// Sets, streams and groups that are far larger than any bound, where the looks ask for them.
    private static let extremes = """
        for _, key in ipairs({'queues', 'paused', 'processes', 'resque:queues', '_kombu.binding.celery'}) do
            for i = 1, 10000 do redis.call('SADD', key, 'a member of some length ' .. i) end
        end
        for i = 1, 10000 do redis.call('SADD', 'rq:queues', 'rq:queue:a queue with a name ' .. i) end
        for i = 1, 5000 do redis.call('XGROUP', 'CREATE', 'groups', 'group' .. i, '0', 'MKSTREAM') end
        for i = 1, 400 do redis.call('XGROUP', 'CREATE', 'many', 'g' .. i, '0', 'MKSTREAM') end
        for i = 1, 5000 do redis.call('XGROUP', 'CREATECONSUMER', 'many', 'g1', 'c' .. i) end
        redis.call('XADD', 'many', '*', 'f', 'v')
        for i = 1, 1500 do redis.call('SET', 'key:' .. i, string.rep('x', 100)) end
        redis.call('SETRANGE', 'large', 1000000, 'x')
        """

    @Test func noPipelineAsksForMuch() async throws {
        let server = try await RedisServer()
        try server.cli("EVAL", Self.extremes, "0")
        let proxy = try FaultProxy(to: .port(server.port))
        var settings = RedisSettings.queues()
        settings.keys.checked = [KeyPattern("*"), KeyPattern("key:*")]
        settings.keys.counted = [KeyPattern("*"), KeyPattern("key:1*"), KeyPattern("*1*")]
        settings.keys.streams = [KeyPattern("*")]
        settings.keys.ownQueues = ["mine=q*", "large=large"].compactMap(OwnQueue.init)
        settings.keys.samplesSizes = true
        let target = RedisTarget(try RedisAddress("127.0.0.1:\(proxy.port)"), settings)
        var samples = Samples()
        try await eventually("all of it") {
            samples = try await target.poll().samples
            return samples[KeyChecks.size].count >= 990 && samples[StreamFamilies.length].count == 2
        }
        for system in ["sidekiq", "rq", "resque"] {
            #expect(samples.number(QueueFamilies.leftOut, system) == 9_900, "\(system)")
        }
        #expect(samples.first(StreamFamilies.groupsLeftOut) == 5000)
        #expect(samples.first(StreamFamilies.consumersLeftOut) == 5000)
        #expect(samples[StreamFamilies.pending].count == 400)
        let trips = proxy.roundTrips
        #expect(trips.count > 100)
        #expect(trips.map(\.commands).max().map { 100...300 ~= $0 } == true)
        // Redis writes some tens of kilobytes in a tenth of a millisecond.
        #expect(trips.map(\.replyBytes).max().map { $0 < 100_000 } == true)
        #expect(!(try server.cli("info", "commandstats").contains("cmdstat_smembers:")))
    }

    /// A pipeline is full before it is too long; what is dear by itself goes alone.
    @Test func whatIsDearGoesAlone() {
        var trips = RoundTrips<Int>()
        for (number, cost) in [100.0, 250, 100, 900, 10, 10].enumerated() {
            trips.add(RedisQuery("SCAN"), in: 0, number, cost: cost)
        }
        #expect(
            [trips.takeNext(), trips.takeNext(), trips.takeNext(), trips.takeNext(), trips.takeNext()].map(\.count) == [
                2, 1, 1, 2, 0,
            ])
    }
}
