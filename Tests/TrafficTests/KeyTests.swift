import TestKit
import Testing

@testable import Traffic

@Suite struct KeyTests {
    /// Three-letter words.
    static func word(_ number: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        return String([letters[number / 676 % 26], letters[number / 26 % 26], letters[number % 26]])
    }

    @Test(arguments: [
        ("session:*", "session:abc:1", true), ("session:*", "session:", true), ("session:*", "sessions:1", false),
        ("*", "", true), ("*:end", "a:b:end", true), ("*:end", "a:end:b", false), ("a*b*c", "aXbYbZc", true),
        ("a*b*c", "aXbYbZ", false), ("user:{id}", "user:1", true), ("user:{id}", "user:", false),
        ("user:{id}", "user:1:x", false), ("user:{id}:*", "user:1:x:y", true), ("user:{id}", "user:a-b", true),
        ("{a}", "a:b", false), ("{a}-{b}", "x-y", true), ("{a}-{b}", "x-y-z", false), ("exact", "exact", true),
        ("exact", "exactly", false), ("a*{x}:z", "ab:c:z", true), ("**", "anything", true),
    ])
    func patternsMatchWholeKeys(pattern: String, key: String, matches: Bool) throws {
        let bytes = Array(key.utf8)
        #expect((try KeyPattern(pattern).match(bytes.span) != nil) == matches)
    }

    @Test(arguments: ["", "=x", "a=", "a{b", "a{}", "{project}:{project}", "x=" + String(repeating: "n", count: 200)])
    func unusablePatternsAreRefused(text: String) {
        #expect(throws: KeyPattern.Invalid.self) { try KeyPattern(text) }
    }

    @Test func aPatternWithManyStarsIsCheap() throws {
        let key = Array(String(repeating: "a", count: 512).utf8)
        #expect(try KeyPattern("*a*a*a*a*a*a*a*a*b").match(key.span) == nil)
    }

    @Test func theFirstPatternThatMatchesNamesTheGroup() throws {
        let patterns = try [
            KeyPattern("session:*=sessions"), KeyPattern("session:admin:*"), KeyPattern("tenant:{project}:user:{id}"),
            KeyPattern("rate:{project}=rates"),
        ]
        var bench = Bench { $0.redis.patterns = patterns }
        var wire = ScriptedConnection()
        wire.open()
        for key in [
            "session:admin:1", "session:x", "tenant:acme-corp:user:7", "tenant:beta:user:8", "rate:acme", "free:1",
        ] {
            wire.exchange(request("GET", key), bulk("x"))
        }
        bench.feed(wire)
        let groups = bench.figures.snapshot.groupSummaries().map { "\($0.name) \($0.project) \($0.latency.count)" }
        #expect(
            groups.sorted() == [
                "free:*  1", "rates acme 1", "sessions  2", "tenant:{project}:user:{id} acme-corp 1",
                "tenant:{project}:user:{id} beta 1",
            ])
        #expect(bench.figures.page.contains("command=\"get\",source=\"wire\",project=\"acme-corp\""))
    }

    @Test func theHeaviestGroupsHaveSlotsAndOtherIsExact() {
        var bench = Bench {
            $0.redis.maxGroups = 5
            $0.redis.maxHistograms = 8
        }
        var wire = ScriptedConnection()
        wire.open()
        var dice = Dice(seed: 3)
        for _ in 0..<3_000 {
            let number = Int.random(in: 0..<40, using: &dice)
            let key = number < 20 ? "hot\(Self.word(number % 4)):1" : "cold\(Self.word(number)):1"
            wire.exchange(number % 2 == 0 ? request("GET", key) : request("SET", key, "v"), "$-1\r\n")
        }
        bench.feed(wire)
        let groups = bench.figures.groups
        #expect(groups.count <= 6)
        #expect(groups.values.reduce(0, +) == 3_000)
        for number in 0..<4 { #expect(groups.keys.contains("hot\(Self.word(number)):*")) }
        #expect(bench.figures.pairs.count <= 9)
        #expect(bench.figures.isBalanced)
    }

    @Test func aLaterHeavyGroupTakesASlot() {
        var bench = Bench { $0.redis.maxGroups = 2 }
        var wire = ScriptedConnection()
        wire.open()
        for name in ["first", "second"] {
            for _ in 0..<10 { wire.exchange(request("GET", "\(name):1"), bulk("x")) }
        }
        for _ in 0..<50 { wire.exchange(request("GET", "third:1"), bulk("x")) }
        bench.feed(wire)
        let groups = bench.figures.groups
        #expect(groups["third:*"] != nil)
        #expect(groups.values.reduce(0, +) == 70)
        #expect(groups.count == 3)
        #expect(bench.figures.isBalanced)
    }

    @Test func noGroupsAtAllIsAChoice() {
        var bench = Bench {
            $0.redis.maxGroups = 0
            $0.redis.maxHistograms = 0
        }
        var wire = ScriptedConnection()
        wire.open()
        wire.exchange(request("GET", "a"), bulk("x"))
        bench.feed(wire)
        #expect(bench.figures.pairs == ["other other": 1])
    }

    @Test func aGroupThatIsCalledOtherIsOther() {
        var bench = Bench()
        var wire = ScriptedConnection()
        wire.open()
        wire.exchange(request("GET", "other"), bulk("x"))
        bench.feed(wire)
        #expect(bench.figures.pairs == ["other get": 1])
    }

    @Test func binaryKeysAreShownSafely() {
        #expect(String(printable: [0, 0x1B, 0x5B, 0x41]) == "\\x00\\x1b[A")
        #expect(String(printable: Array("caf\u{e9} \u{1F511} \\".utf8)) == "caf\u{e9} \u{1F511} \\\\")
        #expect(String(printable: [0xFF, 0xC3, 0x28, 0xE2, 0x80, 0xAE]) == "\\xff\\xc3(\\xe2\\x80\\xae")
        #expect(String(printable: []) == "")
    }

    @Test func spaceSavingKeepsItsPromise() {
        var sketch = SpaceSaving(capacity: 20)
        var truth: [UInt64: UInt64] = [:]
        var dice = Dice(seed: 5)
        for _ in 0..<20_000 {
            let item = UInt64(Int.random(in: 1...200, using: &dice) * Int.random(in: 1...200, using: &dice) / 400 + 1)
            truth[item, default: 0] += 1
            _ = sketch.record(item)
        }
        for counter in sketch.counters {
            #expect(counter.count >= truth[counter.hash, default: 0])
            #expect(counter.certain <= truth[counter.hash, default: 0])
        }
        for (item, count) in truth where count > 1_000 { #expect(sketch.counters.contains { $0.hash == item }) }
    }
}
