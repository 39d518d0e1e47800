// Packets that pass several captured interfaces, and connections that are shown again when they are over.

import TestKit
import Testing

@testable import Traffic

@Suite struct VantageTests {
    private let get = request("GET", "user:1")

    /// Capture 3: twenty connections, every packet twice.
    @Test func aShortConnectionThatIsSeenTwiceCountsOnce() throws {
        let figures = try Recording.case("3-short-connections-seen-twice")
        #expect(figures.commands == ["get": 20])
        #expect(figures.misses.values.reduce(0, +) == 20)
        #expect(figures.unmeasured.isEmpty)
        #expect(figures.microseconds("get") == 1_000)
    }

    /// Short connections and a long one with pipelines, as one interface shows them.
    private func traffic() -> [CapturedPacket] {
        var packets: [CapturedPacket] = []
        var long = ScriptedConnection(clientPort: 40_000)
        long.open()
        for number in 0..<200 as Range<UInt64> {
            var short = ScriptedConnection(
                clientPort: 41_000 + UInt16(number), clientSequence: UInt32(number) &* 77_777, time: long.time)
            short.open()
            short.exchange(get, number % 3 == 0 ? "$-1\r\n" : bulk("x"))
            short.exchange(request("SET", "cart:\(number)", "v"), "+OK\r\n")
            short.close()
            packets += short.packets
            long.wait(3_000)
            long.client(get, get + request("INCR", "count"))
            long.wait(70)
            long.server(bulk("x") + bulk("y"), ":1\r\n")
        }
        return (packets + long.packets).enumerated()
            .sorted { ($0.element.stamp, $0.offset) < ($1.element.stamp, $1.offset) }.map(\.element)
    }

    /// The kernel hands over the packets of each interface in blocks, so that those of one may be far ahead.
    @Test(arguments: 1...20)
    func whatPassesSeveralInterfacesCountsOnce(seed: UInt64) {
        let packets = traffic()
        var single = Bench()
        single.feed(packets)
        var several = Bench()
        let interfaces = [0, several.engine.addInterface("br0"), several.engine.addInterface("veth0")]
        var dice = Dice(seed: seed)
        var places = interfaces.map { _ in 0 }
        while places.contains(where: { $0 < packets.count }) {
            let interface = interfaces.randomElement(using: &dice) ?? 0
            let end = min(packets.count, places[interface] + Int.random(in: 1...30, using: &dice))
            // One has passed a little later than the other.
            let block = packets[places[interface]..<end].map { packet in
                var packet = packet
                packet.stamp += UInt64(interface) * 700
                return packet
            }
            several.feed(block, interface: interface)
            places[interface] = end
        }
        let (right, figures) = (single.figures, several.figures)
        #expect(figures.commands == right.commands)
        #expect(figures.pairs == right.pairs)
        #expect(figures.hits == right.hits)
        #expect(figures.misses == right.misses)
        #expect(figures.unmeasured == right.unmeasured)
        #expect(figures.resyncs.isEmpty)
        #expect(figures.snapshot.connections == 1)
    }

    @Test func aConnectionMovesOnWhenItsInterfaceFallsSilent() {
        var bench = Bench()
        let second = bench.engine.addInterface("eth1")
        var wire = ScriptedConnection()
        wire.open()
        for number in 0..<300 {
            wire.exchange(get, bulk("x"))
            wire.wait(20_000)
            if number == 100 {
                // From here on only the second interface shows it.
                bench.feed(wire.packets)
                bench.feed(wire.packets, interface: second)
                wire.packets = []
            }
        }
        bench.feed(wire.packets, interface: second)
        let measured = bench.figures.commands["get"] ?? 0
        #expect(measured >= 300 - 51 && measured < 300, "\(measured)")
        #expect(bench.figures.isBalanced)
    }

    /// Asked through one interface and answered through another, as policy routing has it.
    @Test func eachDirectionMayHaveAnInterfaceOfItsOwn() {
        var bench = Bench()
        let second = bench.engine.addInterface("eth1")
        var wire = ScriptedConnection()
        wire.open()
        for _ in 0..<100 { wire.exchange(get, bulk("x")) }
        for packet in wire.packets { bench.feed([packet], interface: packet.isReply ? second : 0) }
        #expect(bench.figures.commands == ["get": 100])
        #expect(bench.figures.unmeasured.isEmpty)
    }

    @Test func aPortThatIsUsedAgainIsAnotherConnection() {
        var bench = Bench()
        for number in 0..<3 as Range<UInt32> {
            var wire = ScriptedConnection(
                clientSequence: 1_000 + number * 1_000, time: 1_700_000_000_000_000_000 + UInt64(number) * 1_000_000)
            wire.open()
            wire.exchange(get, bulk("x"))
            wire.close()
            bench.feed(wire)
            bench.feed(wire)
        }
        #expect(bench.figures.commands == ["get": 3])
        #expect(bench.figures.snapshot.connections == 0)
    }

    @Test func repetitionsAreNoDuplicates() {
        let figures = figures { wire in
            wire.client(get)
            wire.wait(300_000)
            wire.packets.append(wire.packets[wire.packets.count - 1])  // never arrived, and is sent again
            wire.server(bulk("x"))
            wire.exchange(get, bulk("x"))
        }
        #expect(figures.commands == ["get": 2])
        #expect(figures.microseconds("get") == 300_100)
    }

    @Test func onlySoManyClosedConnectionsAreRemembered() {
        var bench = Bench()
        var wires: [ScriptedConnection] = []
        for number in 0..<20_000 as Range<UInt32> {
            var wire = ScriptedConnection(
                clientPort: UInt16(1_024 + number), clientSequence: number &* 99_991,
                time: 1_700_000_000_000_000_000 + UInt64(number) * 100_000)
            wire.open()
            wire.exchange(get, bulk("x"))
            wire.close()
            wires.append(wire)
            bench.feed(wire)
        }
        #expect(bench.figures.commands == ["get": 20_000])
        // Those that ended last are known still.
        for wire in wires.suffix(200) { bench.feed(wire) }
        #expect(bench.figures.commands == ["get": 20_000])
    }
}
