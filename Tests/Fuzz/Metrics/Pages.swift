// Any samples as a page, in every format: families of all kinds, with values that fit them or do not.

import Metrics

func fuzzPages(_ input: inout FuzzInput) {
    var samples = Samples()
    var size = 0
    while !input.isEmpty && size < 4096 {
        let labels = (0..<input.byte() % 3).map { "l\($0)" }
        let kinds: [Descriptor.Kind] = [.counter, .gauge, .histogram, .summary, .info]
        let kind = kinds[Int(input.byte() % 5)]
        let suffix = kind == .info ? "_info" : ["", "_total", "_seconds", "_bytes"][Int(input.byte() % 4)]
        let name = "f\(input.byte() % 8)\(suffix)"
        let help = text(&input)
        let descriptor = Descriptor(kind, name, labels: labels, help: help)
        for _ in 0..<input.byte() % 4 {
            let value = value(&input, fitting: input.byte() % 8 > 0 ? descriptor.kind : nil)
            let start = input.byte() % 2 == 0 ? nil : Moment(nanoseconds: UInt64(input.short()) << 45)
            samples.add(descriptor, Sample(labels: labels.map { _ in text(&input) }, value: value, start: start))
        }
        size += 64
    }
    // A text format has no way to write a value that does not fit its family.
    PageCheck.check(samples.onlyFitting, madeFrom: size * 16)
    ProtobufCheck.check(Exposition([.init(samples)]).page(in: .protobuf))
}

private func text(_ input: inout FuzzInput) -> String {
    String(decoding: input.bytes(Int(input.byte() % 200)), as: UTF8.self)
}

private func number(_ input: inout FuzzInput) -> Double {
    switch input.byte() % 6 {
    case 0: .nan
    case 1: -.infinity
    case 2: Double(bitPattern: UInt64(input.short()) << 48)
    default: Double(input.short())
    }
}

private func value(_ input: inout FuzzInput, fitting kind: Descriptor.Kind?) -> Sample.Value {
    switch (kind, input.byte() % 3) {
    case (.summary, _), (nil, 0):
        let labels = ["0.5", "0.99", "50", "99.9"].prefix(Int(input.byte() % 5))
        return .summary(
            SummaryValue(
                quantiles: labels.map { ($0, abs(number(&input))) }, sum: Double(input.short()),
                count: Double(input.short())))
    case (.histogram, _), (nil, 1): return .histogram(histogram(&input))
    case (.info, _): return .number(1)
    default: return .number(number(&input))
    }
}

/// Observations anywhere from 1 ns to 500 years, in buckets that may be none at all.
private func histogram(_ input: inout FuzzInput) -> HistogramValue {
    let buckets = input.byte() % 4 == 0 ? Buckets([]) : Buckets.latency
    var histogram = Histogram(buckets)
    var counts: [Int: UInt64] = [:]
    for _ in 0..<input.byte() {
        let observation = UInt64(input.short()) << UInt64(input.byte() % 48)
        histogram.record(observation)
        counts[NativeScale.shared.place(of: observation), default: 0] += 1
    }
    let ordered = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    let native = input.byte() % 4 == 0 ? nil : NativeHistogram(ordered)
    let exemplars = histogram.counts.map { _ in
        Exemplar(label: text(&input), value: text(&input), observation: number(&input), at: Moment(nanoseconds: 1))
    }
    return HistogramValue(
        buckets: buckets, counts: histogram.counts, sum: histogram.value.sum, native: native,
        exemplars: input.byte() % 2 == 0 ? [] : exemplars)
}

extension Samples {
    /// Without the families that have a value of another kind.
    fileprivate var onlyFitting: Samples {
        without(
            Set(
                families.filter { family in
                    !family.samples.allSatisfy { sample in
                        switch (family.descriptor.kind, sample.value) {
                        case (.histogram, .histogram), (.summary, .summary), (.counter, .number), (.gauge, .number):
                            true
                        case (.info, .number(let value)): value == 1
                        default: false
                        }
                    }
                }.map(\.descriptor.name)))
    }
}
