// Since when a counter counts. A store that knows it sees a restart as a restart, and the first value of a new series
// as growth since then. The time must not move while the counter goes on: a store would count what was there before
// twice.

/// Since when the counters, histograms and summaries of one source count, by the place of each sample.
///
/// Following a poll costs a comparison of labels and one of values for each of them.
public struct CounterStarts: Sendable {
    /// When the counters of a source began.
    public enum Origin: Sendable {
        /// The source does not tell.
        case unknown
        /// With the server, which tells its start in the family of this name.
        case server(String)
        /// When they were seen first; all that are there at the first poll began with what observes them.
        case firstSight
    }

    /// Nanoseconds since 1970 for each sample of each family, 0 where unknown; empty for a family that does not count.
    private var starts: [[UInt64]] = []
    /// For all samples, where there is nothing else.
    private let common: UInt64

    public init() {
        common = 0
    }

    /// The same start for all.
    public init(all start: Moment) {
        common = start.nanoseconds
    }

    /// A poll as the next one needs it.
    public struct Polled: Sendable {
        public let samples: Samples
        public let starts: CounterStarts
        let time: Moment

        public init(_ samples: Samples, _ starts: CounterStarts, at time: Moment) {
            (self.samples, self.starts, self.time) = (samples, starts, time)
        }
    }

    /// The starts of the counters of a poll.
    ///
    /// - Parameters:
    ///   - last: the last poll that worked; nil before the first.
    ///   - time: when this poll ended.
    public init(of samples: Samples, from origin: Origin, after last: Polled?, at time: Moment) {
        common = 0
        let server: Moment? =
            if case .server(let name) = origin { samples.moment(of: name, like: []) } else { nil }
        var first = server
        if case .firstSight = origin { first = last?.time ?? time }
        let resetFamilies = samples.families.filter(\.descriptor.tellsResets)
        starts = samples.families.map { family in
            guard family.descriptor.counts else { return [] }
            lazy var resets = resetFamilies.first { $0.tellsReset(of: family.descriptor) }
            var former = last.map { FormerFamily(family.descriptor, in: $0) }
            return family.samples.indices.map { place in
                if let start = former?.keptStart(of: family.samples.span, at: place) { return start }
                let sample = family.samples[place]
                let reset = sample.start ?? resets?.moment(like: sample.labels)
                guard let last, let (count, start) = former?.find(sample) else {
                    return (reset ?? first)?.nanoseconds ?? 0
                }
                guard sample.count < count else { return start }
                // What is known to lie before the last poll is not when this counter began anew.
                return max((reset ?? server)?.nanoseconds ?? 0, last.time.nanoseconds)
            }
        }
    }

    /// Since when the samples of the family at this place count.
    subscript(family: Int) -> FamilyStarts {
        FamilyStarts(each: family < starts.count ? starts[family] : [], others: common)
    }
}

/// Since when the samples of one family count, by their place, in nanoseconds since 1970; 0 where it is unknown.
struct FamilyStarts: Sendable, Equatable {
    fileprivate let each: [UInt64]
    fileprivate let others: UInt64

    static let unknown = FamilyStarts(each: [], others: 0)

    subscript(sample: Int) -> UInt64 { sample < each.count ? each[sample] : others }
}

/// A family as it was at the poll before. Its samples mostly stand where they stand now.
private struct FormerFamily {
    private let samples: [Sample]
    private let starts: FamilyStarts
    /// Made when a sample stands elsewhere.
    private var places: [[String]: Int]?

    init(_ descriptor: Descriptor, in poll: CounterStarts.Polled) {
        samples = poll.samples[descriptor]
        starts = poll.starts[poll.samples.place(of: descriptor) ?? 0]
    }

    /// Since when a series counts that stands where it stood and has not fallen, which is nearly always so; nil where
    /// it is another one or has.
    func keptStart(of new: Span<Sample>, at place: Int) -> UInt64? {
        let old = samples.span
        guard place < old.count, new[place].hasSameLabels(as: old[place]), new[place].count >= old[place].count else {
            return nil
        }
        return starts[place]
    }

    /// What the series counted, and since when; nil where it is new.
    mutating func find(_ sample: Sample) -> (count: Double, start: UInt64)? {
        let places =
            places
            ?? Dictionary(samples.enumerated().map { ($1.labels, $0) }, uniquingKeysWith: { first, _ in first })
        self.places = places
        return places[sample.labels].map { (samples[$0].count, starts[$0]) }
    }
}

extension Descriptor {
    /// Whether its values never fall, but for a restart.
    var counts: Bool { kind == .counter || kind == .histogram || kind == .summary }
}

extension Sample {
    /// What must never fall.
    fileprivate var count: Double {
        switch value {
        case .number(let number): number
        case .histogram(let histogram): Double(histogram.count)
        case .summary(let summary): summary.count
        }
    }
}

extension Samples {
    /// The time that a family tells, in seconds since 1970.
    fileprivate func moment(of name: String, like labels: [String]) -> Moment? {
        families.first { $0.descriptor.name == name }?.moment(like: labels)
    }
}

extension Family {
    /// Whether the family says when the server reset another: `pg_stat_database_stats_reset` tells it of all
    /// `pg_stat_database_*` with the same labels.
    fileprivate func tellsReset(of other: Descriptor) -> Bool {
        descriptor !== other && descriptor.labels == other.labels
            && other.name.hasPrefix(descriptor.name.dropLast(Descriptor.resetSuffix.count - 1))
    }

    /// The time of the series with these labels, in seconds since 1970.
    fileprivate func moment(like labels: [String]) -> Moment? {
        guard case .number(let seconds)? = samples.first(where: { $0.labels == labels })?.value else { return nil }
        return Moment(seconds: seconds)
    }
}
