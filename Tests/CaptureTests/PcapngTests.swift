import TestKit
import Testing
import Traffic

@testable import Capture

/// What a pcapng file may hold besides the packets of one interface.
@Suite struct PcapngTests {
    struct Seen: Equatable {
        let frame: [UInt8]
        let stamp: UInt64
        let link: LinkType
    }

    private static let second: UInt64 = 1_700_000_000

    private func packets(_ bytes: [UInt8]) throws -> [Seen] {
        let folder = try TemporaryFolder()
        var file = try PacketFile(try folder.write(bytes, to: "capture"))
        var seen: [Seen] = []
        func take(_ frame: Span<UInt8>, _ length: Int, _ stamp: UInt64, _ link: LinkType) {
            seen.append(Seen(frame: frame.indices.map { frame[$0] }, stamp: stamp, link: link))
        }
        while try file.read(atMost: 2, take) > 0 {}
        #expect(file.position == bytes.count)
        return seen
    }

    private func reason(_ bytes: [UInt8]) -> String? {
        do {
            _ = try packets(bytes)
            return nil
        } catch CaptureError.file(_, let reason) {
            return reason
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: ByteOrder.allCases)
    func eachInterfaceHasItsLinkLayerAndItsUnit(order: ByteOrder) throws {
        let half = Self.second * 1_000_000_000 + 500_000_000
        let units: [(options: [(UInt16, [UInt8])], time: UInt64)] = [
            ([], Self.second * 1_000_000 + 500_000),
            ([(9, [3])], Self.second * 1000 + 500),
            ([(9, [9])], half),
            ([(9, [10])], half * 10),
            ([(9, [0x80 | 20])], Self.second << 20 | 1 << 19),
            ([(2, Array("name".utf8)), (9, [0x81]), (14, order(Int64(-100)))], (Self.second + 100) * 2 + 1),
        ]
        let links: [(number: UInt16, LinkType)] = [(1, .ethernet), (101, .raw), (113, .linuxCooked), (0, .null)]
        var file = PcapngFile(order)
        for (index, unit) in units.enumerated() {
            file.addInterface(link: links[index % links.count].number, options: unit.options)
        }
        for (index, unit) in units.enumerated() {
            file.add([UInt8](repeating: UInt8(index), count: index), at: unit.time, on: index)
        }
        #expect(
            try packets(file.bytes)
                == units.indices.map {
                    Seen(frame: [UInt8](repeating: UInt8($0), count: $0), stamp: half, link: links[$0 % links.count].1)
                })
    }

    @Test func whatIsNoPacketIsPassedOver() throws {
        var file = PcapngFile()
        file.add(block: 0x0BAD, [UInt8](repeating: 1, count: 2 << 20))
        file.addInterface(link: 1)
        file.add(block: 4, [])
        file.add([1, 2, 3], at: 5, on: 0)
        file.add(block: 5, [UInt8](repeating: 0, count: 12))
        #expect(try packets(file.bytes) == [Seen(frame: [1, 2, 3], stamp: 5000, link: .ethernet)])
    }

    @Test func aSectionCountsItsInterfacesAnew() throws {
        var first = PcapngFile(.little)
        first.addInterface(link: 1)
        first.add([1], at: 1, on: 0)
        var second = PcapngFile(.big)
        second.addInterface(link: 101)
        second.add([2], at: 2, on: 0)
        #expect(
            try packets(first.bytes + second.bytes) == [
                Seen(frame: [1], stamp: 1000, link: .ethernet), Seen(frame: [2], stamp: 2000, link: .raw),
            ])
    }

    /// Somebody captured on everything that the machine has, a bus among it.
    @Test func interfacesThatAreNoneOfANetworkArePassedOver() throws {
        var file = PcapngFile()
        file.addInterface(link: 189)
        file.addInterface(link: 1)
        file.add([9], at: 1, on: 0)
        let alone = file.bytes
        file.add([1], at: 2, on: 1)
        #expect(try packets(file.bytes) == [Seen(frame: [1], stamp: 2000, link: .ethernet)])
        #expect(reason(alone)?.contains("the link layer 189 (pcap-linktype(7)) is not supported") == true)
    }

    @Test func whatMakesNoSenseIsAnError() throws {
        let start = PcapngFile()
        func with(_ block: UInt32, _ body: [UInt8]) -> [UInt8] {
            var file = start
            file.addInterface(link: 1)
            file.add(block: block, body)
            return file.bytes
        }
        let none = ByteOrder.little(UInt32(7)) + [UInt8](repeating: 0, count: 16)
        #expect(reason(with(6, none)) == "a packet of interface 7, which is not described")
        let huge = [UInt8](repeating: 0, count: 12) + ByteOrder.little(UInt32(1 << 20)) + [0, 0, 0, 0]
        #expect(reason(with(6, huge)) == "a packet of 1048576 bytes")
        #expect(reason(with(3, [0, 0, 0, 0])) == "packets without their time (simple packet blocks)")
        #expect(reason(start.bytes + [1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0]) == "a block of 8 bytes")
        #expect(reason(start.bytes + [1, 0, 0, 0, 21, 0, 0, 0, 0, 0, 0, 0]) == "a block of 21 bytes")
        var other = start.bytes
        other[8] = 0
        #expect(reason(other) == "a section whose order of bytes is unknown")
        other = start.bytes
        other[12] = 2
        #expect(reason(other) == "a pcapng section that is not of version 1")
    }

    @Test func aFileMayEndBetweenBlocksOnly() throws {
        var file = PcapngFile()
        var ends = [file.bytes.count]
        file.addInterface(link: 1, options: [(9, [9])])
        ends.append(file.bytes.count)
        for number in 0..<3 {
            file.add([UInt8](repeating: 7, count: 10 + number), at: 1, on: 0)
            ends.append(file.bytes.count)
        }
        for cut in 4...file.bytes.count {
            let reason = reason(Array(file.bytes.prefix(cut)))
            #expect((reason == nil) == ends.contains(cut), "\(cut): \(reason ?? "")")
        }
    }
}
