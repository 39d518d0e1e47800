// How requests find their replies, and what becomes of those that never get one.

import Metrics
import Testing

@testable import Traffic

@Suite struct PipelineTests {
    private let get = request("GET", "user:1")

    @Test func pipelinesArePairedInOrder() {
        let figures = figures { wire in
            wire.client(get + request("SET", "a:1", "v") + request("INCR", "n"))
            wire.wait(10)
            wire.client(request("DEL", "a:1", "b:2"))
            wire.wait(10)
            wire.server(bulk("x") + "+OK\r\n")
            wire.wait(80)
            wire.server(":1\r\n:2\r\n")
        }
        #expect(figures.commands == ["get": 1, "set": 1, "incr": 1, "del": 1])
        #expect(figures.microseconds("get") == 20)
        #expect(figures.microseconds("incr") == 100)
        #expect(figures.microseconds("del") == 90)
    }

    @Test func pipelineDepthCountsTheArrivingCommand() throws {
        let figures = figures { wire in
            wire.exchange(get, bulk("x"))
            wire.client(get + get + get)
            wire.server(bulk("x") + bulk("x") + bulk("x"))
        }
        let depth = try #require(figures.samples[RedisTrafficFamilies.pipelineDepth].first)
        guard case .histogram(let value) = depth.value else { return }
        #expect(Array(value.counts.prefix(4)) == [2, 1, 1, 0])
        #expect(value.sum == 7)
    }

    @Test func emptyLinesGetNoReply() {
        let figures = figures { wire in
            wire.client("\r\n", "\n*0\r\n", "*-1\r\n" + get)
            wire.server(bulk("x"))
        }
        #expect(figures.commands == ["get": 1])
        #expect(figures.unmeasured.isEmpty)
    }

    @Test func inlineCommandsAreCommands() {
        let figures = figures { wire in
            wire.exchange("PING\r\n", "+PONG\r\n")
            wire.exchange("set user:5 \"a b\"\n", "+OK\r\n")
            wire.exchange("config get maxmemory\r\n", "*0\r\n")
        }
        #expect(figures.commands == ["ping": 1, "set": 1, "config|get": 1])
        #expect(figures.pairs == ["user:* set": 1])
    }

    @Test func whatIsInFlightAtTheEndIsNotHidden() {
        let figures = figures { wire in
            wire.client(get + request("SHUTDOWN"))
            wire.close()
        }
        #expect(figures.unmeasured == ["closed": 1, "no_reply": 1])
    }

    @Test func theQueueIsBounded() {
        var wire = ScriptedConnection()
        wire.open()
        wire.client(String(repeating: get, count: 10))
        wire.server(String(repeating: bulk("x"), count: 10))
        wire.client(request("SUBSCRIBE", "a"))
        wire.server(array("*", "subscribe", "a", integer: 1))
        wire.exchange(request("RESET"), "+RESET\r\n")
        for inAll in [false, true] {
            var bench = Bench { if inAll { $0.limits.inFlightInAll = 4 } else { $0.limits.inFlight = 4 } }
            bench.feed(wire)
            #expect(bench.figures.commands == ["get": 4, "subscribe": 1, "reset": 1])
            #expect(bench.figures.unmeasured == ["queue_full": 6])
            #expect(bench.figures.resyncs.isEmpty)
        }
    }
}
