import Metrics
import Testing

@testable import Traffic

@Suite struct ConversationTests {
    private let get = request("GET", "user:1")

    /// The figures of one connection, opened and filled by `body`.
    private func figures(_ body: (inout Wire) -> Void) -> Figures {
        var wire = Wire()
        wire.open()
        body(&wire)
        var bench = Bench()
        bench.feed(wire)
        let figures = bench.figures
        #expect(figures.isBalanced)
        return figures
    }

    @Test func pipelinesArePairedInOrder() {
        let figures = figures { wire in
            wire.client(get + request("SET", "a:1", "v") + request("INCR", "n"))
            wire.wait(10)
            wire.client(request("DEL", "a:1", "b:2"))
            wire.wait(10)
            wire.server(bulk("x") + "+OK\r\n")
            wire.wait(80)
            wire.server(":1\r\n:2\r\n")
        }
        #expect(figures.commands == ["get": 1, "set": 1, "incr": 1, "del": 1])
        #expect(figures.microseconds("get") == 20)
        #expect(figures.microseconds("incr") == 100)
        #expect(figures.microseconds("del") == 90)
    }

    @Test func pipelineDepthCountsTheArrivingCommand() throws {
        let figures = figures { wire in
            wire.exchange(get, bulk("x"))
            wire.client(get + get + get)
            wire.server(bulk("x") + bulk("x") + bulk("x"))
        }
        let depth = try #require(figures.snapshot.samples()[TrafficFamilies.pipelineDepth].first)
        guard case .histogram(let value) = depth.value else { return }
        #expect(Array(value.counts.prefix(4)) == [2, 1, 1, 0])
        #expect(value.sum == 7)
    }

    @Test func transactionsAreTimedByEXEC() {
        let figures = figures { wire in
            wire.exchange(request("MULTI"), "+OK\r\n")
            wire.exchange(request("SET", "a", "1"), "+QUEUED\r\n")
            wire.exchange(request("BLPOP", "l", "0"), "+QUEUED\r\n")
            wire.exchange(get, "+QUEUED\r\n")
            wire.exchange(request("EXEC"), "*3\r\n+OK\r\n*-1\r\n-WRONGTYPE Operation\r\n", after: 400)
            wire.exchange(get, bulk("x"))
        }
        #expect(figures.commands == ["multi": 1, "exec": 1, "get": 1])
        #expect(figures.blocking.isEmpty)
        #expect(figures.paired == 6)
        #expect(figures.microseconds("exec") == 400)
        #expect(figures.errors == ["default WRONGTYPE": 1])
        #expect(figures.snapshot.counts.queued == 3)
    }

    @Test func aPipelinedTransactionDoesNotBlock() {
        let figures = figures { wire in
            wire.client(request("MULTI") + request("BLPOP", "l", "0") + request("EXEC") + get)
            wire.server("+OK\r\n+QUEUED\r\n*1\r\n*-1\r\n" + bulk("x"))
        }
        #expect(figures.commands == ["multi": 1, "exec": 1, "get": 1])
        #expect(figures.unmeasured.isEmpty)
    }

    @Test func aDiscardedTransactionIsOver() {
        let figures = figures { wire in
            wire.client(request("MULTI") + get + request("DISCARD") + get)
            wire.server("+OK\r\n+QUEUED\r\n+OK\r\n+QUEUED\r\n")  // the last one is a strange value, not a queue
        }
        #expect(figures.commands == ["multi": 1, "discard": 1, "get": 1])
    }

    @Test func anAbortedTransactionIsAnError() {
        let figures = figures { wire in
            wire.client(request("MULTI") + request("NOSUCH") + request("EXEC") + get)
            wire.server("+OK\r\n-ERR unknown command\r\n-EXECABORT Transaction discarded\r\n" + bulk("x"))
        }
        #expect(figures.commands == ["multi": 1, "unknown": 1, "exec": 1, "get": 1])
        #expect(figures.errors == ["default ERR": 1, "default EXECABORT": 1])
    }

    @Test func pushesAndAttributesAreNoReplies() {
        let figures = figures { wire in
            wire.exchange(request("HELLO", "3"), "%1\r\n$5\r\nproto\r\n:3\r\n")
            wire.client(get)
            wire.server(">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n")
            wire.server("|1\r\n+ttl\r\n:3600\r\n" + bulk("x"))
            wire.server(">2\r\n$10\r\ninvalidate\r\n_\r\n")
            wire.exchange(get, "_\r\n")
        }
        #expect(figures.commands == ["hello": 1, "get": 2])
        #expect(figures.hits == ["user:*": 1])
        #expect(figures.misses == ["user:*": 1])
        #expect(figures.resyncs.isEmpty)
    }

    @Test func subscribingIsAnsweredOncePerChannel() {
        let figures = figures { wire in
            wire.client(request("SUBSCRIBE", "a", "b") + request("PSUBSCRIBE", "p*"))
            wire.server(array("*", "subscribe", "a", integer: 1))
            wire.server(array("*", "message", "a", "hello"))
            wire.server(array("*", "subscribe", "b", integer: 2) + array("*", "psubscribe", "p*", integer: 3))
            wire.client(request("PING"))
            wire.server(
                array("*", "message", "b", "x") + array("*", "pmessage", "p*", "pq", "x") + array("*", "pong", ""))
            wire.client(request("UNSUBSCRIBE") + request("PUNSUBSCRIBE"))
            wire.server(array("*", "unsubscribe", "a", integer: 2) + array("*", "message", "b", "x"))
            wire.server(array("*", "unsubscribe", "b", integer: 1) + array("*", "punsubscribe", "p*", integer: 0))
            wire.exchange(request("LRANGE", "l", "0", "1"), array("*", "message", "no"))
        }
        #expect(
            figures.commands == [
                "subscribe": 1, "psubscribe": 1, "ping": 1, "unsubscribe": 1, "punsubscribe": 1, "lrange": 1,
            ])
        #expect(figures.resyncs.isEmpty)
        #expect(figures.unmeasured.isEmpty)
    }

    @Test func subscribingInRESP3LeavesOtherCommandsAlone() {
        let figures = figures { wire in
            wire.exchange(request("HELLO", "3"), "%0\r\n")
            wire.client(request("SUBSCRIBE", "a", "b") + get)
            wire.server(array(">", "subscribe", "a", integer: 1) + array(">", "subscribe", "b", integer: 2) + bulk("x"))
            wire.server(array(">", "message", "a", "m"))
            wire.exchange(request("LRANGE", "l", "0", "1"), array("*", "message", "b", "c"))
            wire.client(request("SSUBSCRIBE", "s") + request("SUNSUBSCRIBE") + get)
            wire.server(
                array(">", "ssubscribe", "s", integer: 1) + array(">", "sunsubscribe", "s", integer: 0) + bulk("x"))
            wire.server(array(">", "smessage", "s", "m"))
        }
        #expect(
            figures.commands == ["hello": 1, "subscribe": 1, "get": 2, "lrange": 1, "ssubscribe": 1, "sunsubscribe": 1])
        #expect(figures.resyncs.isEmpty)
    }

    @Test func unsubscribingFromNothingIsAnsweredOnce() {
        let figures = figures { wire in
            wire.client(request("UNSUBSCRIBE") + get)
            wire.server("*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n" + bulk("x"))
        }
        #expect(figures.commands == ["unsubscribe": 1, "get": 1])
    }

    @Test func aRefusedSubscriptionIsOneError() {
        let figures = figures { wire in
            wire.client(request("SUBSCRIBE", "a", "b") + get)
            wire.server("-NOPERM no\r\n" + bulk("x"))
        }
        #expect(figures.commands == ["subscribe": 1, "get": 1])
        #expect(figures.errors == ["default NOPERM": 1])
    }

    @Test func ordinaryCommandsAreRefusedWhileSubscribed() {
        let figures = figures { wire in
            wire.exchange(request("SUBSCRIBE", "a"), array("*", "subscribe", "a", integer: 1))
            wire.client(get)
            wire.server(array("*", "message", "a", "x") + "-ERR Can't execute 'get'\r\n")
            wire.exchange(request("RESET"), "+RESET\r\n")
            wire.exchange(get, bulk("x"))
        }
        #expect(figures.commands == ["subscribe": 1, "get": 2, "reset": 1])
    }

    @Test func monitorsAndReplicasLeaveMeasurement() {
        let monitor = figures { wire in
            wire.exchange(request("MONITOR"), "+OK\r\n")
            wire.server("+1700000000.1 [0 127.0.0.1:1] \"GET\" \"a\"\r\n")
            wire.exchange(request("QUIT"), "+OK\r\n")
        }
        #expect(monitor.commands == ["monitor": 1])
        #expect(monitor.resyncs.isEmpty)
        let replica = figures { wire in
            wire.exchange(request("REPLCONF", "listening-port", "7000"), "+OK\r\n")
            wire.client(request("PSYNC", "?", "-1"))
            wire.server("\n", "+FULLRESYNC abc 0\r\n", "$5\r\nREDIS")
            wire.server(request("SET", "a", "b"))
            wire.client(request("REPLCONF", "ACK", "7"))
        }
        #expect(replica.commands == ["replconf": 1, "psync": 1])
        #expect(replica.resyncs.isEmpty)
        let old = figures { wire in
            wire.client(request("SYNC"))
            wire.server("$5\r\nREDIS*1\r\n$4\r\nPING\r\n")
        }
        #expect(old.commands.isEmpty)
        #expect(old.unmeasured == ["replication": 1])
    }

    @Test func aRefusedMonitorStays() {
        let figures = figures { wire in
            wire.exchange(request("MONITOR"), "-NOPERM no\r\n")
            wire.exchange(get, bulk("x"))
        }
        #expect(figures.commands == ["monitor": 1, "get": 1])
    }

    @Test func clientReplyOffOnAndSkipAreFollowed() {
        let figures = figures { wire in
            wire.client(request("CLIENT", "REPLY", "SKIP") + request("SET", "a", "1") + get)
            wire.server(bulk("x"))
            wire.client(request("client", "reply", "off") + request("SET", "a", "1") + request("SET", "a", "2"))
            wire.client(request("CLIENT", "REPLY", "SKIP"))
            wire.client(request("CLIENT", "REPLY", "ON") + get)
            wire.server("+OK\r\n" + bulk("x"))
        }
        #expect(figures.commands == ["get": 2, "client|reply": 1])
        #expect(figures.unmeasured == ["no_reply": 6])
        #expect(figures.resyncs.isEmpty)
    }

    @Test func resetIsAnsweredWhateverTheReplyMode() {
        let figures = figures { wire in
            wire.client(request("CLIENT", "REPLY", "OFF") + get + request("RESET"))
            wire.server("+RESET\r\n")
            wire.exchange(get, bulk("x"))
        }
        #expect(figures.commands == ["reset": 1, "get": 1])
        #expect(figures.unmeasured == ["no_reply": 2])
    }

    @Test func clientCommandsOfThreeWordsAreNoReplyModes() {
        let figures = figures { wire in
            wire.client(request("CLIENT", "SETNAME", "off") + request("CLIENT", "TRACKING", "ON") + get)
            wire.server("+OK\r\n+OK\r\n" + bulk("x"))
        }
        #expect(figures.commands == ["client|setname": 1, "client|tracking": 1, "get": 1])
    }

    @Test func emptyLinesGetNoReply() {
        let figures = figures { wire in
            wire.client("\r\n", "\n*0\r\n", "*-1\r\n" + get)
            wire.server(bulk("x"))
        }
        #expect(figures.commands == ["get": 1])
        #expect(figures.unmeasured.isEmpty)
    }

    @Test func inlineCommandsAreCommands() {
        let figures = figures { wire in
            wire.exchange("PING\r\n", "+PONG\r\n")
            wire.exchange("set user:5 \"a b\"\n", "+OK\r\n")
            wire.exchange("config get maxmemory\r\n", "*0\r\n")
        }
        #expect(figures.commands == ["ping": 1, "set": 1, "config|get": 1])
        #expect(figures.pairs == ["user:* set": 1])
    }

    @Test func blockingCommandsHaveAFamilyOfTheirOwn() {
        let figures = figures { wire in
            wire.client(request("BLPOP", "q:1", "0"))
            wire.wait(2_000_000)
            wire.client(get)
            wire.wait(1_000_000)
            wire.server(array("*", "q:1", "v"))
            wire.server(bulk("x"))
            wire.exchange(get, bulk("x"))
        }
        #expect(figures.blocking == ["blpop": 1])
        #expect(figures.commands == ["get": 1])
        #expect(figures.unmeasured == ["blocking": 1])
        #expect(figures.paired == 2)
    }

    @Test func readingStreamsBlocksOnlyWhenAskedTo() {
        let figures = figures { wire in
            wire.exchange(request("XREAD", "COUNT", "2", "STREAMS", "s:1", "0"), "*-1\r\n")
            wire.exchange(request("XREAD", "BLOCK", "0", "STREAMS", "s:1", "$"), "*-1\r\n")
            wire.exchange(
                request("XREADGROUP", "GROUP", "streams", "me", "block", "5", "streams", "s:1", ">"), "*-1\r\n")
            wire.exchange(request("WAIT", "0", "100"), ":0\r\n")
        }
        #expect(figures.commands == ["xread": 1])
        #expect(figures.blocking == ["xread": 1, "xreadgroup": 1, "wait": 1])
    }

    @Test func errorsAreCountedByFirstWord() {
        let figures = figures { wire in
            wire.exchange(get, "-WRONGTYPE Operation against a key\r\n")
            wire.exchange(get, "-MOVED 1234 10.0.0.9:6379\r\n")
            wire.exchange(get, "-ASK 1234 10.0.0.9:6379\r\n")
            wire.exchange(get, "-my own error\r\n")
            wire.exchange(get, "!9\r\nERR a bad\r\n")
            wire.exchange(request("NOSUCH"), "-ERR unknown command 'NOSUCH'\r\n")
        }
        #expect(
            figures.errors == [
                "default WRONGTYPE": 1, "default MOVED": 1, "default ASK": 1, "default other": 1, "default ERR": 2,
            ])
        #expect(figures.commands == ["get": 5, "unknown": 1])
        #expect(figures.hits.values.reduce(0, +) == 0)
    }

    @Test func thereIsRoomForSoManyErrorWords() {
        let figures = figures { wire in
            for number in 0..<100 { wire.exchange(get, "-E\(number) x\r\n") }
        }
        #expect(figures.errors.count == UserRows.mostErrors)
        #expect(figures.errors["default other"] == 100 - UserRows.mostErrors + 1)
    }

    @Test func unknownCommandsAreNamedOnceTheServerAcceptsThem() {
        let figures = figures { wire in
            wire.exchange(request("MY.MODULE", "a"), "+OK\r\n")
            wire.exchange(request("BAD NAME"), "+OK\r\n")
            wire.exchange(request(String(repeating: "X", count: 40)), "+OK\r\n")
        }
        #expect(figures.commands == ["my.module": 1, "unknown": 2])
    }

    @Test func thereIsRoomForSoManyUnknownCommands() {
        let figures = figures { wire in
            for number in 0..<200 { wire.exchange(request("X\(number)"), "+OK\r\n") }
        }
        #expect(figures.commands.count == CommandTable.mostLearned + 1)
        #expect(figures.commands["unknown"] == 200 - CommandTable.mostLearned)
    }

    @Test func whatIsInFlightAtTheEndIsNotHidden() {
        let figures = figures { wire in
            wire.client(get + request("SHUTDOWN"))
            wire.close()
        }
        #expect(figures.unmeasured == ["closed": 1, "no_reply": 1])
    }

    @Test func theQueueIsBounded() {
        var wire = Wire()
        wire.open()
        wire.client(String(repeating: get, count: 10))
        wire.server(String(repeating: bulk("x"), count: 10))
        wire.client(request("SUBSCRIBE", "a"))
        wire.server(array("*", "subscribe", "a", integer: 1))
        wire.exchange(request("RESET"), "+RESET\r\n")
        for inAll in [false, true] {
            var bench = Bench { if inAll { $0.limits.inFlightInAll = 4 } else { $0.limits.inFlight = 4 } }
            bench.feed(wire)
            #expect(bench.figures.commands == ["get": 4, "subscribe": 1, "reset": 1])
            #expect(bench.figures.unmeasured == ["queue_full": 6])
            #expect(bench.figures.resyncs.isEmpty)
        }
    }

    @Test func garbageIsAResyncAndTheNextRoundIsMeasured() {
        let figures = figures { wire in
            wire.exchange("*1\r\n+GET\r\n", "-ERR Protocol error\r\n")
            wire.exchange(get, bulk("x"))
        }
        #expect(figures.resyncs == ["malformed_request": 1])
        #expect(figures.commands == ["get": 1])
    }

    @Test func encryptedTrafficIsOneResyncAndNothingElse() {
        let figures = figures { wire in
            for _ in 0..<20 {
                wire.exchange("\u{16}\u{3}\u{1}\u{2}\u{0}\n\u{1}", "\u{17}\u{3}\u{3}\u{0}")
                wire.exchange("\u{17}\u{3}\u{3}", "\u{17}\u{3}\u{3}")
            }
        }
        #expect(figures.resyncs.values.reduce(0, +) == 1)
        #expect(figures.commands.isEmpty)
    }

    @Test func aConnectionRefusedAtOnceIsNoResync() {
        let figures = figures { wire in
            wire.server("-ERR max number of clients reached\r\n")
        }
        #expect(figures.resyncs.isEmpty)
    }

    @Test func bytesCountForTheGroup() {
        let figures = figures { wire in
            wire.exchange(get, bulk("hello"))
            wire.exchange(request("PING"), "+PONG\r\n")
        }
        #expect(figures.numbers(TrafficFamilies.keyRequestBytes) == ["user:*": get.utf8.count])
        #expect(figures.numbers(TrafficFamilies.keyResponseBytes) == ["user:*": 11])
    }

    @Test func hitsAndMissesFollowTheReply() {
        let figures = figures { wire in
            for (command, hit, miss) in [
                ("GET", "$0\r\n\r\n", "$-1\r\n"), ("HGETALL", "%1\r\n+a\r\n+b\r\n", "*0\r\n"),
                ("TTL", ":-1\r\n", ":-2\r\n"),
                ("TYPE", "+string\r\n", "+none\r\n"), ("EXISTS", ":1\r\n", ":0\r\n"), ("LLEN", ":4\r\n", ":0\r\n"),
                ("SMEMBERS", "~1\r\n+a\r\n", "~0\r\n"), ("DUMP", bulk("x"), "_\r\n"),
            ] {
                wire.exchange(request(command, "\(command)"), hit)
                wire.exchange(request(command, "\(command)"), miss)
            }
            wire.exchange(request("EXISTS", "many", "keys"), ":1\r\n")
            wire.exchange(request("HGET", "field", "f"), "$-1\r\n")
        }
        for command in ["GET", "HGETALL", "TTL", "TYPE", "EXISTS", "LLEN", "SMEMBERS", "DUMP"] {
            #expect(figures.hits[command] == 1, "\(command)")
            #expect(figures.misses[command] == 1, "\(command)")
        }
        #expect(figures.hits["many"] == 0)
        #expect(figures.misses["field"] == 0)
    }
}
