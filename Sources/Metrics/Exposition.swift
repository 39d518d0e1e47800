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

    /// Merges what collectors contribute: families with the same name become one, of whatever collector they are.
    ///
    /// A family that comes with another kind or other labels than the first of its name is left out as duplicate, so
    /// that one bad family never breaks the page. So is a counter that is negative or not a number, which OpenMetrics
    /// forbids. Empty families are not shown.
    public init(_ contributions: [Contribution]) {
        let arrangement = Arrangement(contributions) { _ in .shown }
        var brought = [[Portion]](repeating: [], count: arrangement.descriptors.count)
        var refused = [Int](repeating: 0, count: arrangement.descriptors.count)
        for contribution in contributions {
            for (place, family) in contribution.families.enumerated() where !family.samples.isEmpty {
                switch arrangement.place(of: family.descriptor) {
                case .family(let number): brought[number].append(contribution.portion(place))
                case .refused(let number): refused[number] += family.samples.count
                case .hidden, nil: break
                }
            }
        }
        let merged = zip(arrangement.descriptors, brought).map(MergedFamily.init)
        leftOut = zip(merged, refused).map { ($0.descriptor.name, $0.leftOut + $1) }.filter { $0.series > 0 }
        families = merged.filter { !$0.series.isEmpty }
    }
}
