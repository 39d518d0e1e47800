import Testing

@testable import Traffic

@Suite struct CommandTests {
    /// The group of the command's key, by the built-in list or after a server's announcement.
    private func group(_ command: String, _ server: [ServerCommand] = []) -> String? {
        var bench = Bench()
        bench.engine.learn(server)
        var wire = ScriptedConnection()
        wire.open()
        let words = command.split(separator: " ").map { $0 == "''" ? "" : String($0) }
        wire.exchange("*\(words.count)\r\n" + words.map(bulk).joined(), "+OK\r\n")
        bench.feed(wire)
        #expect(bench.figures.paired == 1)
        return bench.figures.snapshot.groupSummaries().first?.name
    }

    @Test(
        arguments: [
            ("get k:1", "k:*"), ("MSET k:1 v z:2 v", "k:*"), ("DEL k:1 z:1", "k:*"), ("bitop and k:1 z:1", "k:*"),
            ("OBJECT ENCODING k:1", "k:*"), ("object help", nil), ("MEMORY USAGE k:1", "k:*"), ("memory doctor", nil),
            ("XGROUP CREATE k:1 g $", "k:*"), ("XINFO STREAM k:1", "k:*"), ("ping", nil), ("ECHO k:1", nil),
            ("EVAL script 2 k:1 z:1 arg", "k:*"), ("EVAL script 0 arg", nil), ("EVALSHA sha 1 k:1", "k:*"),
            ("FCALL f 1 k:1", "k:*"), ("FCALL_RO f 0", nil), ("EVAL script x k:1", nil),
            ("XREAD COUNT 5 BLOCK 0 STREAMS k:1 z:1 0 0", "k:*"),
            ("XREADGROUP GROUP streams streams COUNT 1 NOACK STREAMS k:1 >", "k:*"), ("XREAD COUNT 5", nil),
            ("SORT k:1 BY z:* GET y:* STORE d:1", "k:*"), ("ZUNION 2 k:1 z:1 WEIGHTS 1 2", "k:*"),
            ("ZUNIONSTORE k:1 2 z:1 y:1", "k:*"), ("ZINTERCARD 2 k:1 z:1", "k:*"), ("SINTERCARD 1 k:1", "k:*"),
            ("LMPOP 1 k:1 LEFT", "k:*"), ("BLMPOP 0 1 k:1 LEFT", "k:*"), ("GEORADIUS k:1 1 1 1 km STORE z:1", "k:*"),
            ("GEOSEARCHSTORE k:1 z:1 x", "k:*"), ("MIGRATE h 1 k:1 0 5", "k:*"),
            ("MIGRATE h 1 '' 0 5 COPY REPLACE AUTH KEYS KEYS k:1 z:1", "k:*"),
            ("MIGRATE h 1 '' 0 5 AUTH2 KEYS KEYS KEYS k:1", "k:*"), ("SPUBLISH k:1 m", nil), ("JSON.GET k:1 $", "k:*"),
            ("CLIENT LIST", nil), ("unknown k:1", nil), ("HEXPIRE k:1 10 FIELDS 1 f", "k:*"), ("GET", nil),
        ] as [(String, String?)])
    func theFirstKeyIsFound(command: String, key: String?) {
        #expect(group(command) == key, "\(command)")
    }

    /// A name with a slip of the pen would be a command that no server has.
    @Test func theBusiestCommandsAreThoseOfTheList() {
        func words(_ names: String) -> [Substring] { names.split { $0.isWhitespace } }
        let listed = Set(BuiltInCommands.rows.flatMap { words($0.names) })
        let busiest = words(BuiltInCommands.busiest)
        #expect(listed.isSuperset(of: busiest) && Set(busiest).count == busiest.count)
        #expect(CommandTable.builtIn.count <= 512, "more than the index has room for")
    }

    @Test func theServersAnnouncementCorrectsTheList() {
        let server = [
            ServerCommand(name: "MOD.PUT", firstKey: 2),
            ServerCommand(name: "mod.find", flags: ["movablekeys"], keySearch: .keyword("FROM", from: 1)),
            ServerCommand(name: "mod.many", flags: ["movablekeys"], keySearch: .count(2)),
            ServerCommand(name: "mod.say", firstKey: 1, keySearch: .notAKey),
            ServerCommand(name: "mod", subcommands: [ServerCommand(name: "mod|get", firstKey: 2)]),
            ServerCommand(name: "eval", flags: ["movablekeys"]), ServerCommand(name: "get", firstKey: 1),
            ServerCommand(name: "wait2", flags: ["blocking"], firstKey: 1),
        ]
        #expect(group("mod.put x k:1", server) == "k:*")
        #expect(group("mod.find a b FROM k:1", server) == "k:*")
        #expect(group("mod.many x 1 k:1", server) == "k:*")
        #expect(group("mod.say k:1", server) == nil)
        #expect(group("mod get k:1", server) == "k:*")
        #expect(group("eval s 1 k:1", server) == "k:*")
        #expect(group("get k:1", server) == "k:*")
        #expect(group("wait2 k:1", server) != nil)
    }

    @Test func theServerSaysWhatBlocks() {
        var bench = Bench()
        bench.engine.learn([ServerCommand(name: "wait2", flags: ["blocking"], firstKey: 1)])
        var wire = ScriptedConnection()
        wire.open()
        wire.exchange(request("WAIT2", "k"), "+OK\r\n", after: 1_000_001)
        bench.feed(wire)
        #expect(bench.figures.blocking == ["wait2": 1])
        #expect(bench.figures.pairs.isEmpty)
    }

    /// A module's thread answers at once, and its time is a latency like any other.
    @Test func whatMayBlockAndDoesNotIsMeasured() {
        var bench = Bench()
        bench.engine.learn([ServerCommand(name: "GRAPH.QUERY", flags: ["write", "blocking"], firstKey: 1)])
        var wire = ScriptedConnection()
        wire.open()
        wire.client(request("GRAPH.QUERY", "social:1", "MATCH (n)") + request("GET", "user:1"))
        wire.wait(900)
        wire.server("*0\r\n" + bulk("x"))
        wire.client(request("graph.query", "social:1", "MATCH (n)") + request("GET", "user:1"))
        wire.wait(2_000_000)
        wire.server("*0\r\n" + bulk("x"))
        wire.exchange(request("GET", "user:1"), bulk("x"))
        bench.feed(wire)
        let figures = bench.figures
        #expect(figures.pairs == ["social:* graph.query": 1, "user:* get": 2])
        #expect(figures.microseconds("graph.query") == 900)
        #expect(figures.blocking == ["graph.query": 1])
        #expect(figures.unmeasured == ["blocking": 1])
        #expect(figures.isBalanced)
    }

    @Test func subcommandsHaveNamesOfTheirOwn() {
        var bench = Bench()
        var wire = ScriptedConnection()
        wire.open()
        for words in [["CONFIG", "GET", "a"], ["Config", "Rewrite"], ["CONFIG"], ["COMMAND"]] {
            wire.exchange("*\(words.count)\r\n" + words.map(bulk).joined(), "+OK\r\n")
        }
        bench.feed(wire)
        #expect(bench.figures.commands == ["config|get": 1, "config|rewrite": 1, "config": 1, "command": 1])
    }

    /// One that the server refuses is counted as little as an unknown command; one that it accepts has its name.
    @Test func subcommandsThatNobodyKnowsAreNamedAsTheServerCountsThem() {
        var bench = Bench()
        var wire = ScriptedConnection()
        wire.open()
        let refusal = "-ERR unknown subcommand 'maint_notifications'. Try CLIENT HELP.\r\n"
        wire.exchange(request("CLIENT", "MAINT_NOTIFICATIONS", "ON"), refusal)
        wire.exchange(request("CLIENT", "MAINT_NOTIFICATIONS", "ON"), "+OK\r\n")
        wire.exchange(request("CLIENT", "Maint_Notifications", "OFF"), "-ERR syntax error\r\n")
        wire.exchange(request("CLIENT", "not a name"), "+OK\r\n")
        bench.feed(wire)
        #expect(bench.figures.commands == ["client|maint_notifications": 2, "unknown": 2])
        bench.engine.learn([
            ServerCommand(name: "CLIENT", subcommands: [ServerCommand(name: "client|later")]),
            ServerCommand(name: "get"),
        ])
        wire.packets = []
        wire.exchange(request("CLIENT", "LATER"), "-ERR syntax error\r\n")
        bench.feed(wire)
        #expect(bench.figures.commands["client|later"] == 1)
    }

    /// Redis 6 has no subcommands in COMMAND, and one count for all of them in INFO commandstats.
    @Test func aServerWithoutSubcommandsCountsThemTogether() {
        var bench = Bench()
        bench.engine.learn([ServerCommand(name: "client"), ServerCommand(name: "object", firstKey: 2)])
        var wire = ScriptedConnection()
        wire.open()
        wire.exchange(request("CLIENT", "SETNAME", "a"), "+OK\r\n")
        wire.exchange(request("CLIENT", "nosuch"), "-ERR Unknown subcommand\r\n")
        wire.exchange(request("OBJECT", "ENCODING", "user:1"), bulk("raw"))
        wire.exchange(request("CONFIG", "GET", "a"), "*0\r\n")
        bench.feed(wire)
        #expect(bench.figures.commands == ["client": 2, "object": 1, "config|get": 1])
        #expect(bench.figures.pairs == ["user:* object": 1])
    }

    @Test func theListIsNotEndless() {
        var table = CommandTable.builtIn
        table.learn((0..<10_000).map { ServerCommand(name: "x\($0)") })
        #expect(table.count <= 4_096)
        #expect(table.find(ShortWord("get")) != nil)
    }

    @Test func shortWordsCompareByBytes() {
        #expect(ShortWord(lowercasing: Array("GeoRadiusByMember_RO".utf8).span) == ShortWord("georadiusbymember_ro"))
        #expect(ShortWord(lowercasing: Array("@[`{AZaz".utf8).span) == ShortWord("@[`{azaz"))
        #expect(ShortWord(lowercasing: Array(repeating: 65, count: 25).span) == nil)
        #expect(ShortWord(lowercasing: [0xC3, 0x84].span)?.bytes == [0xC3, 0x84])
        #expect(ShortWord("abcdefghijklmnopqrstuvwx").bytes.count == 24)
    }
}
