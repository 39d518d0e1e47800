// When a source is worth asking. A poll that ends just before a scrape is as good as one made for it. One between two
// scrapes serves the health page only.

/// The next poll of one source. Pure: times are seconds on the steady clock of the rhythm.
struct PollPlan: Sendable {
    /// The source's interval: the upper bound of age without a rhythm, and how often it may be asked.
    private let interval: Double
    /// Whether it keeps away from the moments at which polls begin together.
    private let comesAlone: Bool
    /// Polls that may be made now: one comes with each interval, two are kept.
    private var allowance = 2.0
    /// When the allowance was what it says.
    private var reckoned = 0.0
    /// How long a poll takes: a maximum that slowly forgets.
    private var duration = 0.01

    /// Nothing gets older than that, or than a scrape's period where that is more.
    private static let longestAge = 30.0
    /// A poll ends at least so long before its scrape: our own timers are late at times, and the page has to be made.
    private static let margin = 0.05
    /// Polls begin at such steps before their scrape, so that the quick ones begin together: to wake for each of them
    /// costs as much as half of what they do.
    private static let step = 0.05
    /// A poll that began so long before its right moment is still right.
    private static let earliness = 0.15

    init(interval: Double, comesAlone: Bool = false) {
        self.interval = interval
        self.comesAlone = comesAlone
    }

    /// Takes note of a poll.
    mutating func polled(at began: Double, for duration: Double) {
        self.duration = max(duration, self.duration * 0.98)
        allowance = min(2, allowance + (began - reckoned) / interval) - 1
        reckoned = began
    }

    /// When to ask next; nil where nothing is known of scrapes, and the interval decides.
    ///
    /// - Parameters:
    ///   - last: when the newest poll began.
    ///   - trains: those that are trusted.
    func due(after last: Double, now: Double, for trains: [ScrapeTrain]) -> Double? {
        guard let longest = trains.map(\.period).max() else { return nil }
        // Should the scrape not come, the samples are not older than this.
        var due = last + max(interval, min(Self.longestAge, longest + 1))
        for train in trains {
            let need = Self.margin + 1.5 * duration + 4 * train.jitter
            let lead = comesAlone ? need : (need / Self.step).rounded(.up) * Self.step
            var scrape = train.next
            // What the last poll has brought serves that scrape already, or the scrape is over.
            for _ in 0..<3 where last >= scrape - lead - Self.earliness || scrape < now {
                scrape += train.period
            }
            due = min(due, scrape - lead)
        }
        let permitted = allowance < 1 ? reckoned + (1 - allowance) * interval : now
        return max(due, permitted, now)
    }
}
