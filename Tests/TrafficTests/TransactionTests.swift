// MULTI, EXEC and DISCARD.

import Testing

@testable import Traffic

@Suite struct TransactionTests {
    private let get = request("GET", "user:1")

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

    /// Capture 7.
    @Test func queuedCommandsCountWhereTheyBelong() throws {
        let figures = try Recording.case("7-multi")
        #expect(figures.misses == ["res:*": 10])
        #expect(figures.queued == ["res:* get": 10, "res:* del": 10])
        #expect(figures.commands == ["multi": 10, "exec": 10])
        #expect(figures.microseconds("exec") == 800)
        #expect(figures.groups.isEmpty)
    }

    @Test func resultsAreThoseOfTheirCommands() {
        let figures = figures { wire in
            wire.client(
                request("MULTI") + request("MGET", "a:1", "a:2") + request("PING") + request("HMGET", "b:1", "f"))
            wire.client(request("LPUSH", "c:1", "x") + request("EVAL", "s", "1", "d:1") + get + request("EXEC") + get)
            wire.server("+OK\r\n" + String(repeating: "+QUEUED\r\n", count: 6))
            wire.server("*6\r\n*2\r\n$1\r\nx\r\n$-1\r\n+PONG\r\n*1\r\n$-1\r\n-WRONGTYPE x\r\n")
            wire.server(">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n")  // Redis 7.0 puts it there
            wire.server("*2\r\n:1\r\n*2\r\n-ERR nested\r\n*0\r\n|1\r\n+ttl\r\n:1\r\n_\r\n" + bulk("x"))
        }
        #expect(figures.queued == ["a:* mget": 1, "b:* hmget": 1, "c:* lpush": 1, "d:* eval": 1, "user:* get": 1])
        #expect(figures.hits.filter { $0.value > 0 } == ["a:*": 1, "user:*": 1])
        #expect(figures.misses.filter { $0.value > 0 } == ["a:*": 1, "b:*": 1, "user:*": 1])
        #expect(figures.errors == ["default WRONGTYPE": 1, "default ERR": 1])
        #expect(figures.commands == ["multi": 1, "exec": 1, "get": 1])
        // The answer QUEUED, nine bytes, and the result.
        #expect(figures.numbers(RedisTrafficFamilies.keyResponseBytes)["b:*"] == 9 + 9)
        #expect(figures.numbers(RedisTrafficFamilies.keyResponseBytes)["a:*"] == 9 + 16)
    }

    @Test(arguments: ["*-1\r\n", "_\r\n", "-EXECABORT Transaction discarded\r\n"])
    func whatDidNotRunIsNotCounted(reply: String) {
        let figures = figures { wire in
            wire.client(request("MULTI") + get + request("EXEC"))
            wire.server("+OK\r\n+QUEUED\r\n" + reply)
            wire.client(request("MULTI") + get + request("DISCARD"))
            wire.server("+OK\r\n+QUEUED\r\n+OK\r\n")
            wire.client(request("MULTI") + request("GET", "cart:1") + request("MULTI") + request("EXEC"))
            wire.server("+OK\r\n+QUEUED\r\n-ERR MULTI calls can not be nested\r\n*1\r\n" + bulk("x"))
        }
        #expect(figures.queued == ["cart:* get": 1])
        #expect(figures.hits.filter { $0.value > 0 } == ["cart:*": 1])
        #expect(figures.misses.values.reduce(0, +) == 0)
    }

    @Test func resultsAreCountedAsFarAsTheyWereCaptured() {
        var bench = Bench()
        var wire = ScriptedConnection()
        wire.open()
        wire.client(
            request("MULTI") + get + request("GET", "cart:1") + request("GET", "long:1") + request("DEL", "cart:1"))
        wire.server("+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n")
        wire.client(request("EXEC"))
        wire.wait(300)
        wire.snapLength = 100
        wire.server("*4\r\n$-1\r\n" + bulk("x") + bulk(String(repeating: "x", count: 900)) + ":1\r\n")
        wire.snapLength = .max
        wire.wait(20_000)
        wire.exchange(get, bulk("x"))
        bench.feed(wire)
        let figures = bench.figures
        #expect(figures.queued == ["user:* get": 1, "cart:* get": 1, "long:* get": 1, "cart:* del": 1])
        #expect(figures.misses.filter { $0.value > 0 } == ["user:*": 1])
        #expect(figures.hits.filter { $0.value > 0 } == ["user:*": 1, "cart:*": 1])
        #expect(figures.microseconds("exec") == 300)
        #expect(figures.commands == ["multi": 1, "exec": 1, "get": 1])
    }

    /// Which results belong to which commands is not known when some went into the queue unseen.
    @Test func aTransactionThatWasJoinedIsNotGuessed() {
        var bench = Bench()
        var wire = ScriptedConnection()
        wire.client(request("GET", "seen:1"))
        wire.server("+QUEUED\r\n")
        wire.wait(20_000)
        wire.client(request("EXEC"))
        wire.server("*2\r\n" + bulk("x") + "$-1\r\n")
        bench.feed(wire)
        #expect(bench.figures.queued.isEmpty)
        #expect(bench.figures.misses.values.reduce(0, +) == 0)
    }

    @Test func thereIsRoomForSoManyQueuedCommands() {
        var bench = Bench {
            $0.limits.queued = 8
            $0.limits.queuedInAll = 12
        }
        for connection in 0..<2 as Range<UInt16> {
            var wire = ScriptedConnection(clientPort: 50_000 + connection)
            wire.open()
            wire.exchange(request("MULTI"), "+OK\r\n")
            for _ in 0..<6 { wire.exchange(get, "+QUEUED\r\n") }
            wire.exchange(request("EXEC"), "*6\r\n" + String(repeating: "$-1\r\n", count: 6))
            wire.exchange(request("MULTI"), "+OK\r\n")
            for _ in 0..<20 { wire.exchange(get, "+QUEUED\r\n") }
            wire.exchange(request("EXEC"), "*20\r\n" + String(repeating: "$-1\r\n", count: 20))
            wire.exchange(request("MULTI"), "+OK\r\n")
            for _ in 0..<20 { wire.exchange(get, "+QUEUED\r\n") }
            wire.close()
            bench.feed(wire)
        }
        let figures = bench.figures
        #expect(figures.queued == ["user:* get": 2 * 6 + 2 * 8, "other other": 2 * 12])
        #expect(figures.misses["user:*"] == 2 * 6 + 2 * 8)
        #expect(bench.engine.lanes.budget.queued == 0)
    }

    @Test func groupsThatGiveUpTheirPlaceKeepTheirCounts() {
        var bench = Bench { $0.redis.maxHistograms = 2 }
        var wire = ScriptedConnection()
        wire.open()
        for number in 0..<30 {
            let key = "group\(UnicodeScalar(UInt8(97 + number % 26))):1"
            wire.client(request("MULTI") + request("GET", key) + request("EXEC"))
            wire.server("+OK\r\n+QUEUED\r\n*1\r\n$-1\r\n")
        }
        bench.feed(wire)
        #expect(bench.figures.queued.values.reduce(0, +) == 30)
        #expect(bench.figures.queued.count <= 3)
    }
}
