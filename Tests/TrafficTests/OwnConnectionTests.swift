import Testing

@testable import Traffic

/// Connections of Sidelong itself, on paper: they are left out whatever the engine hears first.
@Suite struct OwnConnectionTests {
    private static let own = Endpoint(address: Address(ipv4: 0x0A00_0001), port: 50_000)

    /// A session with two commands from 10.0.0.1:50000, a second after the one before.
    private func session(_ number: UInt64, isClosed: Bool = true) -> ScriptedConnection {
        var wire = ScriptedConnection(
            clientSequence: UInt32(1000 * number), serverSequence: UInt32(7000 * number),
            time: (1_700_000_000 + number) * 1_000_000_000)
        wire.open()
        wire.exchange(request("AUTH", "nobody", "x"), "-WRONGPASS no\r\n")
        wire.exchange(request("GET", "key"), bulk("value"))
        if isClosed { wire.close() }
        return wire
    }

    private func expectNothing(_ bench: borrowing Bench, ownPackets: Int) {
        let snapshot = bench.engine.snapshot().redis[0]
        #expect(snapshot.pairedCommands == 0)
        #expect(snapshot.unmeasuredCommands.allSatisfy { $0.count == 0 })
        #expect(snapshot.wire.resyncs.allSatisfy { $0.count == 0 })
        #expect(snapshot.counts.users.names.last == Array("other".utf8))
        #expect(snapshot.connections == 0)
        #expect(bench.engine.redisTotals.ownPackets == UInt64(ownPackets))
    }

    @Test func whatWasAnnouncedIsLeftOut() {
        var bench = Bench()
        let wire = session(1)
        bench.engine.leaveOut(Self.own)
        bench.feed(wire)
        expectNothing(bench, ownPackets: wire.packets.count)
        #expect(bench.engine.redisTotals.packets == 0)
    }

    /// The SYN is captured before anybody could have told.
    @Test(arguments: 1...3) func itsOpeningMayHavePassed(packets: Int) {
        var bench = Bench()
        let wire = session(1)
        bench.feed(Array(wire.packets.prefix(packets)))
        #expect(bench.engine.snapshot().redis[0].connections == 1)
        bench.engine.leaveOut(Self.own)
        bench.feed(Array(wire.packets.dropFirst(packets)))
        expectNothing(bench, ownPackets: wire.packets.count - packets)
    }

    /// Packets wait in the ring: a whole session may be over before its first one is read.
    @Test func allOfItMayComeAfterItsEnd() {
        var bench = Bench()
        let wire = session(1)
        bench.engine.leaveOut(Self.own)
        bench.engine.hasClosed(Self.own, at: wire.time + 1)
        bench.feed(wire)
        expectNothing(bench, ownPackets: wire.packets.count)
    }

    @Test func aServerMayAnswerLongAfterTheEnd() {
        var bench = Bench()
        var wire = session(1, isClosed: false)
        bench.engine.leaveOut(Self.own)
        bench.engine.hasClosed(Self.own, at: wire.time + 1)
        wire.wait(300_000_000)
        wire.server("+PONG\r\n")
        bench.feed(wire)
        expectNothing(bench, ownPackets: wire.packets.count)
    }

    @Test func theNextConnectionFromThereIsSomebodyElses() {
        var bench = Bench()
        bench.engine.leaveOut(Self.own)
        bench.feed(session(1))
        bench.engine.hasClosed(Self.own, at: session(1).time + 1)
        bench.feed(session(2))
        #expect(bench.engine.snapshot().redis[0].pairedCommands == 2)
        // And the one after that is Sidelong's again.
        bench.engine.leaveOut(Self.own)
        bench.feed(session(3))
        #expect(bench.engine.snapshot().redis[0].pairedCommands == 2)
    }

    @Test func aConnectionWhoseEndWasNotSeenIsClosedByOne() {
        var bench = Bench()
        var wire = session(1, isClosed: false)
        wire.client(request("GET", "key"))
        bench.feed(wire)
        bench.engine.leaveOut(Self.own)
        let closed = bench.engine.snapshot().redis[0].unmeasuredCommands.first { $0.reason == "closed" }
        #expect(closed?.count == 1)
        #expect(bench.engine.snapshot().redis[0].connections == 0)
    }

    @Test func othersFromTheSamePortElsewhereCount() {
        var bench = Bench()
        bench.engine.leaveOut(Self.own)
        var wire = ScriptedConnection(address: [10, 0, 0, 9])
        wire.open()
        wire.exchange(request("GET", "key"), bulk("value"))
        bench.feed(wire)
        #expect(bench.engine.snapshot().redis[0].pairedCommands == 1)
    }

    @Test func endsThatWereClosedDoNotPileUp() {
        var connections = OwnConnections()
        let ends = (1...1000).map { Endpoint(address: Address(ipv4: 1), port: UInt16($0)) }
        for end in ends {
            connections.open(end)
            connections.close(end, at: 1)
        }
        let reply = Segment(
            sequence: SequenceNumber(1), acknowledgment: SequenceNumber(1), flags: .ack, payload: 0..<0, missing: 0)
        let covered = ends.filter { connections.cover($0, reply, at: 2) }
        #expect(covered.count == 64)
        #expect(covered.last == ends.last)
    }
}
