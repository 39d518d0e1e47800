import Glibc
import TestKit
import Testing
import Traffic

@testable import Capture

/// The kernel's answer to packets, from their IP header on.
@Suite struct PacketFilterTests {
    /// A pair of sockets of which one has a filter. The kernel shows it a message as it shows one a packet.
    private final class FilteredPair {
        private var ends: [Int32] = [-1, -1]

        init(_ filter: PacketFilter) throws {
            let status = unsafe socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0, &ends)
            try #require(status == 0 && filter.attach(to: ends[1]))
        }

        deinit {
            for end in ends { close(end) }
        }

        /// How much of a packet is kept.
        func keeps(of packet: [UInt8]) throws -> Int {
            let count = packet.count
            let sent = unsafe send(ends[0], packet, count, 0)
            // What is not taken is no error to the sender here; nothing comes then.
            guard sent == count else { return 0 }
            var buffer = [UInt8](repeating: 0, count: 1 << 17)
            return max(0, unsafe recv(ends[1], &buffer, buffer.count, Int32(MSG_DONTWAIT)))
        }
    }

    /// A TCP segment of so many bytes, headers included.
    private func packet(from source: UInt16, to destination: UInt16, _ length: Int, version: UInt8 = 4) -> [UInt8] {
        var packet = [UInt8](repeating: 0x78, count: length)
        let header: Int
        if version == 4 {
            header = 20
            packet.replaceSubrange(0..<20, with: [0x45, 0, 0, 0, 0, 0, 0, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1])
        } else {
            header = 40
            packet.replaceSubrange(0..<40, with: [0x60, 0, 0, 0, 0, 0, 6] + [UInt8](repeating: 0, count: 33))
        }
        for (place, port) in [(header, source), (header + 2, destination)] {
            packet[place] = UInt8(port >> 8)
            packet[place + 1] = UInt8(port & 0xFF)
        }
        return packet
    }

    private func filter(whole: Bool) -> PacketFilter {
        let (redis, postgres) = (SnapLengths.of(.redis, whole: whole), SnapLengths.of(.postgres, whole: whole))
        return PacketFilter([([6379, 6380], redis), ([8080], .segment), ([5432], postgres)])
    }

    @Test(arguments: [4, 6] as [UInt8])
    func eachProtocolHasItsLength(version: UInt8) throws {
        for whole in [true, false] {
            let pair = try FilteredPair(filter(whole: whole))
            let redis = whole ? 65_535 : 4096
            for (port, kept) in [(6379, redis), (6380, redis), (8080, 8500), (5432, 8500)] {
                for length in [60, 4096, 4097, 9000, 65_535] {
                    let request = packet(from: 50_000, to: UInt16(port), length, version: version)
                    let reply = packet(from: UInt16(port), to: 50_000, length, version: version)
                    #expect(try pair.keeps(of: request) == min(length, kept), "to \(port)")
                    #expect(try pair.keeps(of: reply) == min(length, kept), "from \(port)")
                }
            }
            #expect(try pair.keeps(of: packet(from: 50_000, to: 6381, 60, version: version)) == 0)
        }
    }

    @Test func eachDirectionHasItsLength() throws {
        let lengths = SnapLengths(requests: 5_000, replies: 300)
        let pair = try FilteredPair(PacketFilter([([6379], lengths)]))
        #expect(try pair.keeps(of: packet(from: 50_000, to: 6379, 9_000)) == 5_000)
        #expect(try pair.keeps(of: packet(from: 6379, to: 50_000, 9_000)) == 300)
    }

    /// A client's own port may be one that is watched.
    @Test func betweenTwoServersTheFirstOneDecides() throws {
        let pair = try FilteredPair(filter(whole: false))
        #expect(try pair.keeps(of: packet(from: 8080, to: 6379, 9_000)) == 4096)
        #expect(try pair.keeps(of: packet(from: 6379, to: 8080, 9_000)) == 4096)
    }

    @Test func whatIsNoTCPIsNotTaken() throws {
        let pair = try FilteredPair(filter(whole: true))
        var datagram = packet(from: 50_000, to: 6379, 60)
        datagram[9] = 17
        #expect(try pair.keeps(of: datagram) == 0)
        var (other, foreign) = (packet(from: 50_000, to: 6379, 60, version: 6), packet(from: 50_000, to: 6379, 60))
        other[6] = 17
        foreign[0] = 0x75
        #expect(try pair.keeps(of: other) == 0 && pair.keeps(of: foreign) == 0)
        let nothing = try FilteredPair(.nothing)
        #expect(try nothing.keeps(of: packet(from: 50_000, to: 6379, 60)) == 0)
    }

    /// Options move the ports, the first fragment has them, and a packet that ends before them has none.
    @Test func portsAreFoundWhereTheyAre() throws {
        let pair = try FilteredPair(filter(whole: true))
        let plain = packet(from: 50_000, to: 6379, 60)
        var withOptions = [0x46] + plain[1..<20] + [1, 1, 1, 0] + plain[20...]
        #expect(try pair.keeps(of: withOptions) == 64)
        withOptions[0] = 0x45
        #expect(try pair.keeps(of: withOptions) == 0)
        for (flags, kept) in [(0x20, 60), (0x40, 60), (0x01, 0), (0x3F, 0)] as [(UInt8, Int)] {
            var fragment = plain
            fragment[6] = flags
            #expect(try pair.keeps(of: fragment) == kept)
        }
        for count in [1, 9, 20, 23] { #expect(try pair.keeps(of: Array(plain[..<count])) == 0) }
    }

    /// The kernel takes programs of 4,096 operations.
    @Test func manyPortsAreOneProgram() throws {
        let ports = (0..<1_000).map { UInt16(10_000 + $0) }
        let pair = try FilteredPair(PacketFilter([(ports, .heads)]))
        for (port, kept) in [(9_999, 0), (10_000, 60), (10_999, 60), (11_000, 0)] as [(UInt16, Int)] {
            #expect(try pair.keeps(of: packet(from: 50_000, to: port, 60)) == kept)
            #expect(try pair.keeps(of: packet(from: port, to: 50_000, 60)) == kept)
        }
    }

    @Test func aPacketTakesUpAQuarterOfTheRingAtTheMost() throws {
        let (scope, redis) = (TapScope.named("lo", isLoopback: true), PortTable([6379], of: .redis))
        let small = SnapFilters(redis, scope, ring: 64 << 10)
        #expect(small.longest == 16_128 && small.shortest == 4096)
        let pair = try FilteredPair(small.whole)
        #expect(try pair.keeps(of: packet(from: 50_000, to: 6379, 65_535)) == 16_128)
        #expect(SnapFilters(redis, scope, ring: 4 << 20).longest == 65_535)
    }

    /// Of other protocols a fixed length is kept, whatever it is that is behind it.
    @Test func onlyWhatMayBeKeptShortHasAnExcess() {
        let filters = SnapFilters(
            PortTable([6379], of: .redis), .named("lo", isLoopback: true), ring: 4 << 20)
        #expect(filters.excess(kept: 4096, of: 10_096) == 6_000)
        #expect(filters.excess(kept: 10_096, of: 10_096) == 6_000)
        #expect(filters.excess(kept: 8500, of: 60_000) == 0)
        #expect(filters.excess(kept: 100, of: 100) == 0)
    }
}
