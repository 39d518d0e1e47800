// Several sources may fill one family: each brings its own samples, and with several targets the name of its own.

/// What one source brings of one family.
struct Portion: Sendable {
    let samples: [Sample]
    let starts: FamilyStarts
    /// The value of the `target` label, or nil where there is one target only.
    let target: String?

    static let none = Portion(samples: [], starts: .unknown, target: nil)

    /// A sample as a series of the page, with its start where it counts.
    func series(at position: Int) -> Exposition.Series {
        let start = starts[position]
        let sample = samples[position]
        return Exposition.Series(target: target, sample: start == 0 ? sample : sample.starting(at: start))
    }
}

extension Exposition.Contribution {
    /// What the contribution brings of the family at this place.
    func portion(_ place: Int) -> Portion {
        let family = families[place]
        return Portion(
            samples: family.samples, starts: family.descriptor.counts ? starts[place] : .unknown, target: target)
    }
}
