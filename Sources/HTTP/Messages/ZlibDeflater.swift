import CZlib

/// Owns one compressor of zlib; frees its memory, which is most of its cost, when it goes.
@safe
struct ZlibDeflater: ~Copyable {
    /// On the heap, because zlib's state points back to it.
    private let stream: UnsafeMutablePointer<z_stream>

    /// A part begins with the clearing of zlib's memory, which for a small one costs more than its bytes. Parts of many
    /// kilobytes have a window of 16 KiB and a hash of 32 KiB, half of zlib's usual memory, for 1 % larger pages. Small
    /// ones 4 KiB and 2 KiB.
    /// - Throws: ``GzipError`` when memory is short.
    init(forPartsOf length: Int) throws(GzipError) {
        let isLarge = length > 16384
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let status = unsafe sidelong_deflate_init(stream, Z_BEST_SPEED, isLarge ? 14 : 12, isLarge ? 7 : 3)
        guard status == Z_OK else {
            unsafe stream.deallocate()
            throw GzipError(status: status)
        }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    mutating func segment(_ bytes: [UInt8]) throws(GzipError) -> GzipSegment {
        let checksum = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe UInt32(truncatingIfNeeded: crc32_z(0, input.baseAddress, input.count))
        }
        return GzipSegment(blocks: try compress(bytes), checksum: checksum, length: bytes.count)
    }

    private mutating func compress(_ bytes: [UInt8]) throws(GzipError) -> [UInt8] {
        guard let size = UInt32(exactly: bytes.count) else { throw GzipError(status: Z_BUF_ERROR) }
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
