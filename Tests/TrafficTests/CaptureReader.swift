// Reads the recordings: pcap with nanoseconds and pcapng, as the recorder writes them.

import Foundation

/// A capture file's packets.
struct CaptureReader {
    struct Malformed: Error {}

    struct Packet {
        let stamp: UInt64
        let originalLength: Int
        let frame: [UInt8]
    }

    private(set) var packets: [Packet] = []
    private let bytes: [UInt8]

    init(_ file: URL) throws {
        bytes = try Array(Data(contentsOf: file))
        switch try word(at: 0) {
        case 0xA1B2_3C4D: try readPackets()
        case 0x0A0D_0D0A: try readBlocks()
        default: throw Malformed()
        }
    }

    private mutating func readPackets() throws {
        var place = 24
        while place < bytes.count {
            let (seconds, fraction) = (try word(at: place), try word(at: place + 4))
            try add(
                at: place + 16, count: word(at: place + 8), of: word(at: place + 12), seconds * 1_000_000_000 + fraction
            )
            place += 16 + Int(try word(at: place + 8))
        }
    }

    /// Enhanced packet blocks are block type 6; their stamps are nanoseconds.
    private mutating func readBlocks() throws {
        var place = 0
        while place < bytes.count {
            if try word(at: place) == 6 {
                let stamp = try word(at: place + 12) << 32 | word(at: place + 16)
                try add(at: place + 28, count: word(at: place + 20), of: word(at: place + 24), stamp)
            }
            place += Int(try word(at: place + 4))
        }
    }

    private mutating func add(at place: Int, count: UInt64, of length: UInt64, _ stamp: UInt64) throws {
        let range = place..<place + Int(count)
        guard range.upperBound <= bytes.count else { throw Malformed() }
        packets.append(Packet(stamp: stamp, originalLength: Int(length), frame: Array(bytes[range])))
    }

    private func word(at place: Int) throws -> UInt64 {
        guard place + 4 <= bytes.count else { throw Malformed() }
        return bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
