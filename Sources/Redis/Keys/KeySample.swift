// The keys that were looked at last. Older ones make place, so that the sample tells of the server as it is now.

/// A bounded sample of keys.
struct KeySample: Sendable {
    struct Kind: Hashable, Sendable {
        let group: String
        let type: String
    }

    struct Total: Equatable, Sendable {
        var keys = 0
        var bytes = 0.0
    }

    private struct Key: Sendable {
        let kind: Kind
        let bytes: Double
    }

    /// Keys that are kept: ten minutes at a hundred a minute.
    static let capacity = 1000

    private var keys: [Key] = []
    private var oldest = 0

    mutating func add(group: String, type: String, bytes: Double) {
        let key = Key(kind: Kind(group: group, type: type), bytes: bytes)
        guard keys.count == Self.capacity else { return keys.append(key) }
        keys[oldest] = key
        oldest = (oldest + 1) % Self.capacity
    }

    /// The sample by group and type.
    var totals: [Kind: Total] {
        var totals: [Kind: Total] = [:]
        for key in keys {
            totals[key.kind, default: Total()].keys += 1
            totals[key.kind, default: Total()].bytes += key.bytes
        }
        return totals
    }
}
