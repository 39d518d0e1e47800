// Hits and misses, by what the replies say. RecordingTests has the same for replies of real servers.

import Testing

@testable import Traffic

@Suite struct ReadTests {
    /// Capture 8: three of each, on keys of their own.
    @Test func readsHitOrMissByTheReply() throws {
        let names = (1...9).flatMap { ["a\($0)", "b\($0)"] } + ["c1"]
        let figures = try Recording.case("8-hits") { $0.redis.patterns = names.map { try! KeyPattern("\($0):*") } }
        let hits = ["a1", "a2", "a4", "a5", "a7", "a8"]
        for name in names {
            let isHit = hits.contains(name)
            #expect(figures.hits["\(name):*"] == (isHit ? 3 : 0), "\(name)")
            #expect(figures.misses["\(name):*"] == (isHit ? 0 : 3), "\(name)")
        }
    }

    /// What one command adds to the hits and misses of its group.
    private func found(_ command: String, _ reply: String, _ server: [ServerCommand] = []) -> [Int] {
        var bench = Bench()
        bench.engine.learn(server)
        var wire = ScriptedConnection()
        wire.open()
        let words = command.split(separator: " ").map(String.init)
        wire.exchange("*\(words.count)\r\n" + words.map(bulk).joined(), reply)
        bench.feed(wire)
        #expect(bench.figures.paired == 1)
        return [bench.figures.hits.values.reduce(0, +), bench.figures.misses.values.reduce(0, +)]
    }

    @Test(
        arguments: [
            ("MGET k:1 k:2 k:3", "*3\r\n$1\r\na\r\n$-1\r\n$0\r\n\r\n", [2, 1]),
            ("MGET k:1 k:2", "*2\r\n_\r\n_\r\n", [0, 2]), ("JSON.MGET k:1 k:2 $", "*2\r\n$-1\r\n$2\r\n[]\r\n", [1, 1]),
            ("EXISTS k:1 k:2 k:1", ":2\r\n", [2, 1]), ("EXISTS k:1", ":7\r\n", [0, 0]),
            ("TOUCH k:1 k:2", ":0\r\n", [0, 2]),
            ("HMGET k:1 f g", "*2\r\n$-1\r\n$1\r\na\r\n", [1, 0]), ("HMGET k:1 f g", "*2\r\n_\r\n_\r\n", [0, 1]),
            ("SMISMEMBER k:1 a b", "*2\r\n:0\r\n:0\r\n", [0, 1]), ("SMISMEMBER k:1 a b", "*2\r\n:0\r\n:1\r\n", [1, 0]),
            ("GEOPOS k:1 m", "*1\r\n*-1\r\n", [0, 1]),
            ("GEOPOS k:1 m z", "*2\r\n*2\r\n$1\r\n1\r\n$1\r\n2\r\n*-1\r\n", [1, 0]),
            ("ZRANGE k:1 0 -1 WITHSCORES", "*1\r\n*2\r\n$1\r\nm\r\n,1\r\n", [1, 0]), ("HGETALL k:1", "%0\r\n", [0, 1]),
            ("SMEMBERS k:1", "~1\r\n$1\r\na\r\n", [1, 0]), ("ZSCORE k:1 m", ",0\r\n", [1, 0]),
            ("ZRANK k:1 m", ":0\r\n", [1, 0]), ("GET k:1", "$0\r\n\r\n", [1, 0]),
            ("GETRANGE k:1 0 1", "$0\r\n\r\n", [0, 1]),
            ("LPOP k:1 2", "*-1\r\n", [0, 1]), ("LPOP k:1", "$1\r\na\r\n", [1, 0]),
            ("SORT k:1 STORE d:1", ":0\r\n", [0, 0]),
            ("SORT k:1", "*0\r\n", [0, 1]), ("GEORADIUS k:1 1 1 1 km STORE d:1", ":0\r\n", [0, 0]),
            ("SET k:1 v", "+OK\r\n", [0, 0]), ("SET k:1 v NX", "$-1\r\n", [0, 0]), ("SET k:1 GET", "+OK\r\n", [0, 0]),
            ("SET k:1 v GET", "$-1\r\n", [0, 1]), ("set k:1 v EX 10 get", "$1\r\no\r\n", [1, 0]),
            ("TTL k:1", ":-2\r\n", [0, 1]), ("TTL k:1", ":-1\r\n", [1, 0]), ("TYPE k:1", "+none\r\n", [0, 1]),
            ("GET k:1", "-WRONGTYPE x\r\n", [0, 0]), ("MGET k:1", "-ERR x\r\n", [0, 0]), ("DEL k:1", ":0\r\n", [0, 0]),
            ("INCR k:1", ":0\r\n", [0, 0]), ("BITCOUNT k:1", ":0\r\n", [0, 0]), ("SINTER k:1 k:2", "*0\r\n", [0, 0]),
        ] as [(String, String, [Int])])
    func theReplyTells(command: String, reply: String, right: [Int]) {
        #expect(found(command, reply) == right, "\(command) \(reply)")
    }

    /// What COMMAND says of a command that nobody knows: a null is plain, and so is a text.
    @Test func aServersOwnReadsTellByNullsAndTexts() {
        let server = [
            ServerCommand(name: "MY.GET", flags: ["readonly", "fast"], firstKey: 1),
            ServerCommand(name: "MY.PUT", flags: ["write"], firstKey: 1),
            ServerCommand(
                name: "object", subcommands: [ServerCommand(name: "object|encoding", flags: ["readonly"], firstKey: 2)]),
        ]
        #expect(found("MY.GET k:1", "$-1\r\n", server) == [0, 1])
        #expect(found("my.get k:1 path", "$1\r\na\r\n", server) == [1, 0])
        #expect(found("MY.GET k:1", ":0\r\n", server) == [0, 0])
        #expect(found("MY.GET k:1", "*0\r\n", server) == [0, 0])
        #expect(found("MY.PUT k:1", "$-1\r\n", server) == [0, 0])
        #expect(found("OBJECT ENCODING k:1", "$3\r\nraw\r\n", server) == [0, 0])
    }

    @Test func aReplyWithoutItsEndTellsWhatItCan() {
        let long = "$2000\r\n" + String(repeating: "x", count: 2_000) + "\r\n"
        for (command, reply, right) in [
            ("GET k:1", long, [1, 0]), ("MGET k:1 k:2", "*2\r\n$-1\r\n" + long, [0, 0]),
            ("LRANGE k:1 0 -1", "*1\r\n" + long, [1, 0]),
            ("HMGET k:1 f g", "*2\r\n$-1\r\n" + long, [0, 0]),
        ] {
            var bench = Bench()
            var wire = ScriptedConnection()
            wire.open()
            wire.snapLength = 200
            let words = command.split(separator: " ").map(String.init)
            wire.client("*\(words.count)\r\n" + words.map(bulk).joined())
            // A second packet that begins in the middle of the text is cut as well: its end is nowhere.
            wire.server(String(reply.prefix(300)), String(reply.dropFirst(300)) + "$-1\r\n")
            bench.feed(wire)
            let figures = bench.figures
            #expect([figures.hits["k:*"] ?? 0, figures.misses["k:*"] ?? 0] == right, "\(command)")
        }
    }
}
