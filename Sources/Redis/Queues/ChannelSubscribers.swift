// How many clients listen to the channels that are published to most. The traffic tells which those are; the server
// tells how many subscribers each has.

import Metrics

/// The part of a poll that counts subscribers (PUBSUB NUMSUB, PUBSUB SHARDNUMSUB).
struct ChannelSubscribers: RedisPart {
    static let name = "redis_channels"
    static let subscribers = Descriptor(
        .gauge, "redis_pubsub_subscribers", labels: ["channel_group"],
        help:
            "Subscribers of the twenty channels that are published to most, without those of patterns (PUBSUB NUMSUB)."
    )
    static let descriptors = [subscribers]

    let pace: Duration
    let isWanted: Bool
    private let busiest: @Sendable () -> [BusyKey]
    private var asked: [BusyKey] = []

    /// - Parameter busiest: the channels that clients publish to most; nil where the traffic is not seen.
    init(_ settings: KeySettings, _ busiest: (@Sendable () -> [BusyKey])?) {
        pace = settings.interval
        isWanted = settings.queues == .auto && busiest != nil
        self.busiest = busiest ?? { [] }
    }

    func queries() -> [RedisQuery] { [] }

    mutating func followUp(to answers: inout RedisAnswers, in poll: RedisPoll) -> [RedisQuery] {
        if answers.count > 0 { return [] }
        asked = Array(busiest().prefix(BusyKey.most))
        return Self.queries(for: asked)
    }

    mutating func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        var counts: [RedisReply] = []
        for index in 0..<answers.count { counts.append(try answers[index]) }
        return Self.decode(counts, asked)
    }

    static func queries(for channels: [BusyKey]) -> [RedisQuery] {
        let (sharded, plain) = (channels.filter(\.isSharded), channels.filter { !$0.isSharded })
        return [("PUBSUB NUMSUB", plain), ("PUBSUB SHARDNUMSUB", sharded)].filter { !$0.1.isEmpty }.map {
            title, asked in
            RedisQuery(title, asked.map(\.name))
        }
    }

    /// Adds up the subscribers of channels that are called the same.
    ///
    /// - Parameter replies: channels and numbers in turn.
    static func decode(_ replies: [RedisReply], _ channels: [BusyKey]) -> Samples {
        let labels = Dictionary(channels.map { ($0.name, $0.label) }) { first, _ in first }
        var sums: [String: Double] = [:]
        for (name, count) in replies.flatMap({ $0.pairs ?? [] }) {
            guard let label = name.text.flatMap({ labels[$0] }), let count = count.integer, count >= 0 else { continue }
            sums[label, default: 0] += Double(count)
        }
        var samples = Samples()
        for (label, sum) in sums { samples.add(subscribers, sum, label) }
        return samples.inOrder
    }
}
