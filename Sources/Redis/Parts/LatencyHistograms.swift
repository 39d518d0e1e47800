// LATENCY HISTOGRAM: how long each command took on the server, since Redis 7. The server leaves out bounds at which
// nothing was added, so that every command has other bounds; here all commands get the same ones, filled in.

import Metrics

/// The part of a poll that concerns the latency of commands.
struct LatencyHistograms: RedisPart {
    static let name = "redis_latency_histogram"

    static let sparse = Descriptor(
        .histogram, "redis_commands_latencies_usec", labels: ["cmd"],
        help: "Latency of each command in microseconds, with the bounds that the server gives (LATENCY HISTOGRAM).")
    static let full = SharedFamilies.commandDuration

    static let descriptors = [sparse, full]

    /// That of all commands costs the server about half as much as the rest of a poll.
    let pace: Duration
    private let ownPace: Duration
    /// The newest histograms by command.
    private var newest: [String: Entry] = [:]
    /// What INFO said of each command when it was asked about last, and how many of its calls were ours.
    private var known: [String: (usage: CommandStatistics.Usage, own: Double)] = [:]
    private var ownFrom = ContinuousClock.now

    /// - Parameter ownPace: how often it is asked about commands that only the program itself has called.
    init(every pace: Duration, own ownPace: Duration) {
        (self.pace, self.ownPace) = (pace, ownPace)
    }

    func concerns(_ server: ServerIdentity) -> Bool { server.mode != .sentinel && !server.isBeforeSeven }

    func queries() -> [RedisQuery] { newest.isEmpty ? [RedisQuery(Self.title)] : [] }

    /// Asks about the commands that clients have called since: the histograms of others are what they were, but for
    /// those of the poll itself. Where a count went down, as after CONFIG RESETSTAT, all are asked for.
    mutating func followUp(to answers: inout RedisAnswers, in poll: RedisPoll) -> [RedisQuery] {
        guard answers.count == 0 else { return [] }
        let usage = poll.info.commands.usage
        if known.contains(where: { usage[$0]?.calls ?? 0 < $1.usage.calls }) {
            newest = [:]
            return queries()
        }
        let isOwnDue = poll.now >= ownFrom
        let called = usage.filter { command, usage in
            guard let known = known[command] else { return true }
            let own = isOwnDue ? 0 : poll.ownCalls[command] - known.own
            return usage.calls - known.usage.calls != own
        }.keys.sorted()
        return called.isEmpty ? [] : [RedisQuery(Self.title, called)]
    }

    mutating func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        if answers.count > 0 { try take(answers[0], of: answers.queries[0].words.dropFirst(2), in: poll) }
        return Self.samples(of: newest.values.sorted { $0.command < $1.command }, usage: known.mapValues(\.usage))
    }

    /// - Parameter asked: the commands that were asked about; empty for all.
    private mutating func take(
        _ reply: RedisReply, of asked: ArraySlice<String>, in poll: RedisPoll
    ) throws(CollectorFailure) {
        let usage = poll.info.commands.usage
        for entry in try Self.entries(reply) { newest[entry.command] = entry }
        newest = newest.filter { usage[$0.key] != nil }
        known = known.filter { usage[$0.key] != nil }
        for command in asked.isEmpty ? Array(usage.keys) : Array(asked) {
            if let usage = usage[command] { known[command] = (usage, poll.ownCalls[command]) }
        }
        if asked.isEmpty || poll.now >= ownFrom { ownFrom = poll.now + ownPace }
    }

    mutating func connected(to server: ServerIdentity) {
        newest = [:]
        known = [:]
    }

    private static let title = "LATENCY HISTOGRAM"

    /// Every bound that a server can give, in microseconds.
    ///
    /// The server keeps nanoseconds up to one second in a histogram with two significant digits and reports it at
    /// powers of two times 1,024 ns. Each bound is the largest value that falls into the same cell as that power, cut
    /// to whole microseconds (`latency.c`, `fillCommandCDF`). The last cell ends at 1,073,741 µs, above anything it
    /// records.
    static let grid: [Int64] = [
        1, 2, 4, 8, 16, 33, 66, 132, 264, 528, 1056, 2113, 4227, 8454, 16908, 33816, 67633, 135_266, 270_532, 541_065,
        1_073_741,
    ]

    /// Every second bound of the grid, from 2 µs to 541 ms.
    static let bounds = grid.indices.filter { !$0.isMultiple(of: 2) }.map { grid[$0] }

    private static let buckets = Buckets.seconds(bounds.map { Double($0) / 1_000_000 })

    /// One command's histogram as the server gives it.
    struct Entry: Equatable {
        let command: String
        let calls: UInt64
        /// Upper bounds in microseconds, ascending, with the number of calls up to each.
        let cumulative: [(bound: Int64, count: UInt64)]

        static func == (left: Entry, right: Entry) -> Bool {
            left.command == right.command && left.calls == right.calls
                && left.cumulative.elementsEqual(right.cumulative) { $0 == $1 }
        }
    }

    /// Decodes the reply.
    ///
    /// - Parameter usage: calls and time per command from the same moment's INFO, for the sums, which the server leaves
    ///   out here.
    static func decode(
        _ reply: RedisReply, usage: [String: CommandStatistics.Usage]
    ) throws(CollectorFailure) -> Samples {
        samples(of: try entries(reply), usage: usage)
    }

    private static func samples(of entries: [Entry], usage: [String: CommandStatistics.Usage]) -> Samples {
        var samples = Samples()
        for entry in entries {
            // A command in LATENCY HISTOGRAM is in INFO commandstats too; without it there is no sum to give.
            guard let microseconds = usage[entry.command]?.microseconds else { continue }
            samples.add(sparse, Sample(labels: [entry.command], value: .histogram(entry.sparse(sum: microseconds))))
            let value = entry.full(buckets, at: bounds, sum: microseconds / 1_000_000)
            samples.add(
                full, Sample(labels: [CommandStatistics.spelling(entry.command), "server"], value: .histogram(value)))
        }
        return samples
    }

    /// `[name, [calls, n, histogram_usec, [bound, count, …]], …]`. A command whose histogram makes no sense is left
    /// out.
    ///
    /// - Throws: when that leaves none of several.
    static func entries(_ reply: RedisReply) throws(CollectorFailure) -> [Entry] {
        guard let commands = reply.pairs else { throw malformed }
        let entries = commands.compactMap { name, details in entry(name, details) }
        guard commands.isEmpty || !entries.isEmpty else { throw malformed }
        return entries
    }

    private static func entry(_ name: RedisReply, _ details: RedisReply) -> Entry? {
        guard let name = name.text, let details = details.pairs else { return nil }
        var calls: UInt64?
        var cumulative: [(bound: Int64, count: UInt64)] = []
        for (key, value) in details {
            switch key.text {
            case "calls": calls = value.integer.flatMap { UInt64(exactly: $0) }
            case "histogram_usec":
                for (bound, count) in value.pairs ?? [] {
                    guard let bound = bound.integer, let count = count.integer.flatMap({ UInt64(exactly: $0) }),
                        bound > cumulative.last?.bound ?? -1, bound < largestBound,
                        count >= cumulative.last?.count ?? 0
                    else { return nil }
                    cumulative.append((bound, count))
                }
            default: break
            }
        }
        guard let calls, calls >= cumulative.last?.count ?? 0 else { return nil }
        return Entry(command: name, calls: calls, cumulative: cumulative)
    }

    /// Beyond this two bounds may be one floating point number.
    private static let largestBound: Int64 = 1 << 53

    private static let malformed = CollectorFailure(
        .malformed, "LATENCY HISTOGRAM answered with something else than histograms")
}

extension LatencyHistograms.Entry {
    /// With the server's own bounds.
    fileprivate func sparse(sum: Double) -> HistogramValue {
        var counts: [UInt64] = []
        var before: UInt64 = 0
        for (_, count) in cumulative {
            counts.append(count - before)
            before = count
        }
        let buckets = Buckets(cumulative.map { Double($0.bound) })
        return HistogramValue(buckets: buckets, counts: counts + [calls - before], sum: sum)
    }

    /// It has the given bounds. The count up to a bound is the one of the largest bound below it that the server gave,
    /// because it leaves out only those at which nothing was added.
    fileprivate func full(_ buckets: Buckets, at bounds: [Int64], sum: Double) -> HistogramValue {
        var counts: [UInt64] = []
        var before: UInt64 = 0
        var position = 0
        for bound in bounds {
            var count = before
            while position < cumulative.count && cumulative[position].bound <= bound {
                count = cumulative[position].count
                position += 1
            }
            counts.append(count - before)
            before = count
        }
        return HistogramValue(buckets: buckets, counts: counts + [calls - before], sum: sum)
    }
}
