// INFO latencystats by itself. The percentiles cost the server far more than the rest of INFO and hardly move, so they
// have a slower timer.

import Metrics

/// The newest percentiles, by command.
struct LatencyPercentiles: RedisPart {
    static let name = "redis_latency_percentiles"
    static let descriptors = [CommandPercentiles.percentiles]

    let pace: Duration
    private var newest = CommandPercentiles()

    /// - Parameter pace: they are of the server's whole life, and move slowly.
    init(every pace: Duration) {
        self.pace = pace
    }

    func concerns(_ server: ServerIdentity) -> Bool {
        server.mode != .sentinel && (server.isSevenOrLater || server.isSilent)
    }

    func queries() -> [RedisQuery] { [RedisQuery("INFO latencystats")] }

    mutating func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        newest = try CommandPercentiles(answers[0])
        return newest.samples(usage: poll.info.commands.usage)
    }

    /// The percentiles of then with the sums and counts of now.
    func carriedOver(_ samples: Samples, in poll: RedisPoll) -> Samples {
        newest.samples(usage: poll.info.commands.usage)
    }
}
