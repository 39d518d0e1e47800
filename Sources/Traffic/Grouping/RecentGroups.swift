// Most keys are of a kind that was seen a moment ago. Their group is remembered, so that they need not be judged.

/// The groups of the shapes and names seen last.
struct RecentGroups: Sendable {
    private struct Entry: Sendable {
        let hash: UInt64
        let group: GroupHandle
    }

    /// 16 bytes each.
    private static let capacity = 512

    private var entries = [Entry](repeating: Entry(hash: 0, group: .none), count: capacity)
    /// The places of digits that count, of shapes that have such.
    private var digits = [(hash: UInt64, places: UInt64)](repeating: (0, 0), count: 64)

    @inline(__always)
    func find(_ hash: UInt64) -> GroupHandle? {
        let entry = entries[Self.slot(of: hash)]
        return entry.hash == hash ? entry.group : nil
    }

    mutating func remember(_ hash: UInt64, _ group: GroupHandle) {
        entries[Self.slot(of: hash)] = Entry(hash: hash, group: group)
    }

    /// The places of the digits that keys of a shape differ by; 0 when that is not known.
    func digits(of shape: UInt64) -> UInt64 {
        let entry = digits[Self.slot(of: shape) & 63]
        return entry.hash == shape ? entry.places : 0
    }

    mutating func remember(_ shape: UInt64, digits places: UInt64) {
        digits[Self.slot(of: shape) & 63] = (shape, places)
    }

    @inline(__always)
    private static func slot(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> 8) & (capacity - 1)
    }
}
