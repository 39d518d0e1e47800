// Places in a TCP stream. They wrap around every 4 GiB.

/// A TCP sequence number (RFC 9293 section 3.4), compared modulo 2^32.
struct SequenceNumber: Equatable, Sendable {
    private let value: UInt32

    init(_ value: UInt32) {
        self.value = value
    }

    /// How many bytes this place is after the other one; negative when it is before.
    @inline(__always)
    func distance(from other: SequenceNumber) -> Int {
        Int(Int32(bitPattern: value &- other.value))
    }

    @inline(__always)
    static func + (place: SequenceNumber, count: Int) -> SequenceNumber {
        SequenceNumber(place.value &+ UInt32(truncatingIfNeeded: count))
    }

    @inline(__always)
    static func += (place: inout SequenceNumber, count: Int) {
        place = place + count
    }
}
