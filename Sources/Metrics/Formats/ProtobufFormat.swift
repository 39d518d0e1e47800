// Prometheus' protobuf format: for each family its length, then a message `io.prometheus.client.MetricFamily`. It
// carries what text cannot: native histograms, and since when a counter counts. The numbers here are the fields of
// `metrics.proto` in prometheus/client_model; their types are those of protobuf's second version.

/// Protobuf, delimited. A value cannot be put into the place of another: the start of a counter stands behind it, and
/// lengths depend on it. The names are those of the text format, `_total` and `_info` included.
enum ProtobufFormat: PageEncoder {
    static let offer = FormatOffer(
        mediaType: "application/vnd.google.protobuf",
        parameters: [
            .init(name: "proto", value: "io.prometheus.client.MetricFamily", isImplied: false),
            .init(name: "encoding", value: "delimited", isImplied: false),
        ])
    static let contentType =
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
    static let isDelimited = true

    static func header(of descriptor: Descriptor) -> PageBuffer {
        header(descriptor.name, descriptor.kind.type, of: descriptor)
    }

    private static func header(_ name: String, _ type: MetricType, of descriptor: Descriptor) -> PageBuffer {
        var buffer = PageBuffer()
        buffer.append(field: 1, name)
        buffer.append(field: 2, descriptor.help)
        buffer.append(field: 3, varint: type.rawValue)
        if let unit = descriptor.unit, name == descriptor.name { buffer.append(field: 5, unit) }
        return buffer
    }

    static func writer(of descriptor: Descriptor) -> MetricWriter { MetricWriter(descriptor) }

    /// Whether all series can be written, and are of one kind.
    static func isInOnePiece(_ family: MergedFamily) -> Bool {
        let writer = writer(of: family.descriptor)
        let isNative = family.series.first?.isNative ?? false
        return family.series.allSatisfy { writer.fits($0) && $0.isNative == isNative }
    }

    static func appendPieces(of family: MergedFamily, to buffer: inout PageBuffer) {
        let writer = writer(of: family.descriptor)
        let series = family.series.filter(writer.fits)
        // Prometheus takes all series behind a native histogram for native ones, up to the end of the message, and
        // refuses the page over one that is not. So the two kinds of one family are a message each.
        for isNative in [false, true] {
            let alike = series.filter { $0.isNative == isNative }
            guard !alike.isEmpty else { continue }
            buffer.appendMessage { buffer in
                buffer.append(keptHeader(of: family.descriptor))
                for series in alike { writer.write(series, to: &buffer) }
            }
        }
        appendBare(family.series.filter(writer.isBareSummary), of: family.descriptor, writer, to: &buffer)
    }

    /// Summaries without a quantile, which Prometheus reads from protobuf since 3.12 only, and ends with before. They
    /// are two families without a type instead, with the same series.
    private static func appendBare(
        _ bare: [Exposition.Series], of descriptor: Descriptor, _ writer: MetricWriter, to buffer: inout PageBuffer
    ) {
        for (suffix, value) in [("_count", \SummaryValue.count), ("_sum", \SummaryValue.sum)] where !bare.isEmpty {
            buffer.appendMessage { buffer in
                buffer.append(header(descriptor.name + suffix, .untyped, of: descriptor).bytes)
                for series in bare {
                    guard case .summary(let summary) = series.sample.value else { continue }
                    writer.write(series, to: &buffer) { buffer in
                        buffer.append(message: 5) { $0.append(field: 1, double: summary[keyPath: value]) }
                    }
                }
            }
        }
    }
}

extension Exposition.Series {
    fileprivate var isNative: Bool {
        guard case .histogram(let histogram) = sample.value else { return false }
        return histogram.native != nil
    }
}

/// `MetricType`.
private enum MetricType: UInt64 {
    case counter, gauge, summary, untyped, histogram, gaugeHistogram
}

extension Descriptor.Kind {
    fileprivate var type: MetricType {
        switch self {
        case .counter: .counter
        case .gauge, .info: .gauge
        case .histogram: .histogram
        case .gaugeHistogram: .gaugeHistogram
        case .summary: .summary
        }
    }
}

/// Writes the series of one family, each a message `Metric`, which is the field 4.
struct MetricWriter: SeriesEncoder {
    private let kind: Descriptor.Kind
    /// The labels' names, encoded.
    private let names: [[UInt8]]
    private static let targetName = nameField("target")

    init(_ descriptor: Descriptor) {
        kind = descriptor.kind
        names = descriptor.labels.map(Self.nameField)
    }

    private static func nameField(_ name: String) -> [UInt8] {
        var buffer = PageBuffer()
        buffer.append(field: 1, name)
        return buffer.bytes
    }

    /// Whether the value is one that the family's kind has.
    func fits(_ series: Exposition.Series) -> Bool {
        switch (series.sample.value, kind) {
        case (.number, .counter), (.number, .gauge), (.number, .info): true
        case (.histogram, .histogram), (.histogram, .gaugeHistogram): true
        case (.summary(let summary), .summary): !summary.quantiles.isEmpty
        default: false
        }
    }

    func isBareSummary(_ series: Exposition.Series) -> Bool {
        guard case .summary(let summary) = series.sample.value else { return false }
        return kind == .summary && summary.quantiles.isEmpty
    }

    func write(_ series: Exposition.Series, to buffer: inout PageBuffer) {
        write(series, to: &buffer) { buffer in
            switch series.sample.value {
            case .number(let value):
                buffer.append(message: kind == .counter ? 3 : 2) { buffer in
                    buffer.append(field: 1, double: value)
                    if kind == .counter { buffer.append(field: 3, series.sample.start) }
                }
            case .summary(let summary): buffer.append(message: 4) { $0.append(summary, series.sample.start) }
            case .histogram(let histogram):
                buffer.append(message: 7) { $0.append(histogram, kind == .histogram ? series.sample.start : nil) }
            }
        }
    }

    /// Writes the labels, one with an empty value left out, and then a value.
    func write(
        _ series: Exposition.Series, to buffer: inout PageBuffer, _ value: (inout PageBuffer) -> Void
    ) {
        buffer.append(message: 4) { buffer in
            for (name, value) in zip(names, series.sample.labels) where !value.isEmpty {
                buffer.append(label: name, value)
            }
            if let target = series.target { buffer.append(label: Self.targetName, target) }
            value(&buffer)
        }
    }
}

// The messages.
extension PageBuffer {
    /// `LabelPair`, with its name encoded already.
    fileprivate mutating func append(label name: [UInt8], _ value: String) {
        append(message: 1) { buffer in
            buffer.append(name)
            buffer.append(field: 2, value)
        }
    }

    /// `Summary`.
    fileprivate mutating func append(_ summary: SummaryValue, _ start: Moment?) {
        append(field: 1, varint: UInt64(exactly: summary.count.rounded()) ?? 0)
        append(field: 2, double: summary.sum)
        for (label, value) in summary.quantiles {
            append(message: 3) { buffer in
                buffer.append(field: 1, double: Double(label) ?? .nan)
                buffer.append(field: 2, double: value)
            }
        }
        append(field: 4, start)
    }

    /// `Histogram`: both kinds of buckets.
    fileprivate mutating func append(_ histogram: HistogramValue, _ start: Moment?) {
        append(field: 1, varint: histogram.count)
        append(field: 2, double: histogram.sum)
        let bounds = histogram.buckets.bounds
        var total: UInt64 = 0
        for (index, count) in histogram.counts.enumerated() {
            total &+= count
            append(message: 3) { buffer in
                buffer.append(field: 1, varint: total)
                buffer.append(field: 2, double: index < bounds.count ? bounds[index] : .infinity)
                if let exemplar = histogram.exemplar(of: index) { buffer.append(exemplar) }
            }
        }
        if let native = histogram.native { append(native.layout) }
        append(field: 15, start)
    }

    /// What makes a histogram a native one. Its threshold above 0 does, also where it is empty.
    private mutating func append(_ native: NativeLayout) {
        append(field: 5, signed: Int64(native.schema))
        append(field: 6, double: NativeScale.zeroThreshold)
        append(field: 7, varint: native.zeroCount)
        for span in native.spans {
            append(message: 12) { buffer in
                buffer.append(field: 1, signed: Int64(span.offset))
                buffer.append(field: 2, varint: UInt64(span.length))
            }
        }
        for delta in native.deltas { append(field: 13, signed: delta) }
    }

    /// `Exemplar`, of a bucket.
    private mutating func append(_ exemplar: Exemplar) {
        append(message: 3) { buffer in
            buffer.append(message: 1) { buffer in
                buffer.append(field: 1, exemplar.label)
                buffer.append(field: 2, exemplar.value)
            }
            buffer.append(field: 2, double: exemplar.observation)
            buffer.append(field: 3, exemplar.time)
        }
    }

    /// `Timestamp`; nothing for nil.
    fileprivate mutating func append(field: UInt8, _ moment: Moment?) {
        guard let moment else { return }
        append(message: field) { buffer in
            buffer.append(field: 1, varint: moment.nanoseconds / 1_000_000_000)
            buffer.append(field: 2, varint: moment.nanoseconds % 1_000_000_000)
        }
    }
}
