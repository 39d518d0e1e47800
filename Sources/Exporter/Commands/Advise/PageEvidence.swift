// Figures from the page of a running Sidelong: what was counted since everything began, or between two looks.

import System

/// A Sidelong's own page.
struct PageEvidence: EvidenceSource {
    private let source: TopSource
    private let window: Duration?

    /// - Parameter window: between two looks; nil for one look, at all that was counted.
    init(_ source: TopSource, over window: Duration?) {
        self.source = source
        self.window = window
    }

    func evidence() throws -> Evidence {
        let first = try source.look().get()
        guard let window else {
            return Evidence(levels: first, growth: first, period: "since its counters began")
        }
        Semaphore().wait(for: window)
        let second = try source.look().get()
        return Self.evidence(first, second, period: "in \(Figure.short(window.seconds)) s")
    }

    /// What happened between two pages. A counter that fell has counted anew.
    static func evidence(_ first: SeriesPage, _ second: SeriesPage, period: String) -> Evidence {
        var evidence = Evidence(levels: second, change: SeriesPage(), period: period)
        for name in AdviceRule.allCounters {
            let before = values(first[name])
            for one in second[name] {
                let old = before[one.labels] ?? 0
                evidence.growth.add(name, Series(labels: one.labels, value: one.value - (one.value < old ? 0 : old)))
            }
        }
        for name in AdviceRule.allGauges {
            let before = values(first[name])
            for one in second[name] {
                guard let old = before[one.labels] else { continue }
                evidence.change?.add(name, Series(labels: one.labels, value: one.value - old))
            }
        }
        return evidence
    }

    private static func values(_ series: [Series]) -> [Labels: Double] {
        Dictionary(series.map { ($0.labels, $0.value) }) { $1 }
    }
}
