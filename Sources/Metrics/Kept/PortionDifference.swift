// Two polls of one source, compared: its samples mostly come in the same order, so the place alone pairs them.

/// Where the samples of two polls differ.
enum PortionDifference {
    /// The places at which there are other values; mostly none.
    case values([Int])
    /// The series are not the same ones.
    case shape
}

extension Portion {
    /// Costs a comparison of labels and values for each sample, and nothing where no new poll has ended.
    ///
    /// - Parameter isCounter: whether the family takes only what a counter may be.
    func difference(from old: borrowing Portion, isCounter: Bool) -> PortionDifference {
        guard hasSameTarget(as: old), samples.count == old.samples.count else { return .shape }
        if isOfSamePoll(as: old) { return .values([]) }
        let hasSameStarts = starts == old.starts
        let (new, former) = (samples.span, old.samples.span)
        var places: [Int] = []
        for place in samples.indices {
            switch new[place].difference(from: former[place]) {
            case .none: if !hasSameStarts, starts[place] != old.starts[place] { places.append(place) }
            case .value:
                guard !isCounter || new[place].isCount else { return .shape }
                places.append(place)
            case .shape: return .shape
            }
        }
        return .values(places)
    }

    private func hasSameTarget(as other: borrowing Portion) -> Bool {
        if target == nil, other.target == nil { return true }
        return (target ?? "").hasSameBytes(as: other.target ?? "")
    }

    /// Whether both are of the same poll.
    func isOfSamePoll(as other: borrowing Portion) -> Bool {
        samples.span.isIdentical(to: other.samples.span) && starts == other.starts
    }
}
