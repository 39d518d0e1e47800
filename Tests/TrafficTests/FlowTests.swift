import Testing

@testable import Traffic

@Suite struct FlowTests {
    private let get = request("GET", "user:1")

    @Test func aWholeConnectionIsMeasured() {
        var wire = ScriptedConnection()
        wire.open()
        wire.exchange(get, bulk("x"), after: 250)
        wire.close()
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.paired == 1)
        #expect(bench.figures.microseconds("get") == 250)
        #expect(bench.figures.snapshot.connections == 0)
        #expect(bench.figures.resyncs.isEmpty)
    }

    @Test func theLastByteOfTheRequestAndTheFirstOfTheReplyCount() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(String(get.prefix(9)))
        wire.wait(1_000)
        wire.client(String(get.dropFirst(9)))
        wire.wait(70)
        wire.server("$1\r\n")
        wire.wait(5_000)
        wire.server("x\r\n")
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.microseconds("get") == 70)
    }

    @Test func sequenceNumbersWrapAround() {
        var wire = ScriptedConnection(clientSequence: .max - 20, serverSequence: .max - 3)
        wire.open()
        for _ in 0..<4 { wire.exchange(get, bulk("hello")) }
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.paired == 4)
        #expect(bench.figures.resyncs.isEmpty)
    }

    @Test func repeatedSegmentsCountOnce() {
        var wire = ScriptedConnection()
        wire.open()
        for _ in 0..<3 { wire.exchange(get, bulk("x")) }
        var bench = Bench()
        bench.feed(wire.packets.flatMap { [$0, $0] })
        #expect(bench.figures.paired == 3)
        #expect(bench.figures.numbers(WireFamilies.irregularSegments)["repeated"] == 6)
    }

    @Test func anOverlapIsCutOff() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(get)
        wire.clientSequence -= 5
        wire.client(String(get.suffix(5)) + get)
        wire.server(bulk("x") + bulk("y"))
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.paired == 2)
        #expect(bench.figures.resyncs.isEmpty)
    }

    @Test func segmentsMayComeInAnyOrder() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(String(get.prefix(5)), String(get.dropFirst(5).prefix(5)), String(get.dropFirst(10)))
        wire.server("$3\r\n", "ab", "c\r\n")
        let opening = wire.packets.prefix(3)
        for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            var bench = Bench()
            bench.feed(opening + order.map { wire.packets[3 + $0] } + order.map { wire.packets[6 + $0] })
            #expect(bench.figures.paired == 1, "\(order)")
            #expect(bench.figures.resyncs.isEmpty)
        }
    }

    @Test func anEarlySegmentKeepsItsOwnStamp() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(String(get.prefix(5)), String(get.dropFirst(5)))
        wire.wait(40)
        wire.server(bulk("x"))
        wire.packets[3].stamp += 30_000
        wire.packets.swapAt(3, 4)
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.microseconds("get") == 40)
    }

    @Test func acknowledgedBytesThatWereNeverSeenAreAGap() {
        var wire = ScriptedConnection()
        wire.open()
        wire.exchange(get, bulk("a"))
        wire.exchange(get, bulk("b"))
        wire.exchange(get, bulk("c"))
        wire.packets.remove(at: 5)  // the second request
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.paired == 2)
        #expect(bench.figures.resyncs == ["gap": 1])
        #expect(bench.figures.numbers(WireFamilies.irregularSegments)["gap"] == 1)
        #expect(bench.figures.unmeasured.isEmpty)
    }

    @Test func aLostReplyLeavesItsCommandUnmeasured() {
        var wire = ScriptedConnection()
        wire.open()
        for _ in 0..<3 { wire.exchange(get, bulk("a")) }
        wire.packets.remove(at: 6)  // the second reply
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.paired == 2)
        #expect(bench.figures.unmeasured == ["gap": 1])
    }

    @Test func aGapWithinABodyCostsNothing() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(request("SET", "k", String(repeating: "v", count: 100)))
        wire.server("+OK\r\n")
        wire.client(get)
        wire.server("$300\r\n" + String(repeating: "x", count: 50), String(repeating: "x", count: 200))
        wire.server(String(repeating: "x", count: 50) + "\r\n")
        wire.exchange(get, bulk("y"))
        wire.packets.remove(at: 7)
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.paired == 3)
        #expect(bench.figures.resyncs.isEmpty)
    }

    @Test func aRequestThatEndedInAGapHasNoTime() {
        var wire = ScriptedConnection()
        wire.open()
        let set = request("SET", "k", String(repeating: "v", count: 100))
        wire.client(String(set.dropLast(50)), String(set.suffix(50)))
        wire.server("+OK\r\n")
        wire.exchange(get, bulk("y"))
        wire.packets.remove(at: 4)
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.commands == ["get": 1])
        #expect(bench.figures.resyncs == ["gap": 1])
    }

    @Test func theBufferForEarlySegmentsIsBoundedInSegments() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client("lost")
        let lost = wire.packets.removeLast()
        for _ in 0..<5 { wire.client(get) }
        var bench = Bench { $0.limits.earlySegments = 4 }
        bench.feed(wire.packets.dropLast())
        #expect(bench.figures.numbers(WireFamilies.irregularSegments)["gap"] == 0)
        bench.feed(wire.packets.suffix(1))
        #expect(bench.figures.numbers(WireFamilies.irregularSegments)["gap"] == 1)
        bench.feed([lost])
        #expect(bench.figures.numbers(WireFamilies.irregularSegments)["repeated"] == 1)
    }

    @Test(arguments: [true, false])
    func theBufferForEarlySegmentsIsBoundedInBytes(inAll: Bool) {
        var wire = ScriptedConnection()
        wire.open()
        wire.client("lost")
        wire.packets.removeLast()
        wire.client(request("SET", "k", String(repeating: "v", count: 600)))
        wire.client(request("SET", "k", String(repeating: "v", count: 600)))
        var bench = Bench {
            if inAll { $0.limits.earlyBytesInAll = 1_000 } else { $0.limits.earlyBytes = 1_000 }
        }
        bench.feed(wire)
        #expect(bench.figures.numbers(WireFamilies.irregularSegments)["gap"] == 1)
        #expect(bench.figures.resyncs == ["gap": 1])
    }

    @Test func aJumpBeyondAnyWindowStartsAnew() {
        var wire = ScriptedConnection()
        wire.open()
        wire.exchange(get, bulk("a"))
        wire.clientSequence &+= 1 << 30 + 1_000
        wire.exchange(get, bulk("b"))
        wire.exchange(get, bulk("c"))
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.paired >= 2)
        #expect(bench.figures.resyncs == ["gap": 1])
    }

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
        #expect(bench.figures.numbers(WireFamilies.evictedConnections) == ["": 1])
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

    @Test func clockStepsBackAreCountedAsZero() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(get)
        wire.time -= 3_000_000_000
        wire.server(bulk("x"))
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.microseconds("get") == 0)
        #expect(bench.figures.numbers(WireFamilies.clockSteps) == ["": 1])
    }

    @Test func bothEndsMayUseTheServersPort() {
        var wire = ScriptedConnection(clientPort: 6379)
        wire.open()
        wire.exchange(get, bulk("x"))
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.paired == 1)
    }

    @Test func positionsByHashSurviveRemovals() {
        var index = HashIndex()
        let hashes = (0..<500).map { Hasher64(seed: 7).hash(UInt64($0 % 250)) }
        for (position, hash) in hashes.enumerated() { index.insert(hash, position) }
        for position in stride(from: 0, to: 500, by: 2) { index.remove(hashes[position], position) }
        #expect(index.count == 250)
        for (position, hash) in hashes.enumerated() {
            #expect((index.find(hash) { $0 == position } != nil) == (position % 2 == 1))
        }
    }
}
