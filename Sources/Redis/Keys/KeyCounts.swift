// How many keys match a pattern. Family and labels are redis_exporter's (--count-keys), but the keyspace is not walked
// through in one go. A large one takes several polls, and its count stands until the next walk has ended.

import Metrics

/// The part of a poll that counts keys by pattern.
struct KeyCounts: KeyLook {
    static let name = "redis_key_counts"

    static let count = Descriptor(
        .gauge, "redis_keys_count", labels: ["db", "key"],
        help: "Keys that match a pattern, at the end of the last walk over all keys (SCAN).")

    static let descriptors = [count]

    let pace: Duration
    var trips = RoundTrips<Int>()
    var stage = KeyLookStage.idle
    private var walks: KeyWalks

    init(_ settings: KeySettings) {
        pace = settings.interval
        walks = KeyWalks(settings.counted.map { KeyWalk($0, keepsNames: false) })
    }

    var isWanted: Bool { !walks.walks.isEmpty }

    mutating func enter(_ stage: KeyLookStage, _ poll: RedisPoll) {
        guard stage == .finding else { return }
        for index in walks.begin(on: poll.server) { scan(index, walks.walks[index].query) }
    }

    private mutating func scan(_ index: Int, _ query: RedisQuery) {
        trips.add(query, in: walks.walks[index].pattern.database, index, cost: KeyWalk.cost)
    }

    mutating func take(_ reply: RedisReply, for index: Int, in poll: RedisPoll) {
        if let query = walks.take(reply, of: index) { scan(index, query) }
    }

    func finish(_ poll: RedisPoll) -> Samples {
        var samples = Samples()
        for walk in walks.walks {
            samples.add(Self.count, ifKnown: walk.total.map { Double($0) }, walk.pattern.label, walk.pattern.text)
        }
        return samples
    }
}
