// Compression for `Content-Encoding: gzip`. A page consists of many parts of which few change between two scrapes, so a
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

    /// How many bytes are left.
    public var compressedLength: Int { blocks.count }
}

/// Compresses bytes; frees its memory, which is most of its cost, when it goes.
///
/// It holds 128 KiB, or 16 KiB for small parts: make one for a round of work, not for keeps.
@safe
public struct Deflater: ~Copyable {
    /// What the parts are like. A part begins with the clearing of zlib's memory, which for a small one costs more than
    /// its bytes.
    public enum Parts: Sendable {
        /// Many kilobytes. A window of 16 KiB and a hash of 32 KiB: half of zlib's usual memory, 1 % larger pages.
        case large
        /// A few kilobytes. A window of 4 KiB and a hash of 2 KiB.
        case small

        fileprivate var windowBits: Int32 { self == .large ? 14 : 12 }
        fileprivate var memoryLevel: Int32 { self == .large ? 7 : 3 }
    }

    /// On the heap, because zlib's state points back to it.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter level: 1 is fastest, 9 is smallest.
    /// - Throws: ``GzipError`` when memory is short.
    public init(level: Int = 6, for parts: Parts = .large) throws(GzipError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let status = unsafe sidelong_deflate_init(
            stream, Int32(clamping: max(1, min(9, level))), parts.windowBits, parts.memoryLevel)
        guard status == Z_OK else {
            unsafe stream.deallocate()
            throw GzipError(status: status)
        }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Compresses one part on its own.
    ///
    /// Each large part costs some 25 microseconds and starts without knowing the others: cut into parts of 2 KiB, a
    /// page of metrics comes out at twice the size of the whole page compressed at once; into parts of 8 KiB, a third
    /// larger; of 32 KiB, a tenth.
    public mutating func segment(_ bytes: [UInt8]) throws(GzipError) -> GzipSegment {
        let checksum = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe UInt32(truncatingIfNeeded: crc32_z(0, input.baseAddress, input.count))
        }
        return GzipSegment(blocks: try compress(bytes), checksum: checksum, length: bytes.count)
    }

    private mutating func compress(_ bytes: [UInt8]) throws(GzipError) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        guard let size = UInt32(exactly: bytes.count) else { throw GzipError(status: Z_BUF_ERROR) }
        unsafe deflateReset(stream)
        // A flush needs room beyond the bound for its marker of at most six bytes.
        let room = unsafe Int(deflateBound(stream, UInt(size))) + 16
        let stream = unsafe stream
        var status = Z_OK
        let blocks = unsafe [UInt8](unsafeUninitializedCapacity: room) { output, count in
            unsafe bytes.withUnsafeBufferPointer { input in
                unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = size
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = UInt32(clamping: output.count)
                unsafe status = deflate(stream, Z_FULL_FLUSH)
                unsafe count = output.count - Int(stream.pointee.avail_out)
                // Input that is left, or output that is full, means that the flush did not come to its end.
                let isWhole = unsafe stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
                if status == Z_OK && !isWhole { status = Z_BUF_ERROR }
            }
        }
        guard status == Z_OK else { throw GzipError(status: status) }
        return blocks
    }
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

/// zlib could not compress.
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
