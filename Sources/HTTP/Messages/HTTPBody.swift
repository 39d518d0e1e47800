// The bytes of a response at an address that stays. The server sends them without copying them again, and a slow reader
// holds nothing but its own reference to them.

/// Bytes to send, shared by all responses that were made with them.
///
/// Making one costs a copy; giving it to any number of responses costs none. Keep it as long as the same page is
/// served.
@safe
public final class HTTPBody: Sendable {
    /// Written once in `init`, read only from then on, freed in `deinit`: safe to share between threads.
    private nonisolated(unsafe) let storage: UnsafeMutableRawBufferPointer

    public convenience init(_ bytes: [UInt8]) {
        self.init(joining: [bytes])
    }

    /// The parts one after the other; costs one copy of each.
    public init(joining parts: [[UInt8]]) {
        unsafe storage = .allocate(byteCount: parts.reduce(0) { $0 + $1.count }, alignment: 1)
        var end = 0
        for part in parts {
            unsafe UnsafeMutableRawBufferPointer(rebasing: storage[end...]).copyBytes(from: part)
            end += part.count
        }
    }

    public convenience init(_ text: String) {
        self.init(Array(text.utf8))
    }

    deinit {
        unsafe storage.deallocate()
    }

    /// How many bytes there are.
    public var count: Int { unsafe storage.count }

    /// A copy of the bytes.
    public var bytes: [UInt8] { unsafe Array(storage) }

    /// The first byte; valid as long as this object.
    @unsafe var address: UnsafeMutableRawPointer? { unsafe storage.baseAddress }
}
