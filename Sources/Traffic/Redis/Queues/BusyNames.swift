// The queues and channels that are used most, by their whole names. The names stay within the process: they tell what
// Redis is to be asked about, and the page shows the group of each.

/// The busiest of many names, in fixed memory.
struct BusyNames: Sendable {
    /// What is kept of one name.
    struct Name: Sendable {
        let bytes: [UInt8]
        /// Of a channel: whether it belongs to a slot of a cluster (SPUBLISH).
        let isSharded: Bool
        fileprivate(set) var group: GroupHandle
    }

    private static let capacity = 200
    /// The longest name that is kept, in bytes.
    private static let longest = 256

    private let hasher: Hasher64
    private var counts = SpaceSaving(capacity: capacity)
    private var names: [Name] = []

    init(_ hasher: Hasher64) {
        self.hasher = hasher
    }

    /// Counts one use of a name.
    mutating func record(_ name: Span<UInt8>, isSharded: Bool = false, group: GroupHandle) {
        guard name.count <= Self.longest else { return }
        switch counts.record(hash(name, isSharded)) {
        case .known(let slot): names[slot].group = group
        case .entered(let slot):
            let entry = Name(bytes: name.indices.map { name[$0] }, isSharded: isSharded, group: group)
            if slot == names.count { names.append(entry) } else { names[slot] = entry }
        }
    }

    /// Whether a name is among those that are kept.
    func knows(_ name: Span<UInt8>) -> Bool { name.count <= Self.longest && counts.knows(hash(name, false)) }

    private func hash(_ name: Span<UInt8>, _ isSharded: Bool) -> UInt64 {
        hasher.hash(name, name.indices, after: isSharded ? 1 : 0)
    }

    /// Those that were used most, by what is certain.
    func busiest(_ count: Int) -> [Name] {
        let order = zip(names, counts.counters).sorted { left, right in
            left.1.certain == right.1.certain
                ? left.0.bytes.lexicographicallyPrecedes(right.0.bytes) : left.1.certain > right.1.certain
        }
        return order.prefix(count).map(\.0)
    }

    /// Lets what is long ago weigh less. A name stays until another one needs its place.
    mutating func age() {
        counts.age()
    }
}

/// A queue or a channel that clients use.
public struct BusyName: Sendable {
    /// Its whole name, which must not leave the process.
    public let name: [UInt8]
    /// What it is called on the page.
    public let group: String
    /// Of a channel: whether it belongs to a slot of a cluster (SPUBLISH).
    public let isSharded: Bool
}
