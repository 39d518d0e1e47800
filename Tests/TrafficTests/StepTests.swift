import Testing

@testable import Traffic

// Connections joined in the middle, and those that fall out of step.
@Suite struct StepTests {
    private let get = request("GET", "user:1")

    private func figures(_ wire: ScriptedConnection) -> Figures {
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.isBalanced)
        return bench.figures
    }

    @Test func theFirstCommandAfterJoiningIsUsed() {
        var wire = ScriptedConnection()
        wire.exchange(get, bulk("x"))
        wire.exchange(get, bulk("x"))
        let figures = figures(wire)
        #expect(figures.commands == ["get": 2])
        #expect(figures.users == ["unknown": 2])
        #expect(figures.unmeasured.isEmpty)
    }

    @Test func joiningOnAReplyWaitsForTheNextRequest() {
        var wire = ScriptedConnection()
        wire.server("llo\r\n" + bulk("x"))
        wire.exchange(get, bulk("x"))
        #expect(figures(wire).commands == ["get": 1])
        #expect(figures(wire).resyncs.isEmpty)
    }

    @Test func joiningInTheMiddleOfARequestWaitsForTheNext() {
        var wire = ScriptedConnection()
        wire.client("r:1\r\n")
        wire.server(bulk("x"))
        wire.exchange(get, bulk("x"))
        #expect(figures(wire).commands == ["get": 1])
    }

    @Test func joiningWhileRepliesAreOnTheirWayWaits() {
        var wire = ScriptedConnection()
        wire.server(bulk("older"))
        wire.serverSequence -= 11  // the client has not received that one when it sends
        wire.client(get)
        wire.serverSequence += 11
        wire.server(bulk("older"), bulk("x"))
        wire.exchange(get, bulk("y"))
        #expect(figures(wire).commands == ["get": 1])
        #expect(figures(wire).unmeasured == ["joined_midstream": 1])
    }

    @Test func anUnexpectedReplyMeansThatPairingWasWrong() {
        var wire = ScriptedConnection()
        wire.client(get)  // one more is in flight that the capture has not seen
        wire.server(bulk("older"), bulk("x"))
        for _ in 0..<5 { wire.exchange(get, bulk("y")) }
        let figures = figures(wire)
        #expect(figures.resyncs == ["unexpected_reply": 1])
        #expect(figures.unmeasured == ["resync": 1])
        #expect(figures.commands == ["get": 5])
    }

    @Test func commandsThatWereNotWaitedForKeepAConnectionApart() {
        var wire = ScriptedConnection()
        wire.server(bulk("older"))
        wire.serverSequence -= 11
        wire.client(get)
        wire.serverSequence += 11
        wire.client(get)  // caught up, but the one before is not answered
        wire.server(bulk("x"), bulk("y"))
        for _ in 0..<5 { wire.exchange(get, bulk("z")) }
        let figures = figures(wire)
        #expect(figures.unmeasured == ["joined_midstream": 2])
        #expect(figures.commands == ["get": 5])
        #expect(figures.resyncs.isEmpty)
    }

    @Test func silenceProvesThatNothingIsInFlight() {
        var wire = ScriptedConnection()
        wire.client(get)
        wire.server(bulk("older"), bulk("x"))
        for _ in 0..<2 {
            wire.wait(1_000_000)
            wire.exchange(get, bulk("y"))
        }
        #expect(figures(wire).commands == ["get": 2])
        #expect(figures(wire).unmeasured == ["resync": 1])
    }

    @Test func aClientThatDoesNotWaitHasToProveItselfAfterALoss() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(get)
        wire.client(get)
        wire.server(bulk("a") + bulk("b"))
        wire.exchange(get, bulk("lost"))
        wire.packets.removeLast()
        for _ in 0..<5 { wire.exchange(get, bulk("y")) }
        let figures = figures(wire)
        #expect(figures.unmeasured == ["gap": 1])
        #expect(figures.commands == ["get": 7])
    }

    @Test func aSnapLengthThatCutsBodiesOnlyCostsNothing() {
        var wire = ScriptedConnection()
        wire.snapLength = 14 + 20 + 20 + 60
        wire.open()
        let large = String(repeating: "v", count: 5_000)
        for _ in 0..<3 {
            wire.exchange(request("SET", "blob:1", large), "+OK\r\n")
            wire.exchange(request("GET", "blob:1"), bulk(large))
        }
        let figures = figures(wire)
        #expect(figures.commands == ["get": 3, "set": 3])
        #expect(figures.resyncs.isEmpty)
        #expect(figures.numbers(RedisTrafficFamilies.keyResponseBytes)["blob:*"] == 3 * (5_009 + 5))
    }

    @Test func aSnapLengthThatCutsHeadersIsAResync() {
        var wire = ScriptedConnection()
        wire.snapLength = 14 + 20 + 20 + 60
        wire.open()
        wire.exchange(get + get + get + get, bulk("a") + bulk("b") + bulk("c") + bulk("d"))
        wire.exchange(get, String(repeating: "*", count: 0) + bulk("x"))
        let cutRequest = figures(wire)
        #expect(cutRequest.resyncs == ["snap_length": 1])
        #expect(cutRequest.unmeasured == ["snap_length": 1])  // the third, of which there is a part
        #expect(cutRequest.commands == ["get": 3])
        var replies = ScriptedConnection()
        replies.open()
        replies.client(get + get)
        replies.snapLength = 14 + 20 + 20 + 60
        replies.server(bulk(String(repeating: "v", count: 70)) + bulk("y"))
        replies.exchange(get, bulk("x"))
        let cutReply = figures(replies)
        #expect(cutReply.resyncs == ["snap_length": 1])
        #expect(cutReply.unmeasured == ["snap_length": 1])
        #expect(cutReply.commands == ["get": 2])
    }

    /// Large replies are what one looks for; their beginning tells how long they took.
    @Test func aReplyOfWhichOnlyTheBeginningWasCapturedIsMeasured() {
        let elements = String(repeating: bulk("element"), count: 50)
        var wire = ScriptedConnection()
        wire.open()
        wire.exchange(get, bulk("x"))
        wire.snapLength = 14 + 20 + 20 + 60
        for _ in 0..<3 {
            wire.client(request("LRANGE", "list:1", "0", "-1"))
            wire.wait(100)
            wire.server("*150\r\n" + elements, elements)
            wire.wait(30)
            wire.server(elements)
            wire.wait(10)
            wire.exchange(request("HGETALL", "map:1"), "*0\r\n")
        }
        let figures = figures(wire)
        #expect(figures.commands == ["get": 1, "lrange": 3, "hgetall": 3])
        #expect(figures.microseconds("lrange") == 300)
        #expect(figures.misses["map:*"] == 3)
        #expect(figures.unmeasured.isEmpty)
        #expect(figures.resyncs.isEmpty)
        #expect(figures.numbers(RedisTrafficFamilies.keyResponseBytes)["list:*"] == 3 * (6 + 150 * 13))
        #expect(figures.isBalanced)
    }

    @Test func aReplyCutBeforeItsLengthIsNotGuessed() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(request("SMEMBERS", "set:1"))
        wire.snapLength = 14 + 20 + 20 + 2
        wire.server("*20\r\n" + String(repeating: bulk("x"), count: 20))
        wire.snapLength = .max
        wire.exchange(request("SMEMBERS", "set:1"), "*0\r\n")
        #expect(figures(wire).unmeasured == ["snap_length": 1])
        #expect(figures(wire).resyncs == ["snap_length": 1])
        #expect(figures(wire).misses == ["set:*": 1])
    }

    @Test func aNewConnectionAfterOneThatWasJoinedOnTheServersSide() {
        var old = ScriptedConnection()
        old.server(bulk("older"))
        var new = ScriptedConnection(clientSequence: 70_000, serverSequence: 8)
        new.open()
        new.exchange(get, bulk("x"))
        var bench = Bench()
        bench.feed(old)
        bench.feed(new)
        #expect(bench.figures.users == ["default": 1])
        #expect(bench.figures.resyncs.isEmpty)
    }

    @Test func aKeyThatWasCutIsCountedUnderOther() {
        var wire = ScriptedConnection()
        wire.snapLength = 14 + 20 + 20 + 60
        wire.open()
        wire.exchange(request("GET", String(repeating: "long:", count: 40)), bulk("x"))
        #expect(figures(wire).pairs == ["other get": 1])
    }

    @Test func aReplicasConnectionJoinedInTheMiddleIsLeftAlone() {
        var wire = ScriptedConnection()
        wire.server(request("SET", "a", "b"))
        wire.client(request("REPLCONF", "ACK", "100"))
        wire.server(request("SET", "a", "b"))
        wire.client(request("REPLCONF", "ACK", "200"))
        #expect(figures(wire).resyncs.isEmpty)
        #expect(figures(wire).commands.isEmpty)
    }

    @Test func aSubscribersConnectionJoinedInTheMiddleIsUnderstood() {
        var wire = ScriptedConnection()
        wire.server(array("*", "message", "a", "x"))
        wire.client(request("PING"))
        wire.server(array("*", "message", "a", "x"), array("*", "pong", ""))
        #expect(figures(wire).commands == ["ping": 1])
        #expect(figures(wire).resyncs.isEmpty)
    }

    @Test func aTransactionJoinedInTheMiddleIsUnderstood() {
        var wire = ScriptedConnection()
        wire.exchange(get, "+QUEUED\r\n")
        wire.exchange(request("EXEC"), "*1\r\n$1\r\nx\r\n")
        wire.exchange(get, bulk("x"))
        #expect(figures(wire).commands == ["exec": 1, "get": 1])
        #expect(figures(wire).paired == 3)
    }
}
