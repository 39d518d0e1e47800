// The page as it is served. Families change only when a poll ends, and a page is scraped more often than that, so
// sections of unchanged families are kept written and compressed. Only the few live families (requests to this program,
// the state of its configuration, its build) are looked at for each scrape.

import HTTP
import Metrics
import Synchronization

/// Makes pages from the registry, and keeps what can be kept until the next poll ends.
final class PageStore: Sendable {
    /// A page ready to be sent.
    struct Page: Sendable {
        let body: HTTPBody
        let isCompressed: Bool
    }

    private static let duplicateSeries = Descriptor(
        .gauge, "sidelong_duplicate_series",
        help: "Series of the page that stood twice, or under a name that another kind of metric has, and were left out."
    )

    /// The families that are filled at the moment of a scrape, by this program alone: another source that uses such a
    /// name is left out.
    static let descriptors =
        [duplicateSeries, SystemCallFilter.active, BuildFacts.info] + RequestMetrics.descriptors
        + AccessMetrics.descriptors + ReloadMetrics.descriptors + MemoryMetrics.descriptors + RhythmMetrics.descriptors

    private static let own = Set(descriptors.map(\.name))

    /// Sidelong's own counters began with it.
    private static let ownStarts =
        Moment(seconds: Timestamp.now.seconds).map(CounterStarts.init(all:)) ?? CounterStarts()

    private struct Variant: Hashable {
        let format: ExpositionFormat
        let compressed: Bool
    }

    /// The page that was made last, for as long as somebody reads it.
    private struct Recent {
        weak var body: HTTPBody?
        let isCompressed: Bool
        let generation: UInt64
        let made: ContinuousClock.Instant
    }

    /// How long a page that somebody still reads serves others too: so a crowd of readers holds one, and what the page
    /// says of the requests themselves is hardly old.
    private static let sharingTime = Duration.seconds(1)

    private struct State: ~Copyable {
        var generation: UInt64?
        var recent: [Variant: Recent] = [:]
        /// Whether the log has told that series are left out.
        var hasToldOfDuplicates = false
        var live: [any LiveSource]
        /// The families of each live source, as they are now.
        var liveFamilies: [[Exposition.MergedFamily]]
        var sections = PageSections()
        var deflater = Deflater()
    }

    private let registry: Registry
    private let excluded: [NamePattern]
    private let log: Log?
    private let state: Mutex<State>

    /// - Parameter log: is told, once, when series are left out because they stand twice.
    init(_ registry: Registry, excluding excluded: [NamePattern], live: [any LiveSource], log: Log? = nil) {
        self.registry = registry
        self.excluded = excluded
        self.log = log
        // The first store is made when the program starts.
        _ = Self.ownStarts
        state = Mutex(State(live: live, liveFamilies: live.map { _ in [] }))
    }

    /// The page at this moment. Costs a copy when nothing has changed, a few hundred microseconds after a poll.
    func page(in format: ExpositionFormat, compressed: Bool) -> Page {
        let contents = registry.contents
        let variant = Variant(format: format, compressed: compressed)
        return state.withLock { state in
            let now = ContinuousClock.now
            if let recent = state.recent[variant], recent.generation == contents.generation,
                now < recent.made + Self.sharingTime, let body = recent.body
            {
                return Page(body: body, isCompressed: recent.isCompressed)
            }
            let isSameLive = takeLive(&state)
            if state.generation != contents.generation || !isSameLive { arrange(&state, contents) }
            // Without memory for compression the page still goes out.
            let body = compressed ? try? state.sections.compressed(in: format, with: &state.deflater) : nil
            let page = Page(body: body ?? state.sections.plain(in: format), isCompressed: body != nil)
            state.recent[variant] = Recent(
                body: page.body, isCompressed: page.isCompressed, generation: contents.generation, made: now)
            return page
        }
    }

    /// Makes what can be made of a page shortly before it is expected, so that its reader does not wait for it.
    func makeReady(_ format: ExpositionFormat, compressed: Bool, before next: ContinuousClock.Instant) {
        Task(executorPreference: TaskThread.shared) { [weak self] in
            let pause = ContinuousClock.now.duration(to: next) - Self.lead
            guard (try? await TaskClock().sleep(for: pause)) != nil else { return }
            _ = self?.page(in: format, compressed: compressed)
        }
    }

    /// So long before a scrape its page is made ready: polls have ended by then, and this thread may be late.
    private static let lead = Duration.milliseconds(20)

    /// Brings the live families up to date.
    ///
    /// - Returns: whether they are still the same ones.
    private func takeLive(_ state: inout State) -> Bool {
        var isSame = true
        for index in state.live.indices {
            guard let samples = state.live[index].changes() else { continue }
            let families = Exposition([.init(samples, starts: Self.ownStarts)]).families.filter { !isExcluded($0) }
            if families.count != state.liveFamilies[index].count { isSame = false }
            state.liveFamilies[index] = families
            for family in families where !state.sections.replace(family) { isSame = false }
        }
        return isSame
    }

    /// Puts all families in order, those of the registry anew.
    private func arrange(_ state: inout State, _ contents: Registry.Contents) {
        let exposition = Exposition(contents.reports.flatMap(\.contributions))
        var polled: [Exposition.MergedFamily] = []
        polled.reserveCapacity(exposition.families.count + 1)
        var leftOut = exposition.leftOut.filter { !isExcluded($0.family) }
        for family in exposition.families {
            if Self.own.contains(family.descriptor.name) {
                leftOut.append((family.descriptor.name, family.series.count))
            } else if !isExcluded(family) {
                polled.append(family)
            }
        }
        var duplicates = Samples()
        duplicates.add(Self.duplicateSeries, Double(leftOut.reduce(0) { $0 + $1.series }))
        tell(of: leftOut, &state)
        polled += Exposition([.init(duplicates)]).families.filter { !isExcluded($0) }
        state.sections = PageSections(polled: polled, live: state.liveFamilies.flatMap(\.self))
        state.generation = contents.generation
    }

    /// Says in the log that series are left out, when the first are and again after none were.
    private func tell(of leftOut: [(family: String, series: Int)], _ state: inout State) {
        if !leftOut.isEmpty, !state.hasToldOfDuplicates {
            let families = leftOut.prefix(8).map(\.family).joined(separator: ",")
            let series = leftOut.reduce(0) { $0 + $1.series }
            log?.warn("series stand twice, left out", [("series", "\(series)"), ("families", families)])
        }
        state.hasToldOfDuplicates = !leftOut.isEmpty
    }

    private func isExcluded(_ family: Exposition.MergedFamily) -> Bool { isExcluded(family.descriptor.name) }

    private func isExcluded(_ name: String) -> Bool {
        excluded.contains { $0.matches(name) }
    }
}
