// Samples are what a collector returns: values with their label values, gathered into families.

/// One series' value at one moment.
public struct Sample: Sendable, Equatable {
    /// Label values in the order of the descriptor's labels. An empty value means that the label is absent.
    public let labels: [String]
    public let value: Value

    public init(labels: [String] = [], value: Value) {
        self.labels = labels
        self.value = value
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

/// All samples of one family from one collector.
public struct Family: Sendable {
    public let descriptor: Descriptor
    public fileprivate(set) var samples: [Sample]

    public init(_ descriptor: Descriptor, _ samples: [Sample] = []) {
        self.descriptor = descriptor
        self.samples = samples
    }
}

/// The families that one collector gathers in one go.
///
/// Families may be filled in any order; the page is sorted when it is written.
public struct Samples: Sendable {
    public private(set) var families: [Family] = []
    private var positions: [ObjectIdentifier: Int] = [:]

    public init() {}

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
        families[position(of: descriptor)].samples.append(sample)
    }

    /// Adds everything that another set holds.
    public mutating func add(_ other: Samples) {
        for family in other.families {
            families[position(of: family.descriptor)].samples += family.samples
        }
    }

    /// All samples of one family, empty when it is absent.
    public subscript(descriptor: Descriptor) -> [Sample] {
        positions[ObjectIdentifier(descriptor)].map { families[$0].samples } ?? []
    }

    /// The first number of one family; nil when it is absent.
    public func first(_ descriptor: Descriptor) -> Double? {
        guard case .number(let value)? = self[descriptor].first?.value else { return nil }
        return value
    }

    /// All numbers of the family of this name, in the order in which they were added; empty when it is absent.
    public func numbers(of name: String) -> [Double] {
        guard let family = families.first(where: { $0.descriptor.name == name }) else { return [] }
        return family.samples.compactMap { sample in
            if case .number(let value) = sample.value { value } else { nil }
        }
    }

    /// The first number of the family of this name; nil when it is absent.
    public func value(of name: String) -> Double? {
        numbers(of: name).first
    }

    /// The sum over all series of the family of this name; nil when it is absent.
    public func sum(of name: String) -> Double? {
        let numbers = numbers(of: name)
        return numbers.isEmpty ? nil : numbers.reduce(0, +)
    }

    private mutating func position(of descriptor: Descriptor) -> Int {
        let identity = ObjectIdentifier(descriptor)
        if let last = families.last, last.descriptor === descriptor { return families.count - 1 }
        if let known = positions[identity] { return known }
        families.append(Family(descriptor))
        positions[identity] = families.count - 1
        return families.count - 1
    }
}
