// What a page says of this program itself is taken at the moment of the scrape. Most of it has not changed since the
// last one, and is not made again then.

import Metrics

/// Samples that are taken at the moment of a scrape: cheap, from memory.
protocol LiveSource: Sendable {
    /// The samples; nil when they are those of the last call.
    mutating func changes() -> Samples?
}

/// Samples that follow from some facts, and change with them only.
struct LiveSamples<Facts: Equatable & Sendable>: LiveSource {
    private let facts: @Sendable () -> Facts
    private let samples: @Sendable (Facts) -> Samples
    private var last: Facts?

    init(of facts: @escaping @Sendable () -> Facts, _ samples: @escaping @Sendable (Facts) -> Samples) {
        self.facts = facts
        self.samples = samples
    }

    mutating func changes() -> Samples? {
        let facts = facts()
        guard facts != last else { return nil }
        last = facts
        return samples(facts)
    }
}
