import Testing

@testable import Traffic

/// When connections begin and end, and which one makes room.
@Suite struct ConnectionLifeTests {
    private let get = request("GET", "user:1")

    @Test func aConnectionEndsWithBothFINsOrAReset() {
        for isReset in [false, true] {
            var wire = ScriptedConnection()
            wire.open()
            wire.client(get)
            var bench = Bench()
            bench.feed(wire)
            #expect(bench.figures.snapshot.connections == 1)
            wire.packets = []
            if isReset { wire.add(isReply: true, flags: ScriptedConnection.rst, []) } else { wire.close() }
            bench.feed(wire)
            #expect(bench.figures.snapshot.connections == 0)
            #expect(bench.figures.unmeasured == ["closed": 1])
        }
    }

    @Test func aFINBeforeTheLastBytesWaitsForThem() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(get)
        wire.add(isReply: false, flags: ScriptedConnection.fin, [])
        wire.clientSequence += 1
        wire.server(bulk("x"))
        wire.add(isReply: true, flags: ScriptedConnection.fin, [])
        wire.packets.swapAt(3, 4)
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.paired == 1)
        #expect(bench.figures.snapshot.connections == 0)
    }

    @Test func aPortMayBeUsedAgain() {
        var first = ScriptedConnection()
        first.open()
        first.client(get)
        var second = ScriptedConnection(clientSequence: 77_000, serverSequence: 99)
        second.open()
        second.exchange(get, bulk("x"))
        var bench = Bench()
        bench.feed(first)
        bench.feed(second)
        #expect(bench.figures.paired == 1)
        #expect(bench.figures.unmeasured == ["closed": 1])
        #expect(bench.figures.snapshot.connections == 1)
    }

    @Test func aRepeatedSYNChangesNothing() {
        var wire = ScriptedConnection()
        wire.open()
        wire.exchange(get, bulk("x"))
        wire.packets.append(wire.packets[0])
        wire.packets.append(wire.packets[1])
        wire.exchange(get, bulk("x"))
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.paired == 2)
    }

    @Test func silentConnectionsAreForgotten() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(get)
        var bench = Bench { $0.limits.idle = 60_000_000_000 }
        bench.feed(wire)
        bench.engine.advance(to: wire.time + 59_000_000_000)
        #expect(bench.figures.snapshot.connections == 1)
        bench.engine.advance(to: wire.time + 62_000_000_000)
        #expect(bench.figures.snapshot.connections == 0)
        #expect(bench.figures.unmeasured == ["evicted": 1])
    }

    /// The stamps of all connections lie in the future then; their silence counts from there.
    @Test func aClockThatIsSetBackKeepsNoSilentConnections() {
        let (day, second): (UInt64, UInt64) = (86_400_000_000_000, 1_000_000_000)
        var wire = ScriptedConnection()
        wire.wait(2 * 86_400_000_000)
        wire.open()
        wire.client(get)
        var bench = Bench { $0.limits.idle = 60 * second }
        bench.feed(wire)
        let back = wire.time - day
        for (after, connections) in [(0, 1), (58, 1), (63, 0)] {
            bench.engine.advance(to: back + UInt64(after) * second)
            #expect(bench.figures.snapshot.connections == connections)
        }
    }

    @Test func theLeastRecentlyUsedConnectionMakesRoom() {
        var bench = Bench { $0.limits.connections = 3 }
        var wires = (0..<4).map { ScriptedConnection(clientPort: UInt16(50_000 + $0)) }
        for index in 0..<3 {
            wires[index].open()
            wires[index].client(get)
            bench.feed(wires[index])
            wires[index].packets = []
        }
        wires[0].wait(2_000_000)
        wires[0].server(bulk("x"))
        bench.feed(wires[0])
        wires[3].wait(2_000_000)
        wires[3].open()
        wires[3].exchange(get, bulk("y"))
        bench.feed(wires[3])
        #expect(bench.figures.snapshot.connections == 3)
        #expect(bench.figures.paired == 2)
        #expect(bench.figures.unmeasured == ["evicted": 1])
        #expect(bench.figures.numbers(WireFamilies.evictedConnections) == ["redis": 1])
        wires[1].server(bulk("late"))  // the evicted one is joined in the middle now
        bench.feed(wires[1])
        #expect(bench.figures.paired == 2)
    }

    @Test func manyConnectionsAreToldApart() {
        var bench = Bench()
        for number in 0..<3_000 {
            var wire = ScriptedConnection(clientPort: UInt16(10_000 + number), clientSequence: UInt32(number))
            wire.open()
            wire.exchange(get, bulk("x"))
            if number % 3 == 0 { wire.close() }
            bench.feed(wire)
        }
        #expect(bench.figures.paired == 3_000)
        #expect(bench.figures.snapshot.connections == 2_000)
    }

    @Test func aLoneAcknowledgmentIsNoConnection() {
        var wire = ScriptedConnection()
        wire.add(isReply: false, flags: ScriptedConnection.ack, [])
        wire.add(isReply: true, flags: ScriptedConnection.rst, [])
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.snapshot.connections == 0)
    }
}
