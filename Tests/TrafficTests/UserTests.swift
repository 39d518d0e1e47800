import Testing

@testable import Traffic

@Suite struct UserTests {
    private let get = request("GET", "user:1")

    private func users(_ body: (inout ScriptedConnection) -> Void) -> [String: Int] {
        var wire = ScriptedConnection()
        wire.open()
        body(&wire)
        var bench = Bench()
        bench.feed(wire)
        return bench.figures.users
    }

    @Test func theUserIsWhoeverAUTHOrHELLOMadeIt() {
        let users = users { wire in
            wire.exchange(get, bulk("x"))
            wire.exchange(request("AUTH", "alice", "secret"), "+OK\r\n")
            wire.exchange(get, bulk("x"))
            wire.exchange(request("AUTH", "bob", "wrong"), "-WRONGPASS invalid\r\n")
            wire.exchange(get, bulk("x"))
            wire.exchange(request("HELLO", "3", "SETNAME", "auth", "AUTH", "carol", "secret"), "%0\r\n")
            wire.exchange(get, bulk("x"))
            wire.exchange(request("HELLO", "2"), "*0\r\n")
            wire.exchange(get, bulk("x"))
            wire.exchange(request("RESET"), "+RESET\r\n")
            wire.exchange(get, bulk("x"))
            wire.exchange(request("AUTH", "alice", "secret"), "+OK\r\n")
            wire.exchange(request("AUTH", "secret"), "+OK\r\n")
            wire.exchange(get, bulk("x"))
        }
        // A command counts for the user who sent it, so AUTH itself for the one before.
        #expect(users == ["default": 5, "alice": 5, "carol": 4])
    }

    @Test func pipelinedLoginsAreMatchedToTheirReplies() {
        let users = users { wire in
            wire.client(request("AUTH", "alice", "a") + request("AUTH", "bob", "b") + get)
            wire.server("+OK\r\n-WRONGPASS\r\n" + bulk("x"))
        }
        #expect(users == ["default": 1, "alice": 2])
    }

    @Test func anInlineLoginWithAUserIsUnreadable() {
        let users = users { wire in
            wire.exchange("AUTH alice secret\r\n", "+OK\r\n")
            wire.exchange(get, bulk("x"))
            wire.exchange("AUTH secret\r\n", "+OK\r\n")
            wire.exchange(get, bulk("x"))
        }
        #expect(users == ["default": 2, "unknown": 2])
    }

    /// Valkey 8.0.1 sends nothing at all for an AUTH or HELLO that fails while replies wait to be sent.
    @Test func aLoginWithoutAReplyLeavesTheOthersInStep() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(request("SET", "a", "1") + request("AUTH", "eve", "no") + get)
        wire.server("+OK\r\n" + bulk("x"))
        wire.client(get + request("HELLO", "3", "AUTH", "eve", "no") + request("AUTH", "eve", "no") + get)
        wire.wait(50)
        wire.server(bulk("x"))
        wire.wait(50)
        wire.server(bulk("y"))
        wire.exchange(request("AUTH", "alice", "yes"), "+OK\r\n")
        wire.exchange(get, bulk("x"))
        var bench = Bench()
        bench.feed(wire)
        let figures = bench.figures
        #expect(figures.isBalanced)
        #expect(figures.commands == ["set": 1, "get": 4, "auth": 1])
        #expect(figures.unmeasured == ["no_reply": 3])
        #expect(figures.resyncs.isEmpty)
        #expect(figures.users == ["default": 5, "alice": 1])
        #expect(figures.microseconds("get") == 250)
    }

    @Test func thereIsRoomForSoManyUsers() {
        let users = users { wire in
            for number in 0..<200 { wire.exchange(request("AUTH", "user\(number)", "x"), "+OK\r\n") }
        }
        #expect(users.count == NamedRows.most - 1)  // all but `unknown`
        #expect(users["other"] == 200 - 1 - (NamedRows.most - 3))
    }

    @Test func usersOfOlderConnectionsCanBeTold() throws {
        var bench = Bench()
        var old = ScriptedConnection(clientPort: 40_001)
        old.exchange(get, bulk("x"))
        var other = ScriptedConnection(clientPort: 40_002)
        other.exchange(get, bulk("x"))
        var new = ScriptedConnection(clientPort: 40_003)
        new.open()
        new.exchange(get, bulk("x"))
        for wire in [old, other, new] { bench.feed(wire) }
        #expect(bench.engine.connectionsOfUnknownUser() == 2)
        bench.engine.learnUsers([
            try #require(Endpoint("10.0.0.1:40001")): "alice", try #require(Endpoint("10.0.0.1:40003")): "nobody",
        ])
        #expect(bench.engine.connectionsOfUnknownUser() == 1)
        old.packets = []
        old.exchange(get, bulk("x"))
        bench.feed(old)
        #expect(bench.figures.users == ["unknown": 2, "default": 1, "alice": 1])
    }

    @Test func errorsCountForTheUser() {
        var wire = ScriptedConnection()
        wire.open()
        wire.exchange(request("AUTH", "al\u{1}ice\\", "x"), "+OK\r\n")
        wire.exchange(get, "-NOPERM no\r\n")
        var bench = Bench()
        bench.feed(wire)
        #expect(bench.figures.errors == ["al\\x01ice\\\\ NOPERM": 1])
    }

    @Test func passwordsAreNowhere() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(request("AUTH", "PASSWORD1"), request("AUTH", "alice", "PASSWORD2"))
        wire.client(request("HELLO", "3", "AUTH", "alice", "PASSWORD3", "SETNAME", "PASSWORD"))
        wire.client(request("HELLO", "AUTH", "alice", "PASSWORD12"))
        wire.client(request("ACL", "SETUSER", "bob", "on", ">PASSWORD4", "~*"))
        wire.client(request("CONFIG", "SET", "requirepass", "PASSWORD5", "masterauth", "PASSWORD6"))
        wire.client(request("MIGRATE", "h", "1", "", "0", "5", "AUTH2", "u", "PASSWORD7", "KEYS", "k:1"))
        wire.client(request("MIGRATE", "h", "1", "", "0", "5", "COPY", "AUTH", "PASSWORD8", "KEYS", "k:1"))
        wire.client("AUTH PASSWORD9\r\n", "AUTH alice PASSWORD10\r\n", "hello 3 auth alice PASSWORD11\r\n")
        wire.client(String(repeating: "*3\r\n$4\r\nAUTH\r\n$5\r\nalice\r\n$9\r\nPASSWORD\r\n", count: 3))
        for pieces in [Int.max, 1, 3] {
            var bench = Bench { $0.redis.hotKeys = 10 }
            bench.feed(Recut.cut(wire.packets, into: pieces))
            var found: [String] = []
            let needle = Array("PASSW".utf8)
            search(bench.engine.lanes.redis.flows, "flows", for: needle, &found)
            search(bench.engine.lanes.redis.books.counts, "counts", for: needle, &found)
            search(bench.engine.lanes.redis.books.commands, "commands", for: needle, &found)
            search(bench.engine.lanes.redis.books.hotKeys, "hotKeys", for: needle, &found)
            search(bench.engine.lanes.redis.books.keys.labels, "labels", for: needle, &found)
            #expect(found.isEmpty)
            #expect(!bench.figures.page.contains("PASSW"))
        }
    }

    /// Looks through all that a value holds for bytes in a row, and notes where.
    private func search(_ value: Any, _ path: String, for needle: [UInt8], _ found: inout [String]) {
        if let bytes = value as? [UInt8] {
            if bytes.contains(needle) { found.append(path) }
        } else if let text = value as? String {
            if Array(text.utf8).contains(needle) { found.append(path) }
        } else if let word = value as? ShortWord {
            if word.bytes.contains(needle) { found.append(path) }
        } else {
            for child in Mirror(reflecting: value).children {
                search(child.value, path + "." + (child.label ?? "-"), for: needle, &found)
            }
        }
    }
}
