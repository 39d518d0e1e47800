// INFO keyspace and INFO keysizes: what each database holds. The parts of a line are found by name, because Redis,
// Valkey and KeyDB append different ones.

import Metrics

/// What the server says of its databases.
struct Keyspace: Sendable {
    static let keys = Descriptor(
        .gauge, "redis_db_keys", labels: ["db"], help: "Keys in each database (INFO keyspace keys).")
    static let expiring = Descriptor(
        .gauge, "redis_db_keys_expiring", labels: ["db"],
        help: "Keys with a time to live in each database (INFO keyspace expires).")
    static let averageTimeToLive = Descriptor(
        .gauge, "redis_db_avg_ttl_seconds", labels: ["db"],
        help: "Mean time to live in each database, as the server estimates (INFO keyspace avg_ttl).")
    static let cached = Descriptor(
        .gauge, "redis_db_keys_cached", labels: ["db"],
        help: "Keys that KeyDB has cached in each database (INFO keyspace cached_keys).")
    static let withExpiringItems = Descriptor(
        .gauge, "redis_db_keys_with_expiring_items", labels: ["db"],
        help: "Keys of which some fields have a time to live (INFO keyspace subexpiry or keys_with_volatile_items).")
    static let bySize = Descriptor(
        .gauge, "redis_db_keys_by_size", labels: ["db", "type", "size"],
        help: "Keys by type and by length in bytes or items, from `size` up to twice that (INFO keysizes).")

    static let descriptors = [keys, expiring, averageTimeToLive, cached, withExpiringItems, bySize]

    private var seen: Set<String> = []

    private static let prefix = Array("db".utf8)
    private static let sizes = "_distrib_"

    /// Takes `db0:keys=1,…` or `db0_distrib_strings_sizes:1=1,…`; nil when the line is neither, false when it makes no
    /// sense.
    mutating func take(_ line: InfoValue, into samples: inout Samples) -> Bool? {
        if line.isNumbered(Self.prefix) { return takeDatabase(line, into: &samples) }
        guard line.rest(after: Self.prefix) != nil else { return nil }
        let name = line.text(line.name)
        guard let start = Self.position(of: Self.sizes, in: name) else { return nil }
        return takeSizes(
            line, database: String(name[..<start]),
            kind: name[start...].dropFirst(Self.sizes.count).prefix { $0 != "_" }, into: &samples)
    }

    private mutating func takeDatabase(_ line: InfoValue, into samples: inout Samples) -> Bool {
        let database = line.text(line.name)
        var found: [(Descriptor, Double)] = []
        var pairs = line.pairs
        while let (name, value) = pairs.next() {
            let part: (descriptor: Descriptor, divisor: Double)
            switch line.text(name) {
            case "keys": part = (Self.keys, 1)
            case "expires": part = (Self.expiring, 1)
            case "avg_ttl": part = (Self.averageTimeToLive, 1000)
            case "cached_keys": part = (Self.cached, 1)
            case "subexpiry", "keys_with_volatile_items": part = (Self.withExpiringItems, 1)
            default: continue
            }
            guard let number = InfoNumber.parse(line.bytes, value) else { return false }
            found.append((part.descriptor, number / part.divisor))
        }
        for (descriptor, value) in found { samples.add(descriptor, value, database) }
        if !found.isEmpty { seen.insert(database) }
        return !found.isEmpty
    }

    /// `db0_distrib_strings_sizes:1=3,4=40,2K=1`: how many keys are from 1, 4 and 2048 on, up to the next power of two.
    private func takeSizes(
        _ line: InfoValue, database: String, kind: Substring, into samples: inout Samples
    ) -> Bool {
        var pairs = line.pairs
        while let (size, value) = pairs.next() {
            guard let count = InfoNumber.parse(line.bytes, value), let bound = Self.plain(line.text(size)) else {
                return false
            }
            samples.add(Self.bySize, count, database, String(kind), bound)
        }
        return true
    }

    /// `2K` as `2048`.
    private static func plain(_ size: String) -> String? {
        let shift: Int
        switch size.last {
        case "K": shift = 10
        case "M": shift = 20
        case "G": shift = 30
        case "T": shift = 40
        case "P": shift = 50
        case "E": shift = 60
        default: return UInt64(size).map(String.init)
        }
        return UInt64(size.dropLast()).map { String($0 << UInt64(shift)) }
    }

    /// Adds zeros for the databases that are configured and hold nothing; INFO leaves those out.
    ///
    /// - Parameter databases: how many there are; nil when that is not known, and then only `db0` is sure to exist.
    func finish(databases: Int?, into samples: inout Samples) {
        for index in 0..<max(0, min(databases ?? 1, Self.mostPadded)) where !seen.contains("db\(index)") {
            samples.add(Self.keys, 0, "db\(index)")
            samples.add(Self.expiring, 0, "db\(index)")
        }
    }

    /// Somebody who configures thousands of databases does not want thousands of zeros.
    private static let mostPadded = 64

    private static func position(of part: String, in text: String) -> String.Index? {
        text.indices.first { text[$0...].hasPrefix(part) }
    }
}
