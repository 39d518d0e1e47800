// A descriptor says once what a metric family is: its name, kind, labels and help. The page's HELP and TYPE lines, the
// metric reference in docs/metrics.md and the lint of our own names all come from it.

import Synchronization

/// What one metric family is, shared by all of its samples.
///
/// A class so that thousands of samples can point to one descriptor; it never changes. Two descriptors are the same
/// family when their names are equal.
public final class Descriptor: Sendable {
    /// How a family's values behave, which decides its TYPE line.
    public enum Kind: String, Sendable {
        /// Only ever grows, but for a restart of its source.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts per upper bound, with sum and count.
        case histogram
        /// Counts per upper bound of what is there at the moment, which go up and down. There is no sum.
        case gaugeHistogram = "gaugehistogram"
        /// Quantiles computed by the source, with sum and count.
        case summary
        /// A constant 1 whose labels are the information. The name ends in `_info`.
        case info
    }

    public let kind: Kind
    /// The family's name as the text format shows it: a counter's `_total` and an info's `_info` included.
    public let name: String
    /// One sentence on what the value is and where it comes from.
    public var help: String { sentence() }
    /// Many are put together, and of most families nobody ever wants to read it.
    private let sentence: @Sendable () -> String
    /// The label names, in the order in which samples give their values.
    public let labels: [String]
    /// Whether the values say when a server reset other families.
    let tellsResets: Bool
    /// What the names of such families end with.
    static let resetSuffix = "_stats_reset"
    /// What stands above the family's series, in each format in which it has been written.
    let headers = AtomicLazyReference<FamilyHeader>()

    /// - Parameters:
    ///   - kind: how the values behave.
    ///   - name: in lower case, in base units; made safe by ``Naming/safeName(_:)``.
    ///   - labels: label names, in the order of every sample's values.
    ///   - help: one sentence naming the source, such as "INFO used_memory"; evaluated whenever it is read.
    public init(
        _ kind: Kind, _ name: String, labels: [String] = [], help: @autoclosure @escaping @Sendable () -> String
    ) {
        self.kind = kind
        self.name = Naming.safeName(name)
        tellsResets = self.name.hasSuffix(Self.resetSuffix)
        self.labels = labels.map(Naming.safeName)
        sentence = help
    }

    /// The base unit that the name carries as its suffix, or nil: `seconds`, `bytes`, `ratio` and the like.
    public var unit: String? {
        kind == .info ? nil : Naming.unit(ofFamily: openMetricsName)
    }

    /// The family's name in OpenMetrics, where `_total` and `_info` belong to the samples.
    public var openMetricsName: String {
        switch kind {
        case .counter where name.hasSuffix("_total"): String(name.dropLast("_total".count))
        case .info where name.hasSuffix("_info"): String(name.dropLast("_info".count))
        default: name
        }
    }
}
