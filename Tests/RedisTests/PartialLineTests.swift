import Metrics
import Testing

@testable import Redis

/// Lines and replies that lack something, or have something twice, are used for what they have.
struct PartialLineTests {
    @Test func aReplicaIsShownWithWhatIsKnownOfIt() {
        let samples = Fixture.info(
            text: """
                slave0:ip=10.0.0.1,port=1,offset=5
                slave1:ip=10.0.0.2,port=2,state=online,lag=7
                slave2:port=3,state=online,offset=5,lag=1
                slave3:ip=10.0.0.4,port=4,state=online,offset=many,lag=-1
                """
        ).samples
        #expect(samples[Replication.replicaOffset].map(\.labels) == [["10.0.0.1", "1", ""]])
        #expect(samples[Replication.replicaLag].map(\.labels) == [["10.0.0.2", "2", "online"]])
    }

    @Test func aDatabaseIsShownWithTheNumbersThatAreSome() {
        let info = Fixture.info(text: "db0:keys=5,expires=none,junk,avg_ttl=1000\ndb0:keys=6\ndb1:\n")
        #expect(info.samples.number(Keyspace.keys, "db0") == 5)
        #expect(info.samples[Keyspace.keys].count == 1)
        #expect(info.samples[Keyspace.expiring].isEmpty)
        #expect(info.samples.number(Keyspace.averageTimeToLive, "db0") == 1)
        #expect(info.skipped == 3)
    }

    @Test func aCommandIsShownWithItsCallsAlone() {
        let info = Fixture.info(text: "cmdstat_get:calls=7\ncmdstat_set:usec=5\n")
        #expect(info.samples.number(CommandStatistics.calls, "get", "get") == 7)
        #expect(info.samples.number(CommandStatistics.duration, "set", "set") == 5e-6)
        #expect(info.samples[CommandStatistics.duration].count == 1)
        #expect(info.commands.usage.isEmpty)
        #expect(info.skipped == 1)
    }

    @Test func anErrorsCountIsFoundByName() {
        let info = Fixture.info(text: "errorstat_ERR:first=1,count=2\nerrorstat_OOM:seen=3\n")
        #expect(info.samples.number(ErrorStatistics.errors, "ERR") == 2)
        #expect(info.samples[ErrorStatistics.errors].count == 1)
        #expect(info.skipped == 1)
    }

    @Test func onePercentileThatMakesNoSenseCostsItself() {
        let info = Fixture.info(
            text: "cmdstat_get:calls=1,usec=1\nlatency_percentiles_usec_get:p50=1.5,p99=x,p50=2,p99.9=3\n")
        #expect(info.percentiles.quantiles.first?.values.map(\.label) == ["50", "99.9"])
        #expect(info.skipped == 1)
    }

    @Test func oneThreadsBadNumberCostsItself() {
        let info = Fixture.info(text: "io_thread_0:clients=none,reads=5\n")
        #expect(info.samples.number(Threads.reads, "0") == 5)
        #expect(info.samples[Threads.clients].isEmpty)
    }

    @Test func aSpikeIsShownWithWhatIsKnownOfIt() throws {
        let reply = RedisReply.array([
            .array([.bulk(Array("fork".utf8)), .integer(5)]), .array([]), .integer(1),
            .array([.bulk(Array("command".utf8)), .integer(6), .integer(7), .integer(8), .integer(9)]),
        ])
        let samples = try LatencySpikes.decode(reply)
        #expect(samples.number(LatencySpikes.last, "fork") == 5)
        #expect(samples[LatencySpikes.longest].map(\.labels) == [["command"]])
        #expect(throws: CollectorFailure.self) { try LatencySpikes.decode(.array([.integer(1)])) }
    }

    @Test func oneHistogramThatMakesNoSenseCostsItself() throws {
        func histogram(_ counts: [Int64]) -> RedisReply {
            let numbers = counts.map { RedisReply.integer($0) }
            return .array([
                .bulk(Array("calls".utf8)), .integer(9), .bulk(Array("histogram_usec".utf8)), .array(numbers),
            ])
        }
        let reply = RedisReply.array([
            .bulk(Array("get".utf8)), histogram([1, 5, 2, 9]), .bulk(Array("set".utf8)), histogram([2, 9, 1, 5]),
            .bulk(Array("del".utf8)), .null,
        ])
        #expect(try LatencyHistograms.entries(reply).map(\.command) == ["get"])
    }

    @Test func parametersOneByOneAreOneConfiguration() throws {
        func pair(_ name: String, _ value: String) -> RedisReply {
            .array([.bulk(Array(name.utf8)), .bulk(Array(value.utf8))])
        }
        let reply = RedisReply.array([
            pair("maxclients", "7"), .error("ERR no such parameter"), .array([]), pair("databases", "x"),
        ])
        let config = try ConfigParameters(reply)
        #expect(config.samples.first(ConfigParameters.maxClients) == 7)
        #expect(config.databases == nil)
    }
}
