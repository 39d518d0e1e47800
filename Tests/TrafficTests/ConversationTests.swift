// What a conversation as a whole is worth: its bytes, its hits, and what garbage costs it.

import Metrics
import Testing

@testable import Traffic

@Suite struct ConversationTests {
    private let get = request("GET", "user:1")

    @Test func garbageIsAResyncAndTheNextRoundIsMeasured() {
        let figures = figures { wire in
            wire.exchange("*1\r\n+GET\r\n", "-ERR Protocol error\r\n")
            wire.exchange(get, bulk("x"))
        }
        #expect(figures.resyncs == ["malformed_request": 1])
        #expect(figures.commands == ["get": 1])
    }

    @Test func encryptedTrafficIsCountedAndNothingElse() {
        let figures = figures { wire in
            for _ in 0..<20 {
                wire.exchange("\u{16}\u{3}\u{1}\u{2}\u{0}\n\u{1}", "\u{17}\u{3}\u{3}\u{0}")
                wire.exchange("\u{17}\u{3}\u{3}", "\u{17}\u{3}\u{3}")
            }
        }
        #expect(figures.numbers(WireFamilies.encryptedConnections) == ["redis": 1])
        #expect(figures.resyncs.isEmpty && figures.unmeasured.isEmpty)
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
        #expect(figures.numbers(RedisTrafficFamilies.keyRequestBytes) == ["user:*": get.utf8.count])
        #expect(figures.numbers(RedisTrafficFamilies.keyResponseBytes) == ["user:*": 11])
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
        }
        for command in ["GET", "HGETALL", "TTL", "TYPE", "EXISTS", "LLEN", "SMEMBERS", "DUMP"] {
            #expect(figures.hits[command] == 1, "\(command)")
            #expect(figures.misses[command] == 1, "\(command)")
        }
    }
}
