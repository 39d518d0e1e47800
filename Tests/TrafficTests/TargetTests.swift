// Several servers behind one capture.

import Metrics
import Testing

@testable import Traffic

@Suite struct TargetTests {
    private let get = request("GET", "user:1")

    private func end(_ last: UInt32, _ port: UInt16) -> Endpoint {
        Endpoint(address: Address(ipv4: 0x0A00_0000 | last), port: port)
    }

    /// A connection to a server, with so many commands on it.
    private func wire(_ last: UInt8, _ port: UInt16, from client: UInt16, gets: Int, sets: Int = 0)
        -> ScriptedConnection
    {
        var wire = ScriptedConnection(clientPort: client, server: ([10, 0, 0, last], port))
        wire.open()
        for _ in 0..<gets { wire.exchange(get, "$-1\r\n") }
        for _ in 0..<sets { wire.exchange(request("SET", "user:1", "v"), "+OK\r\n") }
        return wire
    }

    private func figures(_ bench: borrowing Bench) -> [String: Figures] {
        let traffic = bench.engine.snapshot()
        return Dictionary(
            uniqueKeysWithValues: traffic.redis.enumerated().map { ($1.target ?? "", Figures(traffic, of: $0)) })
    }

    @Test func eachTargetHasBooksOfItsOwn() throws {
        var bench = Bench {
            $0.ports = PortTable([6379, 6380, 7000], of: .redis)
            $0.redis.targets = [TrafficTarget(name: "a:6379", port: 6379), TrafficTarget(name: "b:6380", port: 6380)]
        }
        bench.feed(wire(2, 6379, from: 50_000, gets: 3))
        bench.feed(wire(3, 6380, from: 50_000, gets: 5, sets: 1))
        bench.feed(wire(3, 7000, from: 50_000, gets: 1))  // a port of ours that is no target's
        let figures = figures(bench)
        #expect(
            figures.mapValues(\.pairs) == [
                "a:6379": ["user:* get": 3], "b:6380": ["user:* get": 5, "user:* set": 1], "other": ["user:* get": 1],
            ])
        #expect(
            figures.mapValues(\.misses) == ["a:6379": ["user:*": 3], "b:6380": ["user:*": 5], "other": ["user:*": 1]])
        #expect(figures.mapValues(\.snapshot.connections) == ["a:6379": 1, "b:6380": 1, "other": 1])
        for (_, part) in figures { #expect(part.isBalanced) }
        // Packets pass interfaces and belong to no target.
        let packets = Samples.total(of: WireFamilies.packets, in: bench.engine.snapshot().samples(of: nil))
        #expect(packets.map { Int($0) } == 29)
        #expect(figures["a:6379"]?.numbers(WireFamilies.packets).isEmpty == true)
    }

    /// Nothing of a target is another's, so that each can be found to be silent.
    @Test func packetsAreCountedWhereTheyBelong() {
        var bench = Bench {
            $0.ports = PortTable([6379, 6380], of: .redis)
            $0.redis.targets = [TrafficTarget(name: "a:6379", port: 6379), TrafficTarget(name: "b:6380", port: 6380)]
        }
        bench.engine.leaveOut(Endpoint(address: Address(ipv4: 0x0A00_0001), port: 50_001))
        let (clients, own) = (wire(3, 6380, from: 50_000, gets: 5), wire(3, 6380, from: 50_001, gets: 2))
        bench.feed(clients)
        bench.feed(own)
        #expect(bench.engine.redisTotals(of: 0).packets == 0)
        #expect(bench.engine.redisTotals(of: 0).ownPackets == 0)
        #expect(bench.engine.redisTotals(of: 1).packets == UInt64(clients.packets.count))
        #expect(bench.engine.redisTotals(of: 1).ownPackets == UInt64(own.packets.count))
        #expect(bench.engine.redisTotals(of: 1).measured == 5)
        #expect(bench.engine.redisTotals(of: 2).packets == 0)
        #expect(bench.engine.redisTotals.packets == UInt64(clients.packets.count))
        let first = wire(2, 6379, from: 50_000, gets: 1)
        bench.feed(first)
        #expect(bench.engine.redisTotals(of: 0).packets == UInt64(first.packets.count))
        #expect(bench.engine.redisTotals(of: 0).measured == 1)
        #expect(bench.engine.redisTotals.measured == 6)
    }

    @Test func aPortThatSeveralShareIsToldByTheAddress() {
        var bench = Bench {
            $0.redis.targets = [
                TrafficTarget(name: "a:6379", port: 6379, endpoints: [end(2, 6379)]),
                TrafficTarget(name: "b:6379", port: 6379),
            ]
        }
        bench.engine.learnServers([end(3, 6379), end(4, 6379)], of: 1, .redis)
        for (last, count) in [(2, 1), (3, 2), (4, 4), (9, 8)] as [(UInt8, Int)] {
            bench.feed(wire(last, 6379, from: 50_000, gets: count))
        }
        #expect(figures(bench).mapValues { $0.commands["get"] } == ["a:6379": 1, "b:6379": 6, "other": 8])
    }

    /// A server whose name did not resolve at the start, or that has moved.
    @Test func connectionsGoToTheirTargetOnceItIsKnown() {
        var bench = Bench {
            $0.redis.targets = [TrafficTarget(name: "a:6379", port: 6379), TrafficTarget(name: "b:6379", port: 6379)]
        }
        var connection = wire(3, 6379, from: 50_000, gets: 10)
        bench.feed(connection)
        #expect(figures(bench)["other"]?.commands == ["get": 10])
        bench.engine.learnServers([end(3, 6379)], of: 1, .redis)
        connection.packets = []
        connection.wait(100_000)
        for _ in 0..<10 { connection.exchange(get, "$-1\r\n") }
        bench.feed(connection)
        #expect(figures(bench)["b:6379"]?.commands == ["get": 10])
        #expect(figures(bench)["other"]?.snapshot.connections == 0)
        #expect(figures(bench)["b:6379"]?.snapshot.connections == 1)
    }

    @Test func whatATargetSaysHoldsForItsTraffic() {
        var bench = Bench {
            $0.ports = PortTable([6379, 6380], of: .redis)
            $0.redis.targets = [TrafficTarget(name: "a", port: 6379), TrafficTarget(name: "b", port: 6380)]
        }
        bench.engine.learn([ServerCommand(name: "my.get", firstKey: 1)], of: 1)
        for port in [6379, 6380] as [UInt16] {
            var wire = ScriptedConnection(server: ([10, 0, 0, 2], port))
            wire.exchange(request("MY.GET", "user:1"), bulk("x"))
            bench.feed(wire)
        }
        #expect(figures(bench).mapValues(\.pairs) == ["a": [:], "b": ["user:* my.get": 1], "other": [:]])
        #expect(bench.engine.connectionsOfUnknownUser(of: 0) == 1)
        let client = Endpoint(address: Address(ipv4: 0x0A00_0001), port: 50_000)
        bench.engine.learnUsers([client: "alice"], of: 1)
        #expect(bench.engine.connectionsOfUnknownUser(of: 0) == 1)
        #expect(bench.engine.connectionsOfUnknownUser(of: 1) == 0)
        #expect(bench.engine.name([Array("MY.GET".utf8), Array("user:1".utf8)], of: 1).keyGroup == "user:*")
        #expect(bench.engine.name([Array("MY.GET".utf8), Array("user:1".utf8)], of: 0).keyGroup == nil)
    }

    /// What all connections may hold is one budget, so that memory does not grow with the targets.
    @Test func limitsInAllAreShared() {
        var bench = Bench {
            $0.ports = PortTable([6379, 6380], of: .redis)
            $0.limits.inFlightInAll = 3
            $0.redis.targets = [TrafficTarget(name: "a", port: 6379), TrafficTarget(name: "b", port: 6380)]
        }
        for port in [6379, 6380] as [UInt16] {
            var wire = ScriptedConnection(server: ([10, 0, 0, 2], port))
            wire.open()
            wire.client(get + get)
            bench.feed(wire)
        }
        #expect(figures(bench).mapValues(\.unmeasured) == ["a": [:], "b": ["queue_full": 1], "other": [:]])
    }

    @Test func aSingleTargetHasAllTraffic() {
        var bench = Bench { $0.redis.targets = [TrafficTarget(name: "a", port: 1)] }
        bench.feed(wire(2, 6379, from: 50_000, gets: 2))
        #expect(figures(bench).mapValues(\.commands) == ["": ["get": 2]])
    }
}

extension Samples {
    fileprivate static func total(of family: Descriptor, in samples: Samples) -> Double? {
        samples.sum(of: family)
    }
}
