// The time that a few keys take: TYPE of each, in a round trip of its own, seen from here. It needs no capture, and
// shows what the network adds.

import Metrics

/// The part of a poll that times TYPE of the operator's keys. The first error ends the round.
struct KeyProbes: RedisPart {
    static let name = "redis_probe"
    static let descriptors: [Descriptor] = []

    private let keys: [String]
    private let onProbe: (@Sendable (_ key: String, Duration) -> Void)?
    private var sent = ContinuousClock.now

    init(_ keys: [String], _ onProbe: (@Sendable (_ key: String, Duration) -> Void)?) {
        self.keys = keys
        self.onProbe = onProbe
    }

    var isWanted: Bool { !keys.isEmpty }

    func queries() -> [RedisQuery] { [] }

    mutating func followUp(to answers: inout RedisAnswers, in poll: RedisPoll) -> [RedisQuery] {
        if let last = answers.replies.last {
            if last.isError { return [] }
            onProbe?(keys[answers.count - 1], .now - sent)
        }
        guard answers.count < keys.count else { return [] }
        sent = .now
        return [RedisQuery("TYPE", keys[answers.count])]
    }

    func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        if answers.count > 0 { _ = try answers[answers.count - 1] }
        return Samples()
    }
}
