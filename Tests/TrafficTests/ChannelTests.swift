// What is published, by the groups of channels.

import Metrics
import Testing

@testable import Traffic

@Suite struct ChannelTests {
    @Test func messagesAndReceiversAreCounted() {
        let figures = figures { wire in
            wire.exchange(request("PUBLISH", "user:1:events", "hello"), ":2\r\n")
            wire.exchange(request("PUBLISH", "user:2:events", "hello"), ":0\r\n")
            wire.exchange(request("SPUBLISH", "orders", "hello"), ":1\r\n")
            wire.exchange(request("PUBLISH", "news", "hello"), "-NOPERM\r\n")
        }
        #expect(figures.numbers(RedisTrafficFamilies.publishedMessages) == ["user:*:events": 2, "orders": 1])
        #expect(figures.numbers(RedisTrafficFamilies.receivers) == ["user:*:events": 2, "orders": 1])
        #expect(figures.commands == ["publish": 3, "spublish": 1])
        #expect(figures.groups.isEmpty)
    }

    /// A family whose series stand elsewhere than before is written anew.
    @Test func channelsComeInOneOrder() {
        let names = ["orders", "news", "alerts", "users", "mail", "jobs", "stock", "prices"]
        let figures = figures { wire in
            for name in names { wire.exchange(request("PUBLISH", name, "hello"), ":1\r\n") }
        }
        #expect(figures.samples[RedisTrafficFamilies.receivers].map(\.labels) == names.sorted().map { [$0] })
    }

    /// A message may be as long as a value, and come in many packets.
    @Test func aLongMessageIsOne() {
        let figures = figures { wire in
            let message = request("PUBLISH", "news", String(repeating: "x", count: 4000))
            wire.client(String(message.prefix(20)), String(message.dropFirst(20).prefix(1500)))
            wire.client(String(message.dropFirst(1520)))
            wire.server(":7\r\n")
        }
        #expect(figures.numbers(RedisTrafficFamilies.receivers) == ["news": 7])
    }

    @Test func theBusiestChannelsAreKeptWhole() {
        var bench = Bench()
        var wire = ScriptedConnection()
        wire.open()
        for _ in 0..<3 { wire.exchange(request("PUBLISH", "user:1:events", "a"), ":0\r\n") }
        wire.exchange(request("SPUBLISH", "orders", "a"), ":0\r\n")
        bench.feed(wire)
        let busiest = bench.engine.busiestChannels(5)
        #expect(busiest.map { String(decoding: $0.name, as: UTF8.self) } == ["user:1:events", "orders"])
        #expect(busiest.map(\.isSharded) == [false, true])
        #expect(busiest.map(\.group) == ["user:*:events", "orders"])
    }
}
