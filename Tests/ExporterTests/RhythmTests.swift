import HTTP
import TestKit
import Testing

@testable import Exporter

/// Hours of scrapes and polls, simulated: how old samples are when they are scraped, and how many polls that takes.
@Suite struct RhythmTests {
    private static let prometheus = Scraper(client: ClientAddress(bytes: [10, 0, 0, 1]), agent: "Prometheus/2.42.0")
    private static let replica = Scraper(client: ClientAddress(bytes: [10, 0, 0, 2]), agent: "Prometheus/2.42.0")

    /// Shared, because most tests do not change themselves.
    private final class Chance {
        private var dice: Dice

        init(seed: UInt64) { dice = Dice(seed: seed) }

        func number(in range: ClosedRange<Double>) -> Double { .random(in: range, using: &dice) }
    }

    private var chance = Chance(seed: 1)

    private func random(_ range: ClosedRange<Double>) -> Double { chance.number(in: range) }

    private struct Outcome {
        var polls = 0
        /// Of each scrape after the first dozen, in seconds.
        var ages: [Double] = []

        func share(youngerThan limit: Double) -> Double {
            Double(ages.count { $0 < limit }) / Double(max(1, ages.count))
        }
    }

    /// Runs one source through the scrapes, as its runner would.
    ///
    /// - Parameter hangs: the share of polls that take two seconds.
    private func simulate(
        _ scrapes: [(time: Double, scraper: Scraper)], hours: Double, interval: Double = 5,
        hangs: Double = 0
    ) -> Outcome {
        var rhythm = ScrapeRhythm()
        var plan = PollPlan(interval: interval)
        var outcome = Outcome()
        var (due, last, taken) = (0.0, 0.0, -1.0)
        var rest = scrapes.sorted { $0.time < $1.time }[...]
        var count = 0
        func scrape(_ time: Double, _ scraper: Scraper) {
            rhythm.arrival(of: scraper, at: time)
            count += 1
            if count > 12 { outcome.ages.append(time - taken) }
        }
        while true {
            let next = rest.first?.time ?? .infinity
            guard min(next, due) < hours * 3600 else { return outcome }
            guard due <= next else {
                if let (time, scraper) = rest.popFirst() { scrape(time, scraper) }
                continue
            }
            // Timers are late by a little.
            let started = due + random(0...0.002)
            let ended = started + (random(0...1) < hangs ? 2 : random(0.002...0.008))
            while let (time, scraper) = rest.first, time < ended {
                scrape(time, scraper)
                rest.removeFirst()
            }
            (last, taken) = (started, ended)
            outcome.polls += 1
            plan.polled(at: started, for: ended - started)
            rhythm.pass(until: ended)
            due = plan.due(after: last, now: ended, for: rhythm.trusted) ?? max(ended, due + interval)
        }
    }

    /// Scrapes as a Prometheus makes them, to within milliseconds.
    private func train(
        _ period: Double, from offset: Double, by scraper: Scraper = prometheus, hours: Double = 2, missing: Double = 0,
        spread: Double = 0.002, drift: Double = 0, outages: [Range<Double>] = []
    ) -> [(time: Double, scraper: Scraper)] {
        stride(from: offset, to: hours * 3600, by: period).compactMap { time in
            let time = time * (1 + drift) + random(0...spread)
            let isLost = random(0...1) < missing || outages.contains { $0.contains(time) }
            return isLost ? nil : (time, scraper)
        }
    }

    /// People look when they like.
    private func byChance(each mean: Double, by scraper: Scraper) -> [(time: Double, scraper: Scraper)] {
        (0..<Int(7200 / mean)).map { _ in (random(0...7200), scraper) }
    }

    @Test(arguments: [5.0, 10, 15, 30, 60]) func onePrometheusGetsFreshSamplesWithOnePollEach(period: Double) {
        let outcome = simulate(train(period, from: 4.2), hours: 2)
        #expect(outcome.share(youngerThan: 0.5) > 0.99)
        // Nothing gets older than half a minute, so a scrape each minute takes two or three.
        let polls = 7200 / min(period, 30)
        #expect(Double(outcome.polls) < polls * 1.6 + 20, "\(outcome.polls)")
    }

    /// Sources that answer quickly are woken for once, one that takes its time begins before them, and a Redis is asked
    /// when they have ended.
    @Test func quickPollsBeginTogether() {
        var rhythm = ScrapeRhythm()
        for number in 0..<5 { rhythm.arrival(of: Self.prometheus, at: 4.2 + 15 * Double(number)) }
        func due(_ duration: Double, alone: Bool = false) -> Double {
            var plan = PollPlan(interval: 5, comesAlone: alone)
            plan.polled(at: 64.1, for: duration)
            return plan.due(after: 64.1, now: 64.3, for: rhythm.trusted) ?? .nan
        }
        for quick in [0.001, 0.004, 0.015, 0.025] { #expect(abs(due(quick) - 79.1) < 1e-6) }
        #expect(abs(due(0.06) - 79.05) < 1e-6)
        #expect((79.12...79.15).contains(due(0.004, alone: true)))
    }

    /// Three scrapes at one distance found a train, and the next one proves it.
    @Test func fourScrapesMakeARhythm() {
        var rhythm = ScrapeRhythm()
        for number in 0..<4 {
            #expect(rhythm.trusted.isEmpty)
            rhythm.arrival(of: Self.prometheus, at: 4.2 + 15 * Double(number))
        }
        #expect(rhythm.trusted.map(\.scraper) == [Self.prometheus])
    }

    @Test(arguments: [0.1, 2.0, 7.3]) func twoReplicasAreTwoTrains(distance: Double) {
        let scrapes = train(15, from: 4.2) + train(15, from: 4.2 + distance, by: Self.replica)
        let outcome = simulate(scrapes, hours: 2)
        #expect(outcome.share(youngerThan: 0.5) > (distance < 5 ? 0.49 : 0.99))
        #expect(outcome.polls < 7200 / 5 + 3, "never more than the interval allows")
    }

    @Test func twoScrapersOfOneAddressAreTwoTrains() {
        let scrapes = train(15, from: 4.2) + train(15, from: 10.9)
        #expect(simulate(scrapes, hours: 2).share(youngerThan: 0.5) > 0.99)
    }

    @Test func fourScrapersAreServed() {
        let scrapes = [(5.0, 1.1), (15, 3.3), (30, 7.9), (60, 21.7)].enumerated().flatMap { index, rhythm in
            train(
                rhythm.0, from: rhythm.1,
                by: Scraper(client: ClientAddress(bytes: [10, 0, 0, UInt8(index)]), agent: "vmagent"))
        }
        let outcome = simulate(scrapes, hours: 2, interval: 1)
        #expect(outcome.share(youngerThan: 0.5) > 0.98)
        #expect(outcome.polls < 7200)
    }

    @Test func aPersonWithCurlDisturbsNothing() {
        let others = byChance(each: 40, by: Self.replica)
        let outcome = simulate(train(15, from: 4.2) + others, hours: 2)
        let scheduled = simulate(train(15, from: 4.2), hours: 2)
        #expect(outcome.share(youngerThan: 0.5) > 0.6, "those of Prometheus")
        #expect(Double(outcome.polls) < Double(scheduled.polls) * 3)
    }

    @Test func missedScrapesOutagesAndDriftAreForgiven() {
        #expect(simulate(train(15, from: 4.2, missing: 0.05), hours: 2).share(youngerThan: 0.5) > 0.97)
        let outages = [1000.0..<1120, 3000..<3120, 5000..<5300]
        let outcome = simulate(train(15, from: 4.2, drift: 5e-5, outages: outages), hours: 2)
        #expect(outcome.share(youngerThan: 0.5) > 0.94)
    }

    /// An agent that comes within half a second of its time, and people alone: the interval decides, as without any of
    /// this.
    @Test(arguments: 1...30 as ClosedRange<UInt64>) mutating func withoutARhythmTheIntervalDecides(seed: UInt64) {
        chance = Chance(seed: seed)
        let sloppy = stride(from: 3.0, to: 7200, by: 15).map { ($0 + random(-0.5...0.5), Self.prometheus) }
        for scrapes in [sloppy, byChance(each: 20, by: Self.prometheus), []] {
            let outcome = simulate(scrapes, hours: 2)
            // By chance an agent keeps to a rhythm for some minutes.
            #expect(outcome.ages.isEmpty || outcome.share(youngerThan: 5.1) > 0.85)
            #expect((1200...1441).contains(outcome.polls), "\(outcome.polls)")
        }
    }

    /// The scraper goes away and a target hangs: nobody starves, and nothing gets older than half a minute.
    @Test func nothingStarves() {
        let gone = train(15, from: 4.2, hours: 0.5)
        let late = byChance(each: 60, by: Self.replica).filter { $0.time > 2000 }
        let outcome = simulate(gone + late, hours: 2)
        #expect(outcome.ages.allSatisfy { $0 < 31 })
        let hanging = simulate(train(15, from: 4.2), hours: 2, hangs: 0.05)
        #expect(hanging.ages.allSatisfy { $0 < 31 })
        #expect(hanging.polls > 200 && hanging.polls < 1441)
    }

    @Test func whatIsKnownIsBounded() {
        var rhythm = ScrapeRhythm()
        for index in 0..<10_000 {
            let scraper = Scraper(client: ClientAddress(bytes: [10, 0, UInt8(index % 50), 1]), agent: "x")
            rhythm.arrival(of: scraper, at: Double(index) * 0.31)
        }
        #expect(rhythm.trains.count <= 8)
    }

    @Test func onlyScrapersCount() {
        #expect(Scraper(HTTPRequest(target: "/metrics", fields: [("User-Agent", "curl/8")])) == nil)
        let fields = [("User-Agent", "Prometheus/3"), ("X-Prometheus-Scrape-Timeout-Seconds", "10")]
        #expect(Scraper(HTTPRequest(target: "/metrics", fields: fields)) != nil)
    }
}
