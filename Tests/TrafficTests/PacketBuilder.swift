// Packets made by hand.

@testable import Traffic

/// Big-endian numbers for headers.
func bytes<T: FixedWidthInteger>(_ number: T) -> [UInt8] {
    (0..<T.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: number >> T($0 * 8)) }
}

/// A TCP segment to be wrapped in any headers.
struct TCPSegment {
    var sourcePort: UInt16 = 50_000
    var destinationPort: UInt16 = 6379
    var sequence: UInt32 = 0
    var acknowledgment: UInt32 = 0
    var flags: UInt8 = 0x18
    var options: [UInt8] = []
    var payload: [UInt8] = []

    var encoded: [UInt8] {
        var segment = bytes(sourcePort) + bytes(destinationPort) + bytes(sequence) + bytes(acknowledgment)
        segment += [UInt8((20 + options.count) / 4) << 4, flags] + bytes(UInt16.max) + [0xBA, 0xD0, 0, 0]
        return segment + options + payload
    }
}

/// An IP packet around a segment.
enum IPPacket {
    static func v4(
        _ segment: TCPSegment, from source: [UInt8] = [10, 0, 0, 1], to destination: [UInt8] = [10, 0, 0, 2],
        totalLength: UInt16? = nil, fragment: UInt16 = 0x4000, transport: UInt8 = 6, options: [UInt8] = []
    ) -> [UInt8] {
        let body = segment.encoded
        let headerLength = 20 + options.count
        var packet: [UInt8] = [0x40 | UInt8(headerLength / 4), 0]
        packet += bytes(totalLength ?? UInt16(truncatingIfNeeded: headerLength + body.count))
        packet += [0, 1] + bytes(fragment) + [64, transport, 0xBA, 0xD0]
        return packet + source + destination + options + body
    }

    static func v6(
        _ segment: TCPSegment, from source: [UInt8] = [0xFD] + Array(repeating: 0, count: 14) + [1],
        to destination: [UInt8] = [0xFD] + Array(repeating: 0, count: 14) + [2], payloadLength: UInt16? = nil,
        next: UInt8 = 6, extensions: [UInt8] = []
    ) -> [UInt8] {
        let body = extensions + segment.encoded
        let length = payloadLength ?? UInt16(truncatingIfNeeded: body.count)
        return [0x60, 0, 0, 0] + bytes(length) + [next, 64] + source + destination + body
    }
}

/// Frames of each link layer around an IP packet.
enum Frame {
    static func ethernet(_ packet: [UInt8], tags: [UInt16] = [], padding: Int = 0) -> [UInt8] {
        var frame = [UInt8](repeating: 2, count: 12)
        for tag in tags { frame += bytes(tag) + [0, 7] }
        return frame + type(of: packet) + packet + [UInt8](repeating: 0, count: padding)
    }

    static func cooked(_ packet: [UInt8]) -> [UInt8] {
        Array(repeating: 0, count: 14) + type(of: packet) + packet
    }

    static func cooked2(_ packet: [UInt8]) -> [UInt8] {
        type(of: packet) + Array(repeating: 0, count: 18) + packet
    }

    static func null(_ packet: [UInt8]) -> [UInt8] {
        [2, 0, 0, 0] + packet
    }

    private static func type(of packet: [UInt8]) -> [UInt8] {
        packet[0] >> 4 == 4 ? [0x08, 0x00] : [0x86, 0xDD]
    }
}
