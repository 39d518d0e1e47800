import Metrics
import Testing

@testable import Redis

/// Answers that no Redis gives, found by fuzzing: each of them would have broken the page for whoever reads it
/// strictly.
@Suite struct HostileTextTests {
    private static let usage = "cmdstat_get:calls=2,usec=3,usec_per_call=1.5,rejected_calls=0,failed_calls=0\r\n"

    @Test(arguments: ["p50=1,p50=2", "p50=1,p50.0=2"])
    func aPercentileThatStandsTwiceIsTakenOnce(percentiles: String) {
        let info = Fixture.info(text: Self.usage + "latency_percentiles_usec_get:\(percentiles)\r\n")
        #expect(info.percentiles.quantiles.first?.values.map(\.value) == [1])
        #expect(info.skipped == 1)
    }

    @Test(arguments: ["pok=1", "p101=1", "p50=-1", "p-1=1"])
    func percentilesThatAreNoneAreLeftOut(percentiles: String) {
        let info = Fixture.info(text: Self.usage + "latency_percentiles_usec_get:\(percentiles)\r\n")
        #expect(info.samples[CommandPercentiles.percentiles].isEmpty)
        #expect(info.skipped == 1)
    }

    @Test func countsAreNotNegative() {
        let info = Fixture.info(
            text: "cmdstat_get:calls=-2,usec=3\r\ncmdstat_set:calls=2,usec=-3\r\n"
                + "latency_percentiles_usec_get:p50=1\r\nlatency_percentiles_usec_set:p50=1\r\n")
        #expect(info.commands.usage.isEmpty)
        #expect(info.samples[CommandPercentiles.percentiles].isEmpty)
        #expect(info.skipped == 2)
    }

    @Test func boundsThatAreTheSameNumberAreMalformed() {
        // Two whole numbers that a floating point number cannot tell apart.
        let bounds: [RedisReply] = [.integer(1 << 53), .integer(1), .integer(1 << 53 + 1), .integer(2)]
        let details: [RedisReply] = [
            .bulk(Array("calls".utf8)), .integer(2), .bulk(Array("histogram_usec".utf8)), .array(bounds),
        ]
        let reply = RedisReply.array([.bulk(Array("get".utf8)), .array(details)])
        #expect(throws: CollectorFailure.self) { try LatencyHistograms.entries(reply) }
    }
}
