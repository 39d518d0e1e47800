// What fills a Redis: a few keys at random, each asked for its type and its memory (`--keys.sizes`). The newest of them
// are a sample, and the share of a group in the sample's bytes is its share of the server's memory, nearly so. Redis
// works for less than a millisecond per minute for it, however many keys there are.

import Metrics

/// The part of a poll that samples keys.
struct KeySizes: KeyLook {
    static let name = "redis_key_sizes"

    private static let labels = ["key_group", "type"]
    static let bytes = Descriptor(
        .gauge, "redis_key_group_sampled_bytes", labels: labels,
        help: "Memory of the newest thousand keys that were sampled at random (MEMORY USAGE SAMPLES 5).")
    static let keys = Descriptor(
        .gauge, "redis_key_group_sampled_keys", labels: labels, help: "How many of these keys there are.")

    static let descriptors = [bytes, keys]

    enum Purpose: Sendable {
        case random(database: Int)
        case memory(String, database: Int)
        case type(String, bytes: Double)
    }

    let pace: Duration
    let isWanted: Bool
    var trips = RoundTrips<Purpose>()
    var stage = KeyLookStage.idle
    private let group: @Sendable (_ key: String) -> String
    private var sample = KeySample()
    private var runID = ""

    /// Keys in a minute.
    private static let perMinute = 100.0
    /// Microseconds that MEMORY USAGE takes, which looks at five elements, and RANDOMKEY, which may meet keys that have
    /// expired.
    private static let cost = 8.0

    /// - Parameter group: what a key belongs to, by the rules for key groups.
    init(_ settings: KeySettings, group: @escaping @Sendable (_ key: String) -> String) {
        pace = settings.interval
        isWanted = settings.samplesSizes
        self.group = group
    }

    mutating func enter(_ stage: KeyLookStage, _ poll: RedisPoll) {
        guard stage == .looking else { return }
        if poll.server.runID != runID { sample = KeySample() }
        runID = poll.server.runID
        let wanted = Int((Self.perMinute * (pace / Duration.seconds(60))).rounded(.up))
        for (database, count) in Self.shares(of: min(wanted, KeySample.capacity), poll.info.keyspace.sizes) {
            for _ in 0..<count {
                trips.add(RedisQuery("RANDOMKEY"), in: database, .random(database: database), cost: Self.cost)
            }
        }
    }

    mutating func take(_ reply: RedisReply, for purpose: Purpose, in poll: RedisPoll) {
        switch purpose {
        case .random(let database):
            guard let bytes = reply.bytes, let key = String(validating: bytes, as: UTF8.self) else { return }
            let query = RedisQuery("MEMORY USAGE", key, "SAMPLES", "5")
            trips.add(query, in: database, .memory(key, database: database), cost: Self.cost)
        case .memory(let key, let database):
            // It may have gone meanwhile.
            guard let bytes = reply.integer else { return }
            trips.add(RedisQuery("TYPE", key), in: database, .type(key, bytes: Double(bytes)))
        case .type(let key, let bytes):
            if let type = reply.keyType { sample.add(group: group(key), type: Self.known(type), bytes: bytes) }
        }
    }

    /// A type of a module's own is `other`.
    private static func known(_ type: String) -> String { types.contains(type) ? type : "other" }

    private static let types: Set = ["string", "list", "set", "zset", "hash", "stream", "array", "vectorset"]

    func finish(_ poll: RedisPoll) -> Samples {
        var samples = Samples()
        for (kind, total) in sample.totals {
            samples.add(Self.bytes, total.bytes, kind.group, kind.type)
            samples.add(Self.keys, Double(total.keys), kind.group, kind.type)
        }
        return samples.inOrder
    }

    /// How many keys are taken from each database, so that each key of the server is as likely as any other. What does
    /// not come out even goes to the largest one.
    static func shares(of count: Int, _ sizes: [(database: Int, keys: Double)]) -> [(database: Int, count: Int)] {
        let total = sizes.reduce(0) { $0 + $1.keys }
        guard total > 0 else { return [] }
        var shares = sizes.map { ($0.database, Int(Double(count) * $0.keys / total)) }
        let largest = sizes.indices.max { sizes[$0].keys < sizes[$1].keys } ?? 0
        shares[largest].1 += count - shares.reduce(0) { $0 + $1.1 }
        return shares.filter { $0.1 > 0 }
    }
}
