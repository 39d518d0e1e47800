// The page: families of all collectors merged by name, sorted, without duplicates.

/// A page's families, merged from several collectors, sorted by name.
public struct Exposition: Sendable {
    /// What one collector contributes.
    public struct Contribution: Sendable {
        let families: [Family]
        /// The value of the `target` label, or nil where there is one target only.
        let target: String?
        let starts: CounterStarts

        public init(_ samples: Samples, target: String? = nil, starts: CounterStarts = CounterStarts()) {
            self.families = samples.families
            self.target = target
            self.starts = starts
        }

        /// The series of a family, each with its start where it counts.
        fileprivate func series(of place: Int) -> [Series] {
            let family = families[place]
            guard family.descriptor.kind != .gauge, family.descriptor.kind != .info else {
                return family.samples.map { Series(target: target, sample: $0) }
            }
            let isCounter = family.descriptor.kind == .counter
            return family.samples.enumerated().compactMap { position, sample in
                guard !isCounter || sample.isCount else { return nil }
                let start = starts.start(ofFamily: place, sample: position)
                return Series(target: target, sample: start == 0 ? sample : sample.starting(at: start))
            }
        }
    }

    /// One family with everybody's samples, in the order of their labels.
    public struct MergedFamily: Sendable {
        public let descriptor: Descriptor
        public fileprivate(set) var series: [Series]
        /// Series that stood twice and were left out.
        public fileprivate(set) var duplicates = 0

        /// Since when each series counts, nil where it is unknown or does not count.
        public var starts: [Moment?] { series.map(\.sample.start) }

        /// About how many bytes the family takes when it is written, rather too many than too few.
        public var estimatedSize: Int {
            let lines =
                if case .histogram(let value)? = series.first?.sample.value { value.counts.count + 2 } else { 1 }
            return 512 + series.count * lines * 128
        }
    }

    /// One series: a sample and the target it comes from.
    public struct Series: Sendable, Equatable {
        let target: String?
        let sample: Sample

        /// The order of the page: by label values, then by target.
        static func precedes(_ left: Series, _ right: Series) -> Bool {
            let (a, b) = (left.sample.labels, right.sample.labels)
            for index in 0..<min(a.count, b.count) where a[index] != b[index] { return a[index] < b[index] }
            for index in 0..<min(a.count, b.count) where !a[index].hasSameBytes(as: b[index]) {
                return ForeignName(a[index]) < ForeignName(b[index])
            }
            return (left.target ?? "") < (right.target ?? "")
        }

        func isSameSeries(as other: Series) -> Bool {
            sample.labels.elementsEqual(other.sample.labels) { $0.hasSameBytes(as: $1) }
                && (target ?? "").hasSameBytes(as: other.target ?? "")
        }
    }

    public let families: [MergedFamily]

    /// Series that were left out, by family in the order of names: those that stood twice, and impossible ones.
    public let leftOut: [(family: String, series: Int)]

    /// Series that were left out, over all families.
    public var duplicates: Int { leftOut.reduce(0) { $0 + $1.series } }

    /// Merges what collectors contribute: families with the same name become one, whoever brings them.
    ///
    /// A family that comes with another kind or other labels than the first of its name is left out as duplicate, so
    /// that one bad family never breaks the page; so is a counter that is negative or not a number, which OpenMetrics
    /// forbids. Empty families are not shown.
    public init(_ contributions: [Contribution]) {
        var merged = Self.inOrderOfNames(Self.merged(contributions))
        for index in merged.indices { merged[index].sortAndDropDuplicates() }
        leftOut = merged.filter { $0.duplicates > 0 }.map { ($0.descriptor.name, $0.duplicates) }
        families = merged.filter { !$0.series.isEmpty }
    }

    /// The families of all, those with the same descriptor put together.
    private static func merged(_ contributions: [Contribution]) -> [MergedFamily] {
        var merged: [MergedFamily] = []
        var index = DescriptorIndex()
        for contribution in contributions {
            for (place, family) in contribution.families.enumerated() where !family.samples.isEmpty {
                let series = contribution.series(of: place)
                let refused = family.samples.count - series.count
                if let position = index.position(of: family.descriptor) {
                    merged[position].series += series
                    merged[position].duplicates += refused
                } else {
                    index.add(family.descriptor)
                    merged.append(MergedFamily(descriptor: family.descriptor, series: series, duplicates: refused))
                }
            }
        }
        return merged
    }

    /// The families sorted by name, those with the same name put together where their descriptors agree.
    private static func inOrderOfNames(_ families: [MergedFamily]) -> [MergedFamily] {
        let names = families.map(\.descriptor.name)
        let order = families.indices.sorted { names[$0] < names[$1] }
        var sorted: [MergedFamily] = []
        sorted.reserveCapacity(families.count)
        for position in order {
            let last = sorted.count - 1
            if last < 0 || sorted[last].descriptor.name != names[position] {
                sorted.append(families[position])
            } else if sorted[last].descriptor.isCompatible(with: families[position].descriptor) {
                sorted[last].series += families[position].series
                sorted[last].duplicates += families[position].duplicates
            } else {
                sorted[last].duplicates += families[position].series.count + families[position].duplicates
            }
        }
        return sorted
    }
}

extension Exposition.MergedFamily {
    /// Most collectors add their samples in order, or nearly so: then this is one pass.
    fileprivate mutating func sortAndDropDuplicates() {
        guard series.count > 1 else { return }
        // Positions are sorted rather than series, and mostly by the first label alone: to look at a series, or to move
        // it, costs several reference counts.
        let firsts = series.map { $0.sample.labels.first ?? "" }
        func precedes(_ left: Int, _ right: Int) -> Bool {
            firsts[left] == firsts[right]
                ? Exposition.Series.precedes(series[left], series[right]) : firsts[left] < firsts[right]
        }
        guard !(1..<series.count).allSatisfy({ precedes($0 - 1, $0) }) else { return }
        let order = series.indices.sorted(by: precedes)
        var kept: [Exposition.Series] = []
        kept.reserveCapacity(series.count)
        for next in order {
            if let last = kept.last, last.isSameSeries(as: series[next]) {
                duplicates += 1
            } else {
                kept.append(series[next])
            }
        }
        series = kept
    }
}

extension Sample {
    /// Whether the value is one that a counter may have.
    fileprivate var isCount: Bool {
        if case .number(let value) = value { value >= 0 } else { true }
    }
}

extension Descriptor {
    fileprivate func isCompatible(with other: Descriptor) -> Bool {
        kind == other.kind && labels == other.labels
    }
}
