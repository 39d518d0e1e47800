// The bytes of a response at addresses that stay, so that the server sends them without copying them again, and a slow
// reader holds nothing but its own reference to them.

/// Bytes to send, shared by all responses that were made with them.
///
/// Making one from bytes costs a copy; joining some, and giving one to any number of responses, costs none. Keep one as
/// long as the same bytes are served.
public struct HTTPBody: Sendable {
    /// None of them empty.
    let blocks: [Block]

    public init(_ bytes: [UInt8]) {
        blocks = bytes.isEmpty ? [] : [Block(bytes)]
    }

    public init(_ text: String) {
        self.init(Array(text.utf8))
    }

    /// The parts one after the other.
    public init(joining parts: [HTTPBody]) {
        blocks = parts.flatMap(\.blocks)
    }

    /// How many bytes there are.
    public var count: Int { blocks.reduce(0) { $0 + $1.count } }

    /// A copy of the bytes.
    public var bytes: [UInt8] { blocks.flatMap(\.bytes) }

    /// Bytes that lie side by side.
    @safe
    final class Block: Sendable {
        /// Written once in `init`, read only from then on, freed in `deinit`: safe to share between threads.
        private nonisolated(unsafe) let storage: UnsafeMutableRawBufferPointer

        init(_ bytes: [UInt8]) {
            unsafe storage = .allocate(byteCount: bytes.count, alignment: 1)
            unsafe storage.copyBytes(from: bytes)
        }

        deinit {
            unsafe storage.deallocate()
        }

        var count: Int { unsafe storage.count }
        var bytes: [UInt8] { unsafe Array(storage) }
        /// The first byte; valid as long as this object.
        @unsafe var address: UnsafeRawPointer? { unsafe UnsafeRawPointer(storage.baseAddress) }
    }
}
