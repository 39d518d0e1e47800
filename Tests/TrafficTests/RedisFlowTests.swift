import Testing

@testable import Traffic

/// What TCP does to commands and their latencies.
@Suite struct RedisFlowTests {
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
}
