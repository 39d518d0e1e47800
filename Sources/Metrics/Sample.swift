// Samples are what a collector returns: values with their label values, gathered into families.

/// One series' value at one moment.
public struct Sample: Sendable, Equatable {
    /// Label values in the order of the descriptor's labels. An empty value means that the label is absent.
    public let labels: [String]
    public let value: Value
    /// 0 for none.
    let startNanoseconds: UInt64

    /// - Parameter start: since when a counter, histogram or summary counts, where that is known of this series alone.
    public init(labels: [String] = [], value: Value, start: Moment? = nil) {
        self.labels = labels
        self.value = value
        startNanoseconds = start?.nanoseconds ?? 0
    }

    /// The same with another start, in nanoseconds since 1970.
    func starting(at nanoseconds: UInt64) -> Sample {
        Sample(labels: labels, value: value, start: nanoseconds == 0 ? nil : Moment(nanoseconds: nanoseconds))
    }

    /// The same with the labels that another sample holds.
    fileprivate func labelled(like other: borrowing Sample) -> Sample {
        Sample(labels: other.labels, value: value, start: start)
    }

    /// Since when a counter, histogram or summary counts. It stays for as long as the value does not fall.
    public var start: Moment? { startNanoseconds == 0 ? nil : Moment(nanoseconds: startNanoseconds) }

    /// Whether both are the same series of their family.
    @inline(__always)
    func hasSameLabels(as other: borrowing Sample) -> Bool {
        let (mine, theirs) = (labels.span, other.labels.span)
        // Mostly both hold the same words, as after ``Samples/sharingLabels(with:)``.
        if mine.isIdentical(to: theirs) { return true }
        guard mine.count == theirs.count else { return false }
        for index in mine.indices where !mine[index].hasSameBytes(as: theirs[index]) { return false }
        return true
    }

    /// A plain number, or one of the two compound kinds.
    public enum Value: Sendable, Equatable {
        case number(Double)
        case histogram(HistogramValue)
        case summary(SummaryValue)
    }
}

/// Quantiles that the source itself computed, as Redis does for `latencystats`.
public struct SummaryValue: Sendable, Equatable {
    /// The quantile as its label shows it, and the value there.
    public let quantiles: [(label: String, value: Double)]
    public let sum: Double
    public let count: Double

    public init(quantiles: [(label: String, value: Double)], sum: Double, count: Double) {
        self.quantiles = quantiles
        self.sum = sum
        self.count = count
    }

    public static func == (left: SummaryValue, right: SummaryValue) -> Bool {
        left.sum == right.sum && left.count == right.count
            && left.quantiles.elementsEqual(right.quantiles) { $0.label == $1.label && $0.value == $1.value }
    }
}

extension Sample {
    /// About how many bytes of a page it takes, its family's name left out.
    fileprivate var estimatedSize: Int {
        let lines =
            switch value {
            case .number: 1
            case .histogram(let value): value.counts.count + 2
            case .summary(let value): value.quantiles.count + 2
            }
        return lines * labels.reduce(48) { $0 + $1.utf8.count }
    }
}

/// All samples of one family from one collector.
public struct Family: Sendable {
    public let descriptor: Descriptor
    public fileprivate(set) var samples: [Sample] = []
    /// About how many bytes of a page the samples take.
    fileprivate var size = 0
    /// Samples that were left out because there were too many: all of them, because a part would give wrong sums.
    fileprivate(set) var excess = 0
    fileprivate var isOverfull: Bool { excess > 0 }

    fileprivate init(_ descriptor: Descriptor) {
        self.descriptor = descriptor
    }

    fileprivate mutating func shareLabels(with earlier: [Sample]) {
        if let sharing = samplesSharing(labelsOf: earlier) { samples = sharing }
    }

    /// Nil where these are the earlier samples themselves.
    private func samplesSharing(labelsOf earlier: [Sample]) -> [Sample]? {
        let (new, old) = (samples.span, earlier.span)
        guard !new.isIdentical(to: old) else { return nil }
        var sharing: [Sample] = []
        sharing.reserveCapacity(new.count)
        for place in new.indices {
            let isSame = place < old.count && new[place].hasSameLabels(as: old[place])
            sharing.append(isSame ? new[place].labelled(like: old[place]) : new[place])
        }
        return sharing
    }
}

/// The families that one collector gathers in one go.
///
/// Families may be filled in any order; the page is sorted when it is written.
///
/// What a server says decides how many samples there are, so there is a bound. A family that would take more than
/// ``mostBytesOfFamily`` is left out as a whole and counted. So are the largest ones for as long as all together would
/// take more than ``mostBytes``. The small ones stay.
public struct Samples: Sendable {
    public private(set) var families: [Family] = []
    private var index = DescriptorIndex()
    private var size = 0

    /// About 10,000 series of one family.
    public static let mostBytesOfFamily = 1 << 20
    /// About 80,000 series of one collector.
    public static let mostBytes = 8 << 20

    private let isBounded: Bool

    /// - Parameter bounded: false for what is bounded where it is counted, by options of the operator.
    public init(bounded: Bool = true) {
        isBounded = bounded
    }

    /// Adds one number. `labels` holds one value for each of the descriptor's label names.
    public mutating func add(_ descriptor: Descriptor, _ value: Double, _ labels: String...) {
        add(descriptor, Sample(labels: labels, value: .number(value)))
    }

    /// Adds one number where there is one; nothing for nil, so that the unknown is absent and never 0.
    public mutating func add(_ descriptor: Descriptor, ifKnown value: Double?, _ labels: String...) {
        if let value { add(descriptor, Sample(labels: labels, value: .number(value))) }
    }

    /// Adds one sample of any kind.
    public mutating func add(_ descriptor: Descriptor, _ sample: Sample) {
        assert(sample.labels.count == descriptor.labels.count, "\(descriptor.name): one value per label name")
        append(sample, at: position(of: descriptor))
    }

    /// Adds everything that another set holds.
    public mutating func add(_ other: Samples) {
        if families.isEmpty, isBounded == other.isBounded {
            self = other
            return
        }
        for family in other.families {
            // The usual case: nobody else has this family, and it is taken over as it is.
            if index.position(of: family.descriptor) == nil, fits(family) {
                families.append(family)
                index.add(family.descriptor)
                size += family.size
                continue
            }
            let position = position(of: family.descriptor)
            for sample in family.samples { append(sample, at: position) }
            if family.isOverfull { empty(at: position, andAlso: family.excess) }
        }
    }

    /// The families that were left out because they have too many samples, and how many those are.
    public var overfullFamilies: [(name: String, excess: Int)] {
        families.filter(\.isOverfull).map { ($0.descriptor.name, $0.excess) }
    }

    /// Samples that were left out because there were too many.
    public var excess: Int { families.reduce(0) { $0 + $1.excess } }

    /// The same without the families of these names.
    public func without(_ names: Set<String>) -> Samples {
        var rest = Samples(bounded: isBounded)
        for family in families where !names.contains(family.descriptor.name) {
            rest.families.append(family)
            rest.index.add(family.descriptor)
            rest.size += family.size
        }
        return rest
    }

    /// The same with the series of each family in the order of their labels. For what was gathered in a dictionary,
    /// which has another order each time: a family whose series stand elsewhere than before is written anew.
    public var inOrder: Samples {
        var ordered = self
        for place in ordered.families.indices {
            ordered.families[place].samples.sort { $0.labels.lexicographicallyPrecedes($1.labels) }
        }
        return ordered
    }

    /// The same, holding the labels of an earlier poll where the series are the same ones in the same places. So a
    /// series has its labels once for as long as it is there, and two polls are compared without reading them.
    public func sharingLabels(with earlier: Samples) -> Samples {
        var sharing = self
        for place in families.indices where !families[place].descriptor.labels.isEmpty {
            let samples = earlier[families[place].descriptor]
            sharing.families[place].shareLabels(with: samples)
        }
        return sharing
    }

    /// Where a family stands among ``families``.
    func place(of descriptor: Descriptor) -> Int? { index.position(of: descriptor) }

    /// All samples of one family, empty when it is absent.
    public subscript(descriptor: Descriptor) -> [Sample] {
        index.position(of: descriptor).map { families[$0].samples } ?? []
    }

    /// The first number of one family; nil when it is absent.
    public func first(_ descriptor: Descriptor) -> Double? {
        guard case .number(let value)? = self[descriptor].first?.value else { return nil }
        return value
    }

    /// All numbers of one family, in the order in which they were added; empty when it is absent.
    public func numbers(of descriptor: Descriptor) -> [Double] {
        self[descriptor].compactMap { sample in
            if case .number(let value) = sample.value { value } else { nil }
        }
    }

    /// The sum over all series of one family; nil when it is absent.
    public func sum(of descriptor: Descriptor) -> Double? {
        let numbers = numbers(of: descriptor)
        return numbers.isEmpty ? nil : numbers.reduce(0, +)
    }

    /// Whether there is room for all of it.
    private func fits(_ family: Family) -> Bool {
        !isBounded || family.size <= Self.mostBytesOfFamily && size + family.size <= Self.mostBytes
    }

    private mutating func append(_ sample: Sample, at position: Int) {
        guard !families[position].isOverfull else {
            families[position].excess += 1
            return
        }
        let more = sample.estimatedSize
        families[position].samples.append(sample)
        families[position].size += more
        size += more
        guard isBounded else { return }
        if families[position].size > Self.mostBytesOfFamily { empty(at: position) }
        while size > Self.mostBytes, let largest = families.indices.max(by: { families[$0].size < families[$1].size }) {
            empty(at: largest)
        }
    }

    private mutating func empty(at position: Int, andAlso more: Int = 0) {
        families[position].excess += families[position].samples.count + more
        size -= families[position].size
        families[position].samples = []
        families[position].size = 0
    }

    private mutating func position(of descriptor: Descriptor) -> Int {
        if let last = families.last, last.descriptor === descriptor { return families.count - 1 }
        if let known = index.position(of: descriptor) { return known }
        families.append(Family(descriptor))
        index.add(descriptor)
        return families.count - 1
    }
}
