import Testing

@testable import Traffic

// What a loss costs: not what was sent before it, and nothing for longer than until the next certain moment.
@Suite struct LossStepTests {
    private let get = request("GET", "user:1")

    private func lose(_ place: Int, of wire: ScriptedConnection) -> ScriptedConnection {
        var lossy = wire
        lossy.packets.remove(at: place)
        return lossy
    }

    private func measure(_ wire: ScriptedConnection) -> Figures {
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.isBalanced)
        return bench.figures
    }

    @Test func commandsBeforeAGapArePairedAndThoseAfterItAreNot() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(get + get, get + get, request("SET", "a", "b") + get)
        wire.wait(50)
        wire.server(bulk("a"), bulk("b") + bulk("c") + bulk("d") + "+OK\r\n" + bulk("e"))
        wire.wait(50)
        wire.exchange(request("INCR", "n"), ":1\r\n")
        let figures = measure(lose(4, of: wire))
        #expect(figures.commands == ["get": 2, "incr": 1])
        #expect(figures.microseconds("get") == 100)
        #expect(figures.unmeasured == ["gap": 2])
        #expect(figures.resyncs == ["gap": 1])
    }

    @Test func aMalformedCommandCostsNothingThatWasSentBeforeIt() {
        let figures = figures { wire in
            wire.client(get + get + "*1\r\n+GET\r\n")
            wire.wait(50)
            wire.server(bulk("x") + bulk("y") + "-ERR Protocol error: expected '$', got '+'\r\n")
            wire.close()
        }
        #expect(figures.commands == ["get": 2])
        #expect(figures.microseconds("get") == 100)
        #expect(figures.errors == [:])
    }

    /// The replies that come next may be to what was lost. Here they are.
    @Test func aClientThatGoesOnWritingIsNotTakenForOneThatHasWaited() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(get, request("INCR", "lost") + request("INCR", "lost"))
        wire.server(bulk("x"))
        for _ in 0..<3 {
            wire.client(request("INCR", "n"))
            wire.server(":1\r\n")
        }
        wire.server(":2\r\n:3\r\n")
        let figures = measure(lose(4, of: wire))
        #expect(figures.commands == ["get": 1])
        #expect(figures.resyncs == ["gap": 1, "unexpected_reply": 1])
    }

    /// The first packets of the pipeline passed before the capture began.
    @Test func aPipelineThatWasJoinedIsNotPairedOneOff() {
        var wire = ScriptedConnection()
        wire.client(get, get, request("INCR", "n"), request("INCR", "n"))
        wire.wait(50)
        wire.server(bulk("a"), bulk("b"), ":1\r\n", ":2\r\n")
        for _ in 0..<40 { wire.exchange(request("TTL", "k"), ":9\r\n") }
        wire.packets.removeFirst(2)
        let figures = measure(wire)
        #expect(figures.commands == ["ttl": 40])
        #expect(figures.unmeasured == ["resync": 2])
    }

    @Test func repliesToCommandsBeforeALossBelongToTheUserOfThatTime() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(get, get, request("AUTH", "alice", "secret"))
        wire.server(bulk("a"), bulk("b"), "+OK\r\n")
        for _ in 0..<3 { wire.exchange(get, bulk("c")) }
        let figures = measure(lose(4, of: wire))
        #expect(figures.users == ["default": 1, "unknown": 3])
    }

    @Test func aLossWithinATransactionLeavesItsResultsUnknown() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(request("MULTI") + get, get, request("EXEC"))
        wire.server("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n")
        for _ in 0..<3 { wire.exchange(get, bulk("c")) }
        let figures = measure(lose(4, of: wire))
        #expect(figures.commands == ["multi": 1, "get": 3])
        #expect(figures.hits == ["user:*": 3])
        #expect(figures.unmeasured == ["gap": 1])
    }

    /// While the capture goes on, nothing counts before the client has waited often enough.
    @Test func pairsCountOnceTheyAreCertain() {
        var wire = ScriptedConnection()
        for _ in 0..<64 { wire.exchange(get, bulk("x")) }
        var bench = Bench()
        for packet in wire.packets {
            bench.engine.process(
                packet.frame.span, originalLength: packet.originalLength, at: packet.stamp, link: .ethernet,
                interface: 0)
        }
        #expect(bench.figures.paired == 0)
        bench.engine.advance(to: wire.time + 3_000_000_000)
        #expect(bench.figures.commands == ["get": 64])
    }

    @Test func thereIsRoomForSoManyPairsThatAreNotCertain() {
        for inAll in [false, true] {
            var wire = ScriptedConnection()
            for _ in 0..<6 { wire.exchange(get, bulk("x")) }
            var bench = Bench { if inAll { $0.limits.heldInAll = 2 } else { $0.limits.held = 2 } }
            bench.feed(wire)
            #expect(bench.figures.unmeasured == ["joined_midstream": 4])
            #expect(bench.figures.commands == ["get": 2])
        }
    }

    /// The commands of a pipeline are alike, and came in one packet as their replies did: a loss at its start does not
    /// cost a connection of some ten pipelines its whole life.
    @Test func aPipelineOfEqualPairsTakesTheRoomOfOne() {
        var wire = ScriptedConnection()
        for _ in 0..<6 { wire.exchange(String(repeating: get, count: 100), String(repeating: bulk("x"), count: 100)) }
        var bench = Bench { $0.limits.held = 6 }
        bench.feed(wire)
        bench.engine.advance(to: wire.time + 3_000_000_000)
        #expect(bench.figures.commands == ["get": 600])
        #expect(bench.figures.unmeasured.isEmpty)
    }
}
