// Replies that nobody asked for: pushes, attributes, messages and the confirmations of subscriptions.

import Testing

@testable import Traffic

@Suite struct SubscriptionTests {
    private let get = request("GET", "user:1")

    @Test func pushesAndAttributesAreNoReplies() {
        let figures = figures { wire in
            wire.exchange(request("HELLO", "3"), "%1\r\n$5\r\nproto\r\n:3\r\n")
            wire.client(get)
            wire.server(">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n")
            wire.server("|1\r\n+ttl\r\n:3600\r\n" + bulk("x"))
            wire.server(">2\r\n$10\r\ninvalidate\r\n_\r\n")
            wire.exchange(get, "_\r\n")
        }
        #expect(figures.commands == ["hello": 1, "get": 2])
        #expect(figures.hits == ["user:*": 1])
        #expect(figures.misses == ["user:*": 1])
        #expect(figures.resyncs.isEmpty)
    }

    @Test func subscribingIsAnsweredOncePerChannel() {
        let figures = figures { wire in
            wire.client(request("SUBSCRIBE", "a", "b") + request("PSUBSCRIBE", "p*"))
            wire.server(array("*", "subscribe", "a", integer: 1))
            wire.server(array("*", "message", "a", "hello"))
            wire.server(array("*", "subscribe", "b", integer: 2) + array("*", "psubscribe", "p*", integer: 3))
            wire.client(request("PING"))
            wire.server(
                array("*", "message", "b", "x") + array("*", "pmessage", "p*", "pq", "x") + array("*", "pong", ""))
            wire.client(request("UNSUBSCRIBE") + request("PUNSUBSCRIBE"))
            wire.server(array("*", "unsubscribe", "a", integer: 2) + array("*", "message", "b", "x"))
            wire.server(array("*", "unsubscribe", "b", integer: 1) + array("*", "punsubscribe", "p*", integer: 0))
            wire.exchange(request("LRANGE", "l", "0", "1"), array("*", "message", "no"))
        }
        #expect(
            figures.commands == [
                "subscribe": 1, "psubscribe": 1, "ping": 1, "unsubscribe": 1, "punsubscribe": 1, "lrange": 1,
            ])
        #expect(figures.resyncs.isEmpty)
        #expect(figures.unmeasured.isEmpty)
    }

    @Test func subscribingInRESP3LeavesOtherCommandsAlone() {
        let figures = figures { wire in
            wire.exchange(request("HELLO", "3"), "%0\r\n")
            wire.client(request("SUBSCRIBE", "a", "b") + get)
            wire.server(array(">", "subscribe", "a", integer: 1) + array(">", "subscribe", "b", integer: 2) + bulk("x"))
            wire.server(array(">", "message", "a", "m"))
            wire.exchange(request("LRANGE", "l", "0", "1"), array("*", "message", "b", "c"))
            wire.client(request("SSUBSCRIBE", "s") + request("SUNSUBSCRIBE") + get)
            wire.server(
                array(">", "ssubscribe", "s", integer: 1) + array(">", "sunsubscribe", "s", integer: 0) + bulk("x"))
            wire.server(array(">", "smessage", "s", "m"))
        }
        #expect(
            figures.commands == ["hello": 1, "subscribe": 1, "get": 2, "lrange": 1, "ssubscribe": 1, "sunsubscribe": 1])
        #expect(figures.resyncs.isEmpty)
    }

    @Test func unsubscribingFromNothingIsAnsweredOnce() {
        let figures = figures { wire in
            wire.client(request("UNSUBSCRIBE") + get)
            wire.server("*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n" + bulk("x"))
        }
        #expect(figures.commands == ["unsubscribe": 1, "get": 1])
    }

    @Test func aRefusedSubscriptionIsOneError() {
        let figures = figures { wire in
            wire.client(request("SUBSCRIBE", "a", "b") + get)
            wire.server("-NOPERM no\r\n" + bulk("x"))
        }
        #expect(figures.commands == ["subscribe": 1, "get": 1])
        #expect(figures.errors == ["default NOPERM": 1])
    }

    @Test func ordinaryCommandsAreRefusedWhileSubscribed() {
        let figures = figures { wire in
            wire.exchange(request("SUBSCRIBE", "a"), array("*", "subscribe", "a", integer: 1))
            wire.client(get)
            wire.server(array("*", "message", "a", "x") + "-ERR Can't execute 'get'\r\n")
            wire.exchange(request("RESET"), "+RESET\r\n")
            wire.exchange(get, bulk("x"))
        }
        #expect(figures.commands == ["subscribe": 1, "get": 2, "reset": 1])
    }
}
