// Sums over things that may be forgotten are no counters: a sum that shrinks looks like a restart, and rate() then
// takes the whole rest for new. So such sums are followed, and only their growth is shown.
import Metrics

/// Turns sums that may shrink into counters that never do.
struct MonotoneTotals {
    private struct Key: Hashable {
        let family: String
        let labels: [String]
    }

    private var sums: [Key: (last: Double, total: Double)] = [:]

    /// The same samples with each number replaced by the growth of its series so far; a series starts at its first
    /// value.
    mutating func follow(_ samples: Samples) -> Samples {
        var followed = Samples()
        for family in samples.families {
            for sample in family.samples {
                guard case .number(let value) = sample.value else { continue }
                let key = Key(family: family.descriptor.name, labels: sample.labels)
                let known = sums[key] ?? (last: 0, total: 0)
                let total = known.total + max(0, value - known.last)
                sums[key] = (last: value, total: total)
                followed.add(family.descriptor, Sample(labels: sample.labels, value: .number(total)))
            }
        }
        return followed
    }
}
