// The page as it is served. It is kept as it was written. When a poll has ended, what it has changed is written into
// its place, and its sections are compressed again. Only the few live families (requests to this program, the state of
// its configuration, its build) are looked at for each scrape.

import HTTP
import Metrics
import Synchronization
import System

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
        + HealthMetrics.descriptors

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
        /// The page that was made ready last, until somebody gets it or another one is made.
        var prepared: HTTPBody?
        /// Whether the log has told that series are left out.
        var hasToldOfDuplicates = false
        var live: [any LiveSource]
        /// What each live source says now.
        var liveParts: [Exposition.Contribution]
        var sections: PageSections
        var deflater = Deflater()
    }

    private let registry: Registry
    private let log: Log?
    private let state: Mutex<State>

    /// - Parameter log: is told, once, when series are left out because they stand twice.
    init(_ registry: Registry, excluding excluded: [NamePattern], live: [any LiveSource], log: Log? = nil) {
        self.registry = registry
        self.log = log
        // The first store is made when the program starts.
        _ = Self.ownStarts
        state = Mutex(
            State(
                live: live, liveParts: live.map { _ in Exposition.Contribution(Samples()) },
                sections: PageSections(
                    polled: { Self.admission(of: $0, excluding: excluded) },
                    live: { Self.isExcluded($0, by: excluded) ? .hidden : .shown })))
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
                state.prepared = nil
                return Page(body: body, isCompressed: recent.isCompressed)
            }
            state.prepared = nil
            takeIn(&state, contents)
            // Without memory for compression the page still goes out.
            let body = compressed ? try? state.sections.compressed(in: format, with: &state.deflater) : nil
            let page = Page(body: body ?? state.sections.plain(in: format), isCompressed: body != nil)
            state.recent[variant] = Recent(
                body: page.body, isCompressed: page.isCompressed, generation: contents.generation, made: now)
            return page
        }
    }

    /// Takes in what is known so far, so that the next reader need not wait for that.
    func takeIn() {
        let contents = registry.contents
        state.withLock { takeIn(&$0, contents) }
    }

    private func takeIn(_ state: inout State, _ contents: Registry.Contents) {
        if state.generation != contents.generation { takePolled(&state, contents) }
        takeLive(&state)
    }

    /// Makes a page shortly before it is expected, so that its reader does not wait for it.
    func makeReady(_ format: ExpositionFormat, compressed: Bool, before next: ContinuousClock.Instant) {
        let pause = ContinuousClock.now.duration(to: next) - Self.lead
        // An alarm wakes nobody now: the answer to the scrape that is being served goes first.
        TaskThread.shared.thread.run(at: .now + pause) { [weak self] in
            guard let self else { return }
            let page = page(in: format, compressed: compressed)
            state.withLock { $0.prepared = page.body }
        }
    }

    /// So long before a scrape its page is made ready: polls have ended by then, and this thread may be late.
    private static let lead = Duration.milliseconds(20)

    /// Brings the live families up to date.
    private func takeLive(_ state: inout State) {
        var isSame = true
        for index in state.live.indices {
            guard let samples = state.live[index].changes() else { continue }
            state.liveParts[index] = Exposition.Contribution(samples, starts: Self.ownStarts)
            isSame = false
        }
        if !isSame { state.sections.update(live: state.liveParts) }
    }

    /// Brings the families of the registry up to date. That some are left out is itself on the page.
    private func takePolled(_ state: inout State, _ contents: Registry.Contents) {
        let contributions = contents.reports.flatMap(\.contributions)
        var count: Int
        repeat {
            count = Self.count(state.sections.leftOut)
            state.sections.update(polled: contributions + [Self.duplicates(count)])
        } while count != Self.count(state.sections.leftOut)
        tell(of: state.sections.leftOut, &state)
        state.generation = contents.generation
    }

    /// Says in the log that series are left out, when the first are and again after none were.
    private func tell(of leftOut: [(family: String, series: Int)], _ state: inout State) {
        if !leftOut.isEmpty, !state.hasToldOfDuplicates {
            let families = leftOut.prefix(8).map(\.family).joined(separator: ",")
            let series = "\(Self.count(leftOut))"
            log?.warn("series stand twice, left out", [("series", series), ("families", families)])
        }
        state.hasToldOfDuplicates = !leftOut.isEmpty
    }

    private static func count(_ leftOut: [(family: String, series: Int)]) -> Int {
        leftOut.reduce(0) { $0 + $1.series }
    }

    private static func duplicates(_ count: Int) -> Exposition.Contribution {
        var samples = Samples()
        samples.add(duplicateSeries, Double(count))
        return Exposition.Contribution(samples)
    }

    /// What becomes of a family that a source brings.
    private static func admission(of descriptor: Descriptor, excluding excluded: [NamePattern]) -> Admission {
        if isExcluded(descriptor, by: excluded) { return .hidden }
        return own.contains(descriptor.name) && descriptor !== duplicateSeries ? .refused : .shown
    }

    private static func isExcluded(_ descriptor: Descriptor, by excluded: [NamePattern]) -> Bool {
        excluded.contains { $0.matches(descriptor.name) }
    }
}
