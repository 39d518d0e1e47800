// Learns from the scrapes themselves when the next ones come. Two replicas of Prometheus are two trains; a person with
// curl is none, and neither is an agent that comes when it likes.
//
//     arrival ──► a train expects it ──────────────► the train goes on       (trusted after the first one)
//         │
//         └─────► nobody does ──► third at one distance? ──► a new train
//                                        │
//                                        └─ no ──► kept for four minutes, of the last twelve
//
// A train that misses four scrapes is gone. Where fewer than 60 % of what came was expected, there is no rhythm.

/// When scrapes are expected. Bounded: eight trains, twelve arrivals that belong to none.
struct ScrapeRhythm: Sendable {
    private(set) var trains: [ScrapeTrain] = []
    private var strangers: [(time: Double, scraper: Scraper)] = []
    /// How many of the recent arrivals were expected, from 0 to 1. The ones that found a train count as such: the
    /// first ones cannot be expected.
    private var expectedShare = 1.0

    private static let mostTrains = 8
    private static let mostStrangers = 12
    private static let memory = 260.0
    /// The distances that Prometheus is used with.
    private static let periods = 0.9...125.0

    /// The trains that polls may follow; none where there is no rhythm.
    var trusted: [ScrapeTrain] { expectedShare > 0.6 ? trains.filter(\.isTrusted) : [] }

    /// Takes note of a scrape.
    mutating func arrival(of scraper: Scraper, at time: Double) {
        pass(until: time)
        let candidates = trains.indices.compactMap { index in
            trains[index].distance(of: scraper, at: time).map { (index: index, distance: $0) }
        }
        if let nearest = candidates.min(by: { $0.distance < $1.distance }) {
            trains[nearest.index].take(at: time)
            expectedShare += 0.15 * (1 - expectedShare)
        } else if !foundsTrain(scraper, at: time) {
            expectedShare -= 0.15 * expectedShare
        }
    }

    /// Lets go of scrapes that should have come by now.
    mutating func pass(until now: Double) {
        for index in trains.indices { trains[index].pass(until: now) }
        trains.removeAll(where: \.isOver)
    }

    /// Whether an arrival that nobody expected is the third at one distance. Otherwise it is kept for those to come.
    private mutating func foundsTrain(_ scraper: Scraper, at time: Double) -> Bool {
        for second in strangers.reversed() where second.scraper == scraper {
            let distance = time - second.time
            guard Self.periods.contains(distance) else { continue }
            let first = strangers.first { first in
                let difference = abs(second.time - first.time - distance)
                return first.scraper == scraper && first.time < second.time
                    && difference <= max(0.05, 0.01 * distance)
            }
            guard let first else { continue }
            strangers.removeAll { $0.scraper == scraper && ($0.time == first.time || $0.time == second.time) }
            found(
                ScrapeTrain(
                    scraper, period: (time - first.time) / 2, last: time,
                    jitter: abs(second.time - first.time - distance) / 2))
            return true
        }
        strangers.append((time, scraper))
        strangers.removeAll { time - $0.time > Self.memory }
        if strangers.count > Self.mostStrangers { strangers.removeFirst() }
        return false
    }

    private mutating func found(_ train: ScrapeTrain) {
        trains.append(train)
        guard trains.count > Self.mostTrains else { return }
        let youngest = trains.indices.min { trains[$0].hits < trains[$1].hits }
        if let youngest { trains.remove(at: youngest) }
    }
}
