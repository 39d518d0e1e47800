// The single keys that are asked for most, where the operator wants them.

import TestKit
import Testing

@testable import Traffic

@Suite struct HotKeyTests {
    @Test func theBusiestKeysOfTheLastMinuteAreNamed() {
        var bench = Bench { $0.redis.hotKeys = 2 }
        var wire = ScriptedConnection(time: 1_700_000_040_000_000_000)
        wire.open()
        for number in 0..<100 {
            wire.exchange(request("GET", "hot:1"), bulk("x"))
            if number % 2 == 0 { wire.exchange(request("GET", "hot:2"), bulk("x")) }
            wire.exchange(request("GET", "cold:\(number)"), bulk("x"))
        }
        bench.feed(wire)
        let expected = ["hot:1": 100, "hot:2": 50]
        #expect(bench.figures.numbers(RedisTrafficFamilies.hotKeyCommands) == expected)
        bench.engine.advance(to: wire.time + 61_000_000_000)
        #expect(bench.figures.numbers(RedisTrafficFamilies.hotKeyCommands) == expected)
        bench.engine.advance(to: wire.time + 122_000_000_000)
        #expect(bench.figures.numbers(RedisTrafficFamilies.hotKeyCommands).isEmpty)
    }

    /// The capture lets time pass a little behind the packets, also over the end of a minute.
    @Test func aMinuteEndsOnce() {
        var bench = Bench { $0.redis.hotKeys = 2 }
        let end: UInt64 = 1_700_000_100_000_000_000
        var wire = ScriptedConnection(time: end - 1_000_000_000)
        wire.open()
        wire.exchange(request("GET", "hot:1"), bulk("x"))
        bench.feed(wire)
        for delay: UInt64 in [1_000_000, 5_000_000] {
            bench.engine.advance(to: end + delay)
            bench.engine.advance(to: end + delay - 24_000_000)
        }
        #expect(bench.figures.numbers(RedisTrafficFamilies.hotKeyCommands) == ["hot:1": 1])
        // A clock that is set back by more begins anew.
        bench.engine.advance(to: end - 600_000_000_000)
        #expect(bench.figures.numbers(RedisTrafficFamilies.hotKeyCommands).isEmpty)
    }

    /// With more keys than counters a count may owe something to others; only what is sure is shown.
    @Test func countsAreNeverTooHigh() {
        var hot = HotKeys(wanted: 3, hasher: Hasher64(seed: 1))
        var dice = Dice(seed: 8)
        var truth: [String: UInt64] = [:]
        for number in 0..<60_000 {
            let key = number % 3 == 0 ? "hot:\(number % 2)" : "cold:\(Int.random(in: 0..<40_000, using: &dice))"
            truth[key, default: 0] += 1
            hot.record(Array(key.utf8).span)
        }
        #expect(hot.shown.prefix(2).map { String(printable: $0.key) } == ["hot:0", "hot:1"])
        for key in hot.shown { #expect(key.commands <= truth[String(printable: key.key), default: 0]) }
        #expect(hot.shown[0].commands > 9_900)
    }

    @Test func theSlowLogAndProbesAreNoTraffic() {
        var bench = Bench { $0.redis.hotKeys = 2 }
        #expect(bench.engine.name([Array("get".utf8), Array("slow:1".utf8)]).keyGroup == "slow:*")
        #expect(bench.figures.numbers(RedisTrafficFamilies.hotKeyCommands).isEmpty)
        var wire = ScriptedConnection()
        wire.open()
        wire.exchange(request("GET", "slow:1"), bulk("x"))
        bench.feed(wire)
        #expect(bench.figures.numbers(RedisTrafficFamilies.hotKeyCommands) == ["slow:1": 1])
    }

    @Test func longHotKeysAreToldApartByTheirBeginning() {
        var hot = HotKeys(wanted: 2, hasher: Hasher64(seed: 1))
        for length in [300, 400] { hot.record([UInt8](repeating: 65, count: length).span) }
        #expect(hot.shown.map(\.commands) == [2])
        #expect(hot.shown.first?.key.count == 256)
    }
}
