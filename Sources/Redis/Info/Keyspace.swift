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
        .gaugeHistogram, "redis_db_keys_by_size", labels: ["db", "type"],
        help: "Keys that there are by type and by length, in bytes of a string or items of others (INFO keysizes).")

    static let byMemory = Descriptor(
        .gaugeHistogram, "redis_db_keys_by_memory", labels: ["db", "type"],
        help: "Keys that there are by type and by bytes of memory (INFO keysizes, Redis 8.6).")

    static let descriptors = [keys, expiring, averageTimeToLive, cached, withExpiringItems, bySize, byMemory]

    private var seen: Set<String> = []
    /// Numbers of keys, by the name of the database.
    private var counts: [String: Double] = [:]
    /// Whether the reply has the section, which is empty on a server without keys.
    var hasSection = false

    /// The databases that hold keys, in their order.
    var databases: [Int] { sizes.map(\.database) }

    /// The databases that hold keys, with their numbers of keys.
    var sizes: [(database: Int, keys: Double)] {
        counts.compactMap { name, keys in Int(name.dropFirst(Self.prefix.count)).map { ($0, keys) } }
            .sorted { $0.database < $1.database }
    }

    private static let prefix = Array("db".utf8)
    private static let sizes = "_distrib_"

    /// Takes `db0:keys=1,…` or `db0_distrib_strings_sizes:1=1,…`; nil when the line is neither, false when it makes no
    /// sense.
    mutating func take(_ line: InfoValue, into samples: inout Samples) -> Bool? {
        if line.isNumbered(Self.prefix) { return takeDatabase(line, into: &samples) }
        guard line.rest(after: Self.prefix) != nil else { return nil }
        let name = line.text(line.name)
        guard let start = Self.position(of: Self.sizes, in: name) else { return nil }
        // `strings_sizes` and `lists_items` are lengths; Redis 8.6 adds `lists_sizes`, which is memory.
        let words = name[start...].dropFirst(Self.sizes.count).split(separator: "_")
        let isLength = words.last == "items" || (words.first == "strings" && words.last == "sizes")
        return takeSizes(
            line, database: String(name[..<start]), kind: words.first ?? "", isLength ? Self.bySize : Self.byMemory,
            into: &samples)
    }

    private mutating func takeDatabase(_ line: InfoValue, into samples: inout Samples) -> Bool {
        let database = line.text(line.name)
        guard !seen.contains(database) else { return false }
        var isSound = true
        var isKnown = false
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
            guard let number = InfoNumber.parse(line.bytes, value) else {
                isSound = false
                continue
            }
            samples.add(part.descriptor, number / part.divisor, database)
            if part.descriptor === Self.keys { counts[database] = number }
            isKnown = true
        }
        if isKnown { seen.insert(database) }
        return isKnown && isSound
    }

    /// `db0_distrib_strings_sizes:1=3,4=40,2K=1`: how many keys are from 1, 4 and 2048 on, up to the next power of two.
    private func takeSizes(
        _ line: InfoValue, database: String, kind: Substring, _ family: Descriptor, into samples: inout Samples
    ) -> Bool {
        var isSound = true
        var total: UInt64 = 0
        var counts = [UInt64](repeating: 0, count: Self.sizeBuckets.bounds.count + 1)
        var pairs = line.pairs
        while let (size, value) = pairs.next() {
            guard let count = InfoNumber.parse(line.bytes, value).flatMap({ UInt64(exactly: $0) }),
                count <= Self.mostKeys - total, let least = Self.plain(line.text(size))
            else {
                isSound = false
                continue
            }
            counts[Self.sizeBuckets.index(of: least == 0 ? 0 : least + (least - 1))] += count
            total += count
        }
        let value = HistogramValue(buckets: Self.sizeBuckets, counts: counts, sum: .nan)
        samples.add(family, Sample(labels: [database, String(kind)], value: .histogram(value)))
        return isSound
    }

    /// What Redis' own bins end with: 0, 1, 3, 7 and so on, up to a thousand million. All of them always, so that those
    /// of several servers can be added up.
    static let sizeBuckets = Buckets((0...30).map { Double(1 << $0 - 1) })

    /// What a number of the page can count.
    private static let mostKeys: UInt64 = 1 << 53

    /// `2K` as 2048; nil for what is no such size.
    private static func plain(_ size: String) -> UInt64? {
        let shift: UInt64
        switch size.last {
        case "K": shift = 10
        case "M": shift = 20
        case "G": shift = 30
        case "T": shift = 40
        case "P": shift = 50
        case "E": shift = 60
        default: shift = 0
        }
        guard let number = UInt64(shift == 0 ? size[...] : size.dropLast()), number < 1 << (63 - shift) else {
            return nil
        }
        return number << shift
    }

    /// Adds zeros for the databases that are configured and hold nothing; INFO leaves those out. A reply without the
    /// section says nothing of them.
    ///
    /// - Parameter databases: how many there are; nil when that is not known, and then only `db0` is sure to exist.
    func addEmpty(_ databases: Int?, to samples: inout Samples) {
        guard hasSection || !seen.isEmpty else { return }
        for index in 0..<max(0, min(databases ?? 1, Self.mostPadded)) where !seen.contains("db\(index)") {
            samples.add(Self.keys, 0, "db\(index)")
            samples.add(Self.expiring, 0, "db\(index)")
        }
    }

    /// An operator with thousands of databases does not want thousands of zeros.
    private static let mostPadded = 64

    private static func position(of part: String, in text: String) -> String.Index? {
        text.indices.first { text[$0...].hasPrefix(part) }
    }
}
