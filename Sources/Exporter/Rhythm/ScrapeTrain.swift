// A scraper keeps its distance to the millisecond: Prometheus pins each target to an offset within the interval. So
// when it comes next is known, and how sure that is.

/// Scrapes of one scraper at equal distances. All times are seconds on one steady clock.
struct ScrapeTrain: Sendable, Equatable {
    let scraper: Scraper
    private(set) var period: Double
    /// When the next scrape is expected.
    private(set) var next: Double
    /// How far scrapes are from their expected moment on average.
    private(set) var jitter: Double
    /// Scrapes that came when they were expected, the founding ones with them.
    private(set) var hits = 3
    /// Scrapes that did not come, one after the other.
    private(set) var misses = 0
    /// From 1, all came, to 0; older ones count less and less.
    private(set) var score = 1.0

    /// - Parameters:
    ///   - last: when the last of three scrapes came that found the train.
    ///   - jitter: half of what their two distances differ by.
    init(_ scraper: Scraper, period: Double, last: Double, jitter: Double) {
        self.scraper = scraper
        self.period = period
        self.jitter = jitter
        next = last + period
    }

    /// Whether polls may follow it.
    var isTrusted: Bool { hits >= 4 && misses < 2 && jitter <= 0.12 && score > 0.7 }

    /// Whether it has been away for so long that nothing is known of it any more.
    var isOver: Bool { misses >= 4 }

    /// How far from its expected moment a scrape may come and still belong here.
    private var tolerance: Double { min(0.25, max(0.06, 0.02 * period, 6 * jitter)) }

    /// How far a scrape at that time is from the expected moment; nil where it cannot be this one's.
    func distance(of scraper: Scraper, at time: Double) -> Double? {
        let distance = abs(time - next)
        return scraper == self.scraper && distance <= tolerance ? distance : nil
    }

    /// Takes the expected scrape, and learns a little from when it came.
    mutating func take(at time: Double) {
        let error = time - next
        jitter += 0.1 * (abs(error) - jitter)
        score += 0.1 * (1 - score)
        hits += 1
        misses = 0
        period += 0.02 * error
        next += 0.3 * error + period
    }

    /// Passes over scrapes that should have come by now.
    mutating func pass(until now: Double) {
        while now > next + tolerance, !isOver {
            misses += 1
            score -= 0.1 * score
            next += period
        }
    }
}
