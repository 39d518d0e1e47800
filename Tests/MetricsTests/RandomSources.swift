import Metrics

/// Sources that know something else after each poll, as real ones do: mostly other values, now and then another series,
/// a family that comes or goes, an order that is new, a counter that begins anew.
struct RandomSources {
    private var random: SplitMix
    private var sources: [Source] = []

    private struct Source {
        let target: String?
        var families: [Content]
        var starts = CounterStarts()
        var last: CounterStarts.Polled?
        var samples = Samples()
    }

    private struct Content {
        let descriptor: Descriptor
        var series: [(labels: [String], value: Sample.Value)] = []
    }

    init(seed: UInt64) {
        random = SplitMix(state: seed)
        for number in 0..<3 {
            let target = number == 0 ? nil : "host:\(number % 2)"
            sources.append(Source(target: target, families: descriptors.map { Content(descriptor: $0) }))
        }
    }

    /// Some are one family under two descriptors, one is of another kind than its namesake.
    private let descriptors: [Descriptor] = [
        Descriptor(.gauge, "a_gauge", labels: ["x"], help: "Says \"a\"."),
        Descriptor(.counter, "b_total", labels: ["x", "y"], help: "B."),
        Descriptor(.counter, "c_without_suffix", help: "C."),
        Descriptor(.histogram, "d_seconds", labels: ["x"], help: "D."),
        Descriptor(.summary, "e_usec", labels: ["x"], help: "E."),
        Descriptor(.summary, "f_ratio", labels: ["x"], help: "F."),
        Descriptor(.info, "g_info", labels: ["x"], help: "G."),
        Descriptor(.gauge, "a_gauge", labels: ["x"], help: "Another help."),
        Descriptor(.counter, "a_gauge", labels: ["x"], help: "Another kind."),
        Descriptor(.gauge, "hidden", help: "H."),
        Descriptor(.gaugeHistogram, "i_sizes", labels: ["x"], help: "I."),
    ]

    /// What the sources know now.
    var contributions: [Exposition.Contribution] {
        sources.map { Exposition.Contribution($0.samples, target: $0.target, starts: $0.starts) }
    }

    /// Some of the sources are polled again.
    mutating func poll(at second: UInt64) {
        for index in sources.indices where random.next(below: 3) > 0 { poll(index, at: second) }
    }

    private mutating func poll(_ index: Int, at second: UInt64) {
        var source = sources[index]
        var samples = Samples()
        if random.next(below: 8) == 0 { source.families.shuffle(using: &random) }
        for family in source.families.indices {
            change(&source.families[family])
            for (labels, value) in source.families[family].series {
                let start = random.next(below: 20) == 0 ? Moment(nanoseconds: second << 30) : nil
                samples.add(source.families[family].descriptor, Sample(labels: labels, value: value, start: start))
            }
        }
        if random.next(below: 2) == 0 { samples = samples.sharingLabels(with: source.samples) }
        let time = Moment(nanoseconds: second * 1_000_000_000)
        source.starts = CounterStarts(of: samples, from: .firstSight, after: source.last, at: time)
        source.last = CounterStarts.Polled(samples, source.starts, at: time)
        source.samples = samples
        sources[index] = source
    }

    private mutating func change(_ family: inout Content) {
        switch random.next(below: 40) {
        case 0: family.series = []
        case 1: family.series.shuffle(using: &random)
        case 2 where !family.series.isEmpty: family.series.removeLast()
        case 3: family.series += family.series.prefix(1)
        case 4...7: family.series.append((labels(of: family.descriptor), value(of: family.descriptor)))
        default: break
        }
        for index in family.series.indices where random.next(below: 3) == 0 {
            family.series[index].value = value(of: family.descriptor)
        }
    }

    /// Two of them are the same to Swift, and two series to Prometheus.
    private mutating func labels(of descriptor: Descriptor) -> [String] {
        let texts = ["", "a b", "caf\u{e9}", "cafe\u{301}", "say \"x\"\n", "long enough to be no small text"]
        var labels: [String] = []
        for _ in descriptor.labels { labels.append(texts[Int(random.next(below: UInt64(texts.count)))]) }
        return labels
    }

    private mutating func value(of descriptor: Descriptor) -> Sample.Value {
        switch descriptor.kind {
        case .histogram, .gaugeHistogram: .histogram(histogram())
        case .summary: .summary(summary(isPercentage: descriptor.name == "e_usec"))
        case .counter, .gauge, .info: .number(number())
        }
    }

    private mutating func number() -> Double {
        let special = [0, -0.0, -1, .nan, .infinity, 0.1, 9, 10, 99, 100, 1e17]
        if random.next(below: 2) == 0 { return Double(random.next(below: 3000)) }
        return special[Int(random.next(below: UInt64(special.count)))]
    }

    private mutating func histogram() -> HistogramValue {
        let buckets = random.next(below: 10) == 0 ? Buckets([1]) : Buckets([0.1, 1, 10])
        var counts: [UInt64] = []
        for _ in 0...buckets.bounds.count { counts.append(random.next(below: 300)) }
        var native: NativeHistogram?
        if random.next(below: 3) > 0 {
            let places: [(Int, UInt64)] = [(Int(random.next(below: 90)), 5), (99, 1)]
            native = NativeHistogram(places)
        }
        let exemplars = counts.map { count -> Exemplar? in
            guard count % 3 == 0 else { return nil }
            return Exemplar(label: "id", value: "\(count)", observation: 0.5, at: Moment(nanoseconds: count << 30))
        }
        return HistogramValue(
            buckets: buckets, counts: counts, sum: number(), native: native, exemplars: exemplars)
    }

    private mutating func summary(isPercentage: Bool) -> SummaryValue {
        let labels = isPercentage ? ["50", "99.9"] : ["0.5", "0.999"]
        var quantiles: [(label: String, value: Double)] = []
        if random.next(below: 9) > 0 { for label in labels { quantiles.append((label, number())) } }
        return SummaryValue(quantiles: quantiles, sum: number(), count: Double(random.next(below: 99)))
    }
}

/// The same numbers for the same seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func next(below bound: UInt64) -> UInt64 { next() % bound }
}
