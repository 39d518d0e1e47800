// A line of a head that comes in several packets has to be kept until its end is there. It may be a token, so what is
// kept is overwritten as soon as it has been looked at.

/// The beginning of a line: the first ``count`` of ``bytes``, and nothing of it once it is cleared.
struct PartialLine: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0
    /// Whether more came than is kept.
    private(set) var isCut = false
    /// Whether the line is passed over.
    private(set) var isSkipped = false

    /// Whether the next byte starts a line.
    @inline(__always)
    var isEmpty: Bool { count == 0 && !isSkipped }

    /// Keeps the next bytes of the line, up to ``HTTPLimits/line``.
    ///
    /// - Parameter room: bytes that may be kept in addition; what is taken of it is subtracted.
    mutating func append(_ source: Span<UInt8>, _ range: Range<Int>, room: inout Int) {
        guard !isSkipped else { return }
        let wanted = Swift.min(range.count, HTTPLimits.line - count)
        if count + wanted > bytes.count { grow(to: count + wanted, room: &room) }
        let taken = Swift.min(wanted, bytes.count - count)
        if taken < range.count { isCut = true }
        for place in range.prefix(taken) {
            bytes[count] = source[place]
            count += 1
        }
    }

    /// Passes over the line's rest.
    mutating func skip(room: inout Int) {
        clear(room: &room)
        isSkipped = true
    }

    /// Forgets the line.
    mutating func clear(room: inout Int) {
        guard !bytes.isEmpty || isSkipped else { return }
        wipe()
        room += bytes.count
        self = PartialLine()
    }

    private mutating func wipe() {
        for place in 0..<count { bytes[place] = 0 }
    }

    private mutating func grow(to needed: Int, room: inout Int) {
        var size = Swift.max(256, bytes.count)
        while size < needed { size *= 2 }
        guard size - bytes.count <= room else { return }
        room -= size - bytes.count
        var larger = [UInt8](repeating: 0, count: size)
        for place in 0..<count { larger[place] = bytes[place] }
        wipe()
        bytes = larger
    }
}
