internal import CISAL

/// Owns one compressor of ISA-L, which is loaded with the first of them. Reads no environment and no file.
@safe
struct ISALDeflater: ~Copyable {
    private let handle: OpaquePointer

    /// Nil where the machine has no such library, and when memory is short.
    init?() {
        guard Self.isLoaded, let handle = unsafe sidelong_isal_new() else { return nil }
        unsafe self.handle = handle
    }

    deinit {
        unsafe sidelong_isal_free(handle)
    }

    private static let isLoaded = unsafe sidelong_load_isal() == nil

    /// Nil for what the library refuses.
    mutating func segment(_ bytes: [UInt8]) -> GzipSegment? {
        let handle = unsafe handle
        // Bytes that do not compress are stored, in blocks of 64 KiB with a head of five bytes; the flush adds as many.
        let room = bytes.count + bytes.count >> 10 + 128
        let blocks = unsafe [UInt8](unsafeUninitializedCapacity: room) { output, count in
            unsafe bytes.withUnsafeBufferPointer { input in
                guard let input = input.baseAddress, let output = output.baseAddress else { return }
                unsafe count = sidelong_isal_compress(handle, input, bytes.count, output, room)
            }
        }
        guard !blocks.isEmpty else { return nil }
        let checksum = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe input.baseAddress.map { unsafe sidelong_isal_checksum($0, input.count) } ?? 0
        }
        return GzipSegment(blocks: blocks, checksum: checksum, length: bytes.count)
    }
}
