import Metrics
import TestKit
import Testing

@testable import Exporter
@testable import Traffic

/// What is said of a minute in which little was measured.
@Suite struct BlindnessTests {
    private static let minute: UInt64 = 60_000_000_000

    /// A minute's figures.
    private func figures(
        _ clients: Double, measured: UInt64, _ unmeasured: [UnmeasuredReason: UInt64] = [:], packets: UInt64 = 1000,
        own: UInt64 = 0, nanoseconds: UInt64 = minute
    ) -> CoverageFigures {
        var counts = WireCounts()
        counts.requests = measured
        for (reason, count) in unmeasured { counts.countUnmeasured(reason, Int(count)) }
        (counts.packets, counts.ownPackets) = (packets + own, own)
        return CoverageFigures(nanoseconds: nanoseconds, clients: clients, wire: TrafficTotals(counts))
    }

    private func said(_ figures: CoverageFigures?, _ ports: [UInt16] = [6379]) -> String? {
        Blindness.remark(figures, on: ports)?.message
    }

    @Test func nothingIsSaidWhereEnoughIsMeasured() {
        #expect(said(nil) == nil)
        #expect(said(figures(100, measured: 90)) == nil)
        #expect(said(figures(100, measured: 200)) == nil)
    }

    @Test func nothingIsSaidOfTooFewCommandsOrTooShortATime() {
        #expect(said(figures(19, measured: 0)) == nil)
        #expect(said(figures(100, measured: 0, nanoseconds: Self.minute - 1)) == nil)
    }

    @Test func theMostFrequentReasonIsNamed() throws {
        let figures = figures(1000, measured: 250, [.snapLength: 600, .gap: 150])
        let remark = try #require(Blindness.remark(figures, on: [6379]))
        #expect(remark.isTrouble)
        #expect(
            remark.message == "25 % of the 1000 commands that Redis counted in the last minute measured, 100 % seen; "
                + "most frequent reason: snap_length, 600 commands")
    }

    @Test func theTargetIsNamedWhereThereAreSeveral() throws {
        let remark = try #require(
            Blindness.remark(figures(1000, measured: 250, [.snapLength: 750]), of: "b:6380", on: [6380]))
        #expect(remark.topic == "coverage of b:6380")
        #expect(remark.message.hasPrefix("b:6380: 25 % of the 1000 commands that Redis counted in the last minute"))
        let blind = Blindness.remark(figures(500, measured: 0, packets: 0), of: "c:6381", on: [6381])
        #expect(blind?.message.hasPrefix("c:6381: no packet on port 6381 in 60 s while Redis counted 500") == true)
    }

    @Test func whatWasNotSeenIsSaid() throws {
        let message = try #require(said(figures(1000, measured: 250)))
        #expect(message.contains("25 % seen; the rest came by TLS, a Unix socket, an interface"))
    }

    @Test func aPortWithoutAPacketIsNamed() throws {
        let message = try #require(said(figures(500, measured: 0, packets: 0)))
        #expect(message.hasPrefix("no packet on port 6379 in 60 s while Redis counted 500 commands; set --wire."))
        let several = try #require(said(figures(500, measured: 0, packets: 0), [6379, 6380]))
        #expect(several.hasPrefix("no packet on ports 6379, 6380 in 60 s while Redis counted 500 commands; set"))
    }

    @Test func sidelongsOwnPacketsAreNoneOfClients() throws {
        let message = try #require(said(figures(500, measured: 0, packets: 0, own: 40)))
        #expect(message.hasPrefix("no packet on port 6379 in 60 s while Redis counted 500 commands; only Sidelong's"))
    }
}
