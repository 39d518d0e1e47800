// What a new poll changes on a page. Most samples are what they were; of others the value has changed, which stands in
// one place; and now and then a series comes or goes.

/// How a sample differs from the one that stood in its place. Nothing is taken for the same that any format writes in
/// other bytes.
enum SampleDifference {
    case none
    /// Another value, written in the same place and way.
    case value
    /// Another series, or a value that a format may write elsewhere or not at all.
    case shape
}

extension Sample {
    // Inlined with what it calls: a call copies both samples.
    @inline(__always)
    func difference(from old: borrowing Sample) -> SampleDifference {
        guard hasSameLabels(as: old) else { return .shape }
        let difference = value.difference(from: old.value)
        return difference == .none && startNanoseconds != old.startNanoseconds ? .value : difference
    }
}

extension Sample.Value {
    @inline(__always)
    fileprivate func difference(from old: borrowing Sample.Value) -> SampleDifference {
        switch (self, copy old) {
        case (.number(let new), .number(let old)): new.bitPattern == old.bitPattern ? .none : .value
        case (.histogram(let new), .histogram(let old)): new.difference(from: old)
        case (.summary(let new), .summary(let old)): new.difference(from: old)
        default: .shape
        }
    }
}

extension HistogramValue {
    fileprivate func difference(from old: HistogramValue) -> SampleDifference {
        let hasSameNative: Bool
        switch (native, old.native) {
        case (nil, nil): hasSameNative = true
        case (let new?, let old?): hasSameNative = new.isRecordedAlike(old)
        // The protobuf format writes the two kinds apart.
        default: return .shape
        }
        let isSame =
            hasSameNative && counts == old.counts && sum.bitPattern == old.sum.bitPattern && buckets == old.buckets
            && exemplars.elementsEqual(old.exemplars) { $0?.isWritten(like: $1) ?? ($1 == nil) }
        return isSame ? .none : .value
    }
}

extension Exemplar {
    fileprivate func isWritten(like other: Exemplar?) -> Bool {
        guard let other else { return false }
        return time == other.time && observation.bitPattern == other.observation.bitPattern
            && value.hasSameBytes(as: other.value) && label == other.label
    }
}

extension SummaryValue {
    fileprivate func difference(from old: SummaryValue) -> SampleDifference {
        // What the labels of the quantiles are decides how OpenMetrics writes the family.
        guard quantiles.elementsEqual(old.quantiles, by: { $0.label == $1.label }) else { return .shape }
        let isSame =
            sum.bitPattern == old.sum.bitPattern && count.bitPattern == old.count.bitPattern
            && quantiles.elementsEqual(old.quantiles) { $0.value.bitPattern == $1.value.bitPattern }
        return isSame ? .none : .value
    }
}
