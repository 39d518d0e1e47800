// A family on the page has the series of all its sources in one order, each of them once.

/// One family with everybody's samples, in the order of their labels.
public struct MergedFamily: Sendable {
    public let descriptor: Descriptor
    public let series: [Exposition.Series]
    /// Where each series was among all that were brought, those of one portion behind those of the one before.
    let origins: [Int]
    /// Series that were left out: those that stood twice, and impossible ones.
    let leftOut: Int
    /// Whether the series are all that were brought, in that order.
    let isAsBrought: Bool

    /// Since when each series counts, nil where it is unknown or does not count.
    public var starts: [Moment?] { series.map(\.sample.start) }

    /// Most collectors add their samples in order, or nearly so: then this is one pass.
    init(_ descriptor: Descriptor, _ portions: [Portion]) {
        self.descriptor = descriptor
        var brought: [Exposition.Series] = []
        brought.reserveCapacity(portions.reduce(0) { $0 + $1.samples.count })
        for portion in portions {
            for place in portion.samples.indices { brought.append(portion.series(at: place)) }
        }
        var places = Array(brought.indices)
        if descriptor.kind == .counter { places.removeAll { !brought[$0].sample.isCount } }
        origins = Self.inOrder(places, of: brought)
        leftOut = brought.count - origins.count
        isAsBrought = origins.elementsEqual(brought.indices)
        series = isAsBrought ? brought : origins.map { brought[$0] }
    }

    /// The places sorted by their series, those that stand twice dropped.
    private static func inOrder(_ places: [Int], of series: [Exposition.Series]) -> [Int] {
        guard places.count > 1 else { return places }
        // Places are sorted rather than series, and mostly by the first label alone: to look at a series, or to move
        // it, costs several reference counts.
        let firsts = series.map { $0.sample.labels.first ?? "" }
        func precedes(_ left: Int, _ right: Int) -> Bool {
            firsts[left] == firsts[right]
                ? Exposition.Series.precedes(series[left], series[right]) : firsts[left] < firsts[right]
        }
        guard !zip(places, places.dropFirst()).allSatisfy(precedes) else { return places }
        var kept: [Int] = []
        kept.reserveCapacity(places.count)
        for next in places.sorted(by: precedes) {
            if let last = kept.last, series[last].isSameSeries(as: series[next]) { continue }
            kept.append(next)
        }
        return kept
    }
}

extension Sample {
    /// Whether the value is one that a counter may have.
    var isCount: Bool {
        if case .number(let value) = value { value >= 0 } else { true }
    }
}
