// Where the scrapes that come in meet the runners that poll: what was learned, for the plan of the next poll and for
// the page.

import HTTP
import Metrics
import Synchronization

/// The rhythm of this program's scrapers. One for as long as the program lives.
final class RhythmDesk: Sendable {
    private static let ages = Buckets.seconds([0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60])

    /// Scrapers that the page names.
    private static let mostNamed = 4
    /// After a look at the health page everything is polled at its interval for so long.
    private static let attention = 60.0

    private struct State {
        var rhythm = ScrapeRhythm()
        var ages = Histogram(RhythmDesk.ages)
        /// When a health page was last asked for.
        var lastLook = -RhythmDesk.attention
    }

    private let origin = ContinuousClock.now
    private let state = Mutex(State())

    /// Takes note of a scrape, and of how old the samples were that it got.
    ///
    /// - Parameter taken: when the samples of each source were. What came after the scrape counts as new.
    /// - Returns: when this scraper is expected again, where that is known well enough to make a page ready.
    func scraped(
        by scraper: Scraper, at now: ContinuousClock.Instant, _ taken: [ContinuousClock.Instant]
    ) -> ContinuousClock.Instant? {
        state.withLock { state in
            for instant in taken { state.ages.record(UInt64(max(0, instant.duration(to: now).seconds) * 1e9)) }
            state.rhythm.arrival(of: scraper, at: seconds(now))
            let next = state.rhythm.trusted.filter { $0.scraper == scraper }.map(\.next).min()
            return next.map { origin.advanced(by: .seconds($0)) }
        }
    }

    /// Takes note of a look at the health page: what it shows has to be new as well.
    func looked() {
        state.withLock { $0.lastLook = seconds(.now) }
    }

    /// How long from now until a source is worth asking; nil where its interval decides.
    func pause(_ plan: PollPlan, after started: ContinuousClock.Instant) -> Duration? {
        let now = seconds(.now)
        return state.withLock { state in
            state.rhythm.pass(until: now)
            guard now - state.lastLook >= Self.attention else { return nil }
            return plan.due(after: seconds(started), now: now, for: state.rhythm.trusted).map { .seconds($0 - now) }
        }
    }

    /// A moment on the clock of the rhythm.
    func seconds(_ instant: ContinuousClock.Instant) -> Double { origin.duration(to: instant).seconds }

    /// What the page says of it.
    struct Facts: Equatable, Sendable {
        struct Period: Equatable, Sendable {
            /// The scraper's address; a second scraper of one address has a number behind it.
            let scraper: String
            let seconds: Double
        }

        /// Of at most four scrapers.
        let periods: [Period]
        let ages: HistogramValue
    }

    var facts: Facts {
        state.withLock { state in
            var counts: [String: Int] = [:]
            let periods = state.rhythm.trusted.prefix(Self.mostNamed).map { train in
                let address = train.scraper.client.description
                counts[address, default: 0] += 1
                let number = counts[address] ?? 1
                // Milliseconds are as much as anybody wants to know, and do not change with each scrape.
                let period = (train.period * 1000).rounded() / 1000
                return Facts.Period(scraper: number == 1 ? address : "\(address)#\(number)", seconds: period)
            }
            return Facts(periods: periods, ages: state.ages.value)
        }
    }
}
