// Which words become groups, and that a group that was shown stays.

import TestKit
import Testing

@testable import Traffic

@Suite struct GroupLearningTests {
    private func word(_ number: Int) -> String { KeyTests.word(number) }

    /// Capture 4: API key, sessions, an OAuth code, an e-mail address, an IPv6 address, search words.
    @Test func noLabelShowsASecret() throws {
        let figures = try Recording.case("4-secrets-in-labels")
        #expect(
            figures.groups == [
                "apikey:*": 1, "sess:*": 1, "laravel_database_*": 1, "oauth:code:*": 1, "login:*": 1, "rl:*": 1,
                "search:*": 1,
            ])
    }

    /// Capture 5: whoever may connect may be refused, and leaves no group.
    @Test func refusedCommandsMakeNoGroup() throws {
        let figures = try Recording.case("5-root-collapse")
        #expect(figures.groups == ["user:*:profile": 40, "cart:*": 40, "session:*": 40, "other": 51])
        #expect(figures.isBalanced)
    }

    /// Capture 6: twenty times twenty names.
    @Test func aProductOfWordsLeavesRoomForOthers() throws {
        let figures = try Recording.case("6-product-of-words")
        #expect(figures.groups["checkout:*"] == 3)
        #expect(figures.groups.keys.filter { $0.hasPrefix("t:") }.count <= 100)
        #expect(figures.groups.values.reduce(0, +) == 403)
        #expect(figures.isBalanced)
    }

    @Test func onlyNewcomersFold() {
        var table = KeyTable()
        for number in 0..<12 { #expect(table.group("cart:\(word(number))") == "cart:\(word(number))") }
        #expect(table.group("cart:\(word(12))") == "cart:*")
        #expect(table.group("cart:\(word(7))") == "cart:\(word(7))")
        // In the middle there is room for more, and other places have their own.
        for number in 0..<30 {
            #expect(table.group("cart:\(word(number)):items") == "cart:\(word(number)):items")
        }
        #expect(table.group("cart:\(word(30)):items") == "cart:*:items")
        #expect(table.group("basket:\(word(30))") == "basket:\(word(30))")
    }

    @Test func theDelimiterIsNoPartOfTheWord() {
        var table = KeyTable()
        for number in 0..<30 { table.group("p:\(word(number)):x") }
        #expect(table.group("p:\(word(0))/y") == "p:\(word(0))/y")
        #expect(table.group("p:\(word(30))/y") == "p:*/y")
    }

    @Test func shortWordsStayWhileThereAreFew() {
        var table = KeyTable()
        for number in 1...7 { #expect(table.group("api:v\(number):item:\(number)") == "api:v\(number):item:*") }
        #expect(table.group("api:v8:item:1") == "api:v*:item:*")
        #expect(table.group("api:v7:item:2") == "api:v7:item:*")
        #expect(table.group("api:q2:item:2") == "api:q2:item:*")
        #expect(table.group("job_v3_done") == "job_v3_done")
    }

    /// Keys that look alike but for the digits of a short word have groups of their own, also when seen again.
    @Test func digitsOfShortWordsCount() {
        var table = KeyTable()
        for _ in 0..<3 {
            for number in 1...3 {
                #expect(table.group("api:v\(number):item:\(number + 5)") == "api:v\(number):item:*")
                #expect(table.group(":\(number):x") == ":\(number):x")
            }
        }
    }

    @Test func keysOfOnePieceHaveTheirPlacesWithinIt() {
        var table = KeyTable()
        for number in 0..<30 { #expect(table.group("user_7_\(word(number))") == "user_*_\(word(number))") }
        #expect(table.group("user_7_\(word(30))") == "*")
    }

    @Test func underOneWordThereAreAHundredGroups() {
        var table = KeyTable()
        for place in 0..<30 {
            for last in 0..<12 { table.group("t:\(word(place)):\(word(100 + last)):\(word(200 + last))") }
        }
        let first = table.shown
        #expect(first.count <= 100 && first.count > 90)
        for number in 0..<500 {
            table.group("t:\(word(number % 30)):\(word(number)):\(word(number % 7)):\(word(number % 5))")
        }
        #expect(table.shown.isSuperset(of: first))
        #expect(table.shown.count <= 100)
        #expect(table.group("checkout:\(word(1))") == "checkout:\(word(1))")
    }

    @Test func aWordIsLearnedWithTheFirstAnswerThatIsNoError() {
        var table = KeyTable()
        for number in 0..<100 { #expect(table.group("x:\(word(number))", isAnswered: false) == "other") }
        #expect(table.shown == [])
        #expect(table.group("x:\(word(99))") == "x:\(word(99))")
        // Errors of a group that is known are its own.
        #expect(table.group("x:\(word(99))", isAnswered: false) == "x:\(word(99))")
    }

    @Test func commandsInFlightSettleTogether() {
        var bench = Bench()
        var wire = ScriptedConnection()
        wire.open()
        let keys = (0..<40).map { "cart:\(word($0))" }
        wire.client(keys.map { request("GET", $0) }.joined())
        wire.server(keys.map { _ in "$-1\r\n" }.joined())
        wire.client(request("GET", "new:1"), request("GET", "new:2"))
        wire.server("-LOADING wait\r\n", "$-1\r\n")
        bench.feed(wire)
        #expect(bench.figures.groups["cart:*"] == 28)
        #expect(bench.figures.groups.count == 15)
        #expect(bench.figures.groups["new:*"] == 1)
        #expect(bench.figures.groups["other"] == 1)
        #expect(bench.figures.isBalanced)
    }

    @Test func tenThousandNamesAreTwelveAndTheRest() {
        var bench = Bench()
        var wire = ScriptedConnection()
        wire.open()
        let names = (0..<10_000).map { "cart:\(word($0))\(word($0 / 17_000))" }
        for start in stride(from: 0, to: names.count, by: 2_000) {
            let some = names[start..<start + 2_000]
            for name in some { wire.client(request("GET", name)) }
            wire.server(some.map { _ in "$-1\r\n" }.joined())
        }
        bench.feed(wire)
        #expect(bench.figures.groups.values.reduce(0, +) == 10_000)
        #expect(bench.figures.groups.count <= 14)
        // Those for which there was no room until their reply came.
        #expect(bench.figures.groups["other"] == 2_000 - UnansweredGroups.capacity)
        #expect(bench.figures.isBalanced)
    }

    @Test func whatMultiQueuesIsLearned() {
        let figures = figures { wire in
            wire.exchange(request("MULTI"), "+OK\r\n")
            wire.exchange(request("SET", "rq:job:5", "x"), "+QUEUED\r\n")
            wire.exchange(request("EXEC"), "*1\r\n+OK\r\n")
            wire.exchange(request("BLPOP", "queue:mail", "0"), "*-1\r\n")
            wire.exchange(request("GET", "rq:job:6"), bulk("x"))
        }
        #expect(figures.groups == ["rq:job:*": 1])
    }

    @Test func groupsOfPatternsAreMadeByAnswersToo() throws {
        var table = try KeyTable(patterns: [KeyPattern("tenant:{project}:*=tenant")])
        #expect(table.group("tenant:acme:1", isAnswered: false) == "other")
        #expect(table.group("tenant:acme:1") == "tenant")
        #expect(table.group("tenant:acme:2", isAnswered: false) == "tenant")
    }

    /// Within the number of groups nothing that was shown goes or shrinks, whatever comes.
    @Test func countersNeverFall() {
        var bench = Bench()
        var wire = ScriptedConnection()
        wire.open()
        var dice = Dice(seed: 12)
        var before: [String: Int] = [:]
        for round in 0..<60 {
            for _ in 0..<50 {
                let key = KeyKind.all[dice.number(0...KeyKind.all.count - 1)].make(&dice)
                wire.exchange(
                    request("GET", dice.number(0...2) == 0 ? "w:\(word(dice.number(0...900)))" : key), bulk("x"))
            }
            bench.feed(wire)
            wire.packets = []
            let now = bench.figures.groups
            for (group, count) in before { #expect(now[group] ?? 0 >= count, "\(group) in round \(round)") }
            before = now
        }
        #expect(before.count > 40)
    }

    @Test func aBusyGroupIsNotLostToOneThatIsABitBusier() {
        var table = KeyTable(capacity: 2)
        for _ in 0..<10 { for name in ["first", "second"] { table.group("\(name):1") } }
        for _ in 0..<20 { #expect(table.group("third:1") == "other") }
        for _ in 0..<5 { table.group("third:1") }
        #expect(table.group("third:1") == "third:*")
        #expect(table.shown.count == 2)
    }
}
