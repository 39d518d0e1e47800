import Testing

@testable import Traffic

@Suite struct KeyTests {
    private func namer() -> KeyNamer { KeyNamer(hasher: Hasher64(seed: 42)) }

    private func name(_ key: String, _ namer: inout KeyNamer) -> String {
        let bytes = Array(key.utf8)
        namer.write(bytes.span, isWhole: true)
        return String(printable: namer.currentName)
    }

    @Test(arguments: [
        ("user:1234:profile", "user:*:profile"),
        ("key:000000012345", "key:*"),
        ("order-2024-11-20", "order-*-*-*"),
        ("a/b.c|d,e#f@g_h-i:j", "a/b.c|d,e#f@g_h-i:j"),
        ("12345", "*"),
        ("plain", "plain"),
        ("", ""),
        ("a::b:", "a::b:"),
        ("session:550e8400-e29b-41d4-a716-446655440000", "session:*"),
        ("550E8400-E29B-41D4-A716-446655440000:x", "*:x"),
        ("x_550e8400-e29b-41d4-a716-446655440000_y", "x_*_y"),
        ("abcdefab-cdef-abcd-efab-cdefabcdefab", "*"),
        ("550e8400-e29b-41d4-a716-44665544000", "*-e29b-41d4-a716-*"),
        ("token:deadbeef", "token:deadbeef"),
        ("token:deadbee1", "token:*"),
        ("token:dead123", "token:dead123"),
        ("token:abcdefghijklmno1", "token:*"),
        ("token:abcdefghijklmn1", "token:abcdefghijklmn1"),
        ("token:abcdefghijklmnop", "token:abcdefghijklmnop"),
        ("app:v2:user", "app:v2:user"),
        ("caf\u{e9}:1", "caf\u{e9}:*"),
    ])
    func keysAreGroupedByShape(key: String, group: String) {
        var namer = namer()
        #expect(name(key, &namer) == group)
    }

    @Test func moreThanFiftyWordsAtOnePlaceBecomeOne() {
        var namer = namer()
        for number in 0..<50 { #expect(name("cart:\(Self.word(number))", &namer) == "cart:\(Self.word(number))") }
        #expect(name("cart:\(Self.word(7))", &namer) == "cart:aah")
        #expect(name("cart:\(Self.word(50))", &namer) == "cart:*")
        #expect(name("cart:\(Self.word(7))", &namer) == "cart:*")
        #expect(name("cart:\(Self.word(7)):items", &namer) == "cart:*:items")
        #expect(name("basket:\(Self.word(7))", &namer) == "basket:aah")
    }

    @Test func theDelimiterIsNoPartOfTheWord() {
        var namer = namer()
        for number in 0..<50 {
            _ = name("p:\(Self.word(number)):x", &namer)
            _ = name("p:\(Self.word(number))/y", &namer)
        }
        #expect(name("p:\(Self.word(0)):x", &namer) == "p:aaa:x")
    }

    /// Three-letter words.
    static func word(_ number: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        return String([letters[number / 676 % 26], letters[number / 26 % 26], letters[number % 26]])
    }

    @Test func namesAreBounded() {
        var namer = namer()
        let deep = (0..<30).map { "s\(KeyTests.word($0))" }.joined(separator: ":")
        #expect(name(deep, &namer).split(separator: ":").count == KeyNamer.mostSegments + 1)
        #expect(name(deep, &namer).hasSuffix(":*"))
        let long = name(String(repeating: "x", count: 400), &namer)
        #expect(long.count == KeyNamer.longestName)
        #expect(long.hasSuffix("x*"))
    }

    @Test func aKeyThatGoesOnEndsInAStar() {
        var namer = namer()
        let start = Array("user:1:pro".utf8)
        namer.write(start.span, isWhole: false)
        #expect(String(printable: namer.currentName) == "user:*:*")
    }

    @Test func wordsAreForgottenAtTheCapAndWildPlacesAreNot() {
        var seen = SeenWords(mostWordsInAll: 200)
        for number in 0..<60 { _ = seen.see(UInt64(1_000 + number), at: 1) }
        for place in 10..<170 as Range<UInt64> { _ = seen.see(place &* 7_919, at: place) }
        #expect(seen.forgettings == 1)
        #expect(seen.see(5, at: 1) == .wild)
        #expect(seen.see(5, at: 2) == .word)
    }

    @Test func wildPlacesAreBounded() {
        var seen = SeenWords(mostWildPlaces: 3)
        for place in 1...3 as ClosedRange<UInt64> {
            for word in 0..<51 as Range<UInt64> { _ = seen.see(place << 32 | word + 1, at: place) }
        }
        #expect(seen.see(7, at: 4) == .wild)
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
        var bench = Bench { $0.patterns = patterns }
        var wire = Wire()
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

    @Test func tenThousandNamesBecomeOneGroupWhateverIsInFlight() {
        var bench = Bench()
        var wire = Wire()
        wire.open()
        let names = (0..<10_000).map { "cart:\(Self.word($0))\(Self.word($0 / 17_000))" }
        for start in stride(from: 0, to: names.count, by: 40) {
            let some = names[start..<start + 40]
            wire.client(some.map { request("GET", $0) }.joined())
            wire.server(some.map { _ in "$-1\r\n" }.joined())
        }
        bench.feed(wire)
        #expect(bench.figures.groups == ["cart:*": 10_000])
        #expect(bench.figures.misses == ["cart:*": 10_000])
        #expect(bench.figures.numbers(TrafficFamilies.keyRequestBytes).count == 1)
        #expect(bench.figures.isBalanced)
    }

    @Test func groupsBelowAWildPlaceAreMergedToo() {
        var bench = Bench()
        var wire = Wire()
        wire.open()
        for number in 0..<60 {
            wire.exchange(request("GET", "cart:\(Self.word(number)):items"), bulk("x"))
            wire.exchange(request("SET", "cart:\(Self.word(number)):total", "1"), "+OK\r\n")
        }
        bench.feed(wire)
        #expect(bench.figures.pairs == ["cart:*:items get": 60, "cart:*:total set": 60])
        #expect(bench.figures.isBalanced)
    }

    @Test func mergedGroupsAreFoundByTheirOldHandlesUpToACap() {
        var groups = KeyGroups(patterns: [], capacity: 300, hasher: Hasher64(seed: 1))
        func group(_ place: Int, _ word: Int) -> GroupHandle {
            let key = Array("\(Self.word(place / 10)):\(Self.word(place % 10)):\(Self.word(word))".utf8)
            return groups.group(of: key.span, isWhole: true)
        }
        var counts = [0]
        for place in 0..<100 {
            let first = group(place, 0)
            for word in 1...50 { _ = group(place, word) }
            counts.append(groups.forwards.count)
            if first != .other { #expect(groups.resolve(first) == group(place, 0) || groups.resolve(first) == .other) }
        }
        #expect(zip(counts, counts.dropFirst()).contains { $0 > $1 }, "the cap was reached, and all were forgotten")
        #expect(counts.max().map { $0 > 3_000 && $0 <= KeyGroups.mostForwards } == true)
    }

    @Test func theHeaviestGroupsHaveSeatsAndOtherIsExact() {
        var bench = Bench {
            $0.maxGroups = 5
            $0.maxHistograms = 8
        }
        var wire = Wire()
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

    @Test func aLaterHeavyGroupTakesASeat() {
        var bench = Bench { $0.maxGroups = 2 }
        var wire = Wire()
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
            $0.maxGroups = 0
            $0.maxHistograms = 0
        }
        var wire = Wire()
        wire.open()
        wire.exchange(request("GET", "a"), bulk("x"))
        bench.feed(wire)
        #expect(bench.figures.pairs == ["other other": 1])
    }

    @Test func aGroupThatIsCalledOtherIsOther() {
        var bench = Bench()
        var wire = Wire()
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

    @Test func theBusiestKeysOfTheLastMinuteAreNamed() {
        var bench = Bench { $0.hotKeys = 2 }
        var wire = Wire(time: 1_700_000_040_000_000_000)
        wire.open()
        for number in 0..<100 {
            wire.exchange(request("GET", "hot:1"), bulk("x"))
            if number % 2 == 0 { wire.exchange(request("GET", "hot:2"), bulk("x")) }
            wire.exchange(request("GET", "cold:\(number)"), bulk("x"))
        }
        bench.feed(wire)
        let expected = ["hot:1": 100, "hot:2": 50]
        #expect(bench.figures.numbers(TrafficFamilies.hotKeyCommands) == expected)
        bench.engine.advance(to: wire.time + 61_000_000_000)
        #expect(bench.figures.numbers(TrafficFamilies.hotKeyCommands) == expected)
        bench.engine.advance(to: wire.time + 122_000_000_000)
        #expect(bench.figures.numbers(TrafficFamilies.hotKeyCommands).isEmpty)
    }

    /// The capture lets time pass a little behind the packets, also over the end of a minute.
    @Test func aMinuteEndsOnce() {
        var bench = Bench { $0.hotKeys = 2 }
        let end: UInt64 = 1_700_000_100_000_000_000
        var wire = Wire(time: end - 1_000_000_000)
        wire.open()
        wire.exchange(request("GET", "hot:1"), bulk("x"))
        bench.feed(wire)
        for delay: UInt64 in [1_000_000, 5_000_000] {
            bench.engine.advance(to: end + delay)
            bench.engine.advance(to: end + delay - 24_000_000)
        }
        #expect(bench.figures.numbers(TrafficFamilies.hotKeyCommands) == ["hot:1": 1])
        // A clock that is set back by more begins anew.
        bench.engine.advance(to: end - 600_000_000_000)
        #expect(bench.figures.numbers(TrafficFamilies.hotKeyCommands).isEmpty)
    }

    @Test func longHotKeysAreToldApartByTheirBeginning() {
        var hot = HotKeys(wanted: 2, hasher: Hasher64(seed: 1))
        for length in [300, 400] { hot.record([UInt8](repeating: 65, count: length).span) }
        #expect(hot.shown.map(\.commands) == [2])
        #expect(hot.shown.first?.key.count == 256)
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
