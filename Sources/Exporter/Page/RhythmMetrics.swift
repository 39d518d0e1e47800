// Whether polls follow the scrapes, and how well.

import Metrics

/// The rhythm of the scrapes, on the page.
enum RhythmMetrics {
    private static let period = Descriptor(
        .gauge, "sidelong_scrape_rhythm_seconds", labels: ["scraper"],
        help: "How often a scraper comes, by its address, where it keeps to a rhythm that polls can follow.")
    private static let age = Descriptor(
        .histogram, "sidelong_sample_age_seconds",
        help: "How old the samples of each source were when a scraper got them.")

    static let descriptors = [period, age]

    static func live(_ desk: RhythmDesk) -> some LiveSource {
        LiveSamples(of: { desk.facts }) { facts in
            var samples = Samples()
            for period in facts.periods { samples.add(Self.period, period.seconds, period.scraper) }
            samples.add(age, Sample(labels: [], value: .histogram(facts.ages)))
            return samples
        }
    }
}
