// A capture file is read in large pieces, and its packets are measured where they lie. Mapped, they would come from
// memory instead of the processor's cache, and a file that is cut short meanwhile would end the process.

import Glibc

/// A part of a file, or of what a pipe brings, that moves from the start to the end.
@safe
struct FileWindow: ~Copyable {
    /// Bytes that can be seen at once: what a processor's cache holds, and more than the largest packet.
    static let size = 512 << 10

    private let descriptor: Int32
    private let bytes: UnsafeMutableRawPointer
    private var start = 0
    private var end = 0
    /// How much lies behind, in bytes.
    private(set) var position = 0
    /// Whether the file's numbers have the other order of bytes than this machine's.
    var isSwapped = false

    init(_ path: String) throws(PacketFileFault) {
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno) }
        unsafe bytes = .allocate(byteCount: Self.size, alignment: 64)
    }

    deinit {
        unsafe bytes.deallocate()
        close(descriptor)
    }

    /// Whether so many bytes, at most ``size``, can be seen; otherwise the file ends before.
    @inline(__always)
    mutating func has(_ count: Int) throws(PacketFileFault) -> Bool {
        if end - start < count { try fill(count) }
        return end - start >= count
    }

    private mutating func fill(_ count: Int) throws(PacketFileFault) {
        unsafe memmove(bytes, bytes + start, end - start)
        end -= start
        start = 0
        while end < count {
            let more = unsafe read(descriptor, bytes + end, Self.size - end)
            if more < 0 && errno == EINTR { continue }
            guard more >= 0 else { throw .system(errno) }
            if more == 0 { return }
            end += more
        }
    }

    /// Leaves bytes behind, whether they can be seen or not.
    @inline(__always)
    mutating func pass(_ count: Int) throws(PacketFileFault) {
        var rest = count
        while rest > end - start {
            rest -= end - start
            move(end - start)
            guard try has(min(rest, Self.size)) else { throw .cut }
        }
        move(rest)
    }

    @inline(__always)
    private mutating func move(_ count: Int) {
        start += count
        position += count
    }

    /// Shows bytes that can be seen.
    @inline(__always)
    func show(at offset: Int, _ count: Int, _ take: (Span<UInt8>) -> Void) {
        take(unsafe Span(_unsafeStart: (bytes + start + offset).assumingMemoryBound(to: UInt8.self), count: count))
    }

    /// A number of four bytes of the file that can be seen.
    @inline(__always)
    func number(at offset: Int) -> UInt32 { number(at: offset, UInt32.self) }

    /// A number of another size.
    @inline(__always)
    func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, _: Number.Type) -> Number {
        let number = unsafe (bytes + start + offset).loadUnaligned(as: Number.self)
        return isSwapped ? number.byteSwapped : number
    }
}
