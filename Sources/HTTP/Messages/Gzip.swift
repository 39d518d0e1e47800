// Compression for `Content-Encoding: gzip`. A page consists of many parts of which few change between two scrapes. So a
// part can be compressed alone, kept, and joined with others to one gzip stream without touching its bytes again.

import CZlib

/// A part of a gzip stream: independent of what comes before and after it.
public struct GzipSegment: Sendable, Equatable {
    /// Raw deflate blocks that end at a byte boundary, none of them the last.
    let blocks: [UInt8]
    /// CRC-32 of the bytes before compression.
    let checksum: UInt32
    /// How many bytes there were before compression.
    public let length: Int
}

/// Whole gzip streams (RFC 1952).
public enum Gzip {
    /// One stream with one member, made of parts that were compressed before.
    ///
    /// Costs a copy of the compressed bytes and about a microsecond for each part's checksum.
    public static func join(_ segments: [GzipSegment]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(segments.reduce(header.count + lastBlock.count + 8) { $0 + $1.blocks.count })
        bytes += header
        var checksum: UInt = 0
        var length = 0
        for segment in segments {
            bytes += segment.blocks
            checksum = crc32_combine(checksum, UInt(segment.checksum), segment.length)
            length += segment.length
        }
        bytes += lastBlock
        append(UInt32(truncatingIfNeeded: checksum), to: &bytes)
        append(UInt32(truncatingIfNeeded: length), to: &bytes)
        return bytes
    }

    /// Deflate, no name, no time, made on Unix.
    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    /// RFC 1951 section 3.2.3: a block with the final bit, fixed codes, and nothing but its end.
    private static let lastBlock: [UInt8] = [3, 0]

    private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

/// A part could not be compressed.
public struct GzipError: Error, Sendable, Equatable, CustomStringConvertible {
    let status: Int32

    public var description: String {
        switch status {
        case Z_MEM_ERROR: "not enough memory to compress"
        case Z_BUF_ERROR: "too much at once to compress"
        default: "zlib refused to compress, status \(status)"
        }
    }
}
