// How a family is written. The two formats differ in the lines above the samples; the samples themselves are the same
// bytes in both: `le` is always a float, and a counter's sample carries `_total` in either.

extension PageBuffer {
    /// Writes one family: its description, then a line or more for each series.
    public mutating func append(_ family: Exposition.MergedFamily, in format: ExpositionFormat) {
        switch format {
        case .text: appendTextHeader(family.descriptor)
        case .openMetrics where family.hasPercentiles: return appendPercentiles(family)
        case .openMetrics: appendOpenMetricsHeader(family.descriptor)
        }
        let writer = SeriesWriter(family.descriptor)
        for series in family.series { writer.write(series, to: &self) }
    }

    /// A summary whose quantiles are percentages, as Redis has them and dashboards know them. OpenMetrics allows a
    /// quantile from 0 to 1 only, so there it is three families of unknown type, with the same series.
    private mutating func appendPercentiles(_ family: Exposition.MergedFamily) {
        let writer = SeriesWriter(family.descriptor)
        for part in SeriesWriter.SummaryPart.allCases {
            let name = family.descriptor.name + part.rawValue
            append("# TYPE \(name) unknown\n# HELP \(name) ")
            appendHelp(family.descriptor.help, quotes: true)
            append(UInt8(ascii: "\n"))
            for series in family.series { writer.write(part, of: series, to: &self) }
        }
    }

    /// Text 0.0.4: HELP, then TYPE. An info is a gauge there.
    private mutating func appendTextHeader(_ descriptor: Descriptor) {
        append("# HELP \(descriptor.name) ")
        appendHelp(descriptor.help, quotes: false)
        let type = descriptor.kind == .info ? Descriptor.Kind.gauge : descriptor.kind
        append("\n# TYPE \(descriptor.name) \(type.rawValue)\n")
    }

    /// OpenMetrics 1.0.0: TYPE, UNIT, HELP. A counter whose name lacks `_total` may only be called unknown.
    private mutating func appendOpenMetricsHeader(_ descriptor: Descriptor) {
        let name = descriptor.openMetricsName
        let isNamedAsCounter = descriptor.kind != .counter || descriptor.name.hasSuffix("_total")
        append("# TYPE \(name) \(isNamedAsCounter ? descriptor.kind.rawValue : "unknown")\n")
        if let unit = descriptor.unit { append("# UNIT \(name) \(unit)\n") }
        append("# HELP \(name) ")
        appendHelp(descriptor.help, quotes: true)
        append(UInt8(ascii: "\n"))
    }
}

/// Writes the sample lines of one family.
///
/// Whatever several lines share is put together once, so that a line is two or three copies of bytes.
private struct SeriesWriter {
    private let name: [UInt8]
    private let bucketName: [UInt8]
    private let sumName: [UInt8]
    private let countName: [UInt8]
    /// `name="` for each label.
    private let labelStarts: [[UInt8]]

    init(_ descriptor: Descriptor) {
        name = Array(descriptor.name.utf8)
        bucketName = name + "_bucket".utf8
        sumName = name + "_sum".utf8
        countName = name + "_count".utf8
        labelStarts = descriptor.labels.map { Array($0.utf8) + "=\"".utf8 }
    }

    func write(_ series: Exposition.Series, to buffer: inout PageBuffer) {
        let labels = labels(of: series)
        switch series.sample.value {
        case .number(let value):
            buffer.append(name)
            buffer.append(closed(labels))
            buffer.append(lineEnd: value)
        case .histogram(let histogram):
            let start = bucketName + open(labels)
            var total: UInt64 = 0
            for (ending, count) in zip(histogram.buckets.labels, histogram.counts) {
                total &+= count
                buffer.append(start)
                buffer.append(ending)
                buffer.append(lineEnd: Double(total))
            }
            appendTotal(sumName, histogram.sum, labels, to: &buffer)
            appendTotal(countName, Double(total), labels, to: &buffer)
        case .summary:
            for part in SummaryPart.allCases { write(part, of: series, to: &buffer) }
        }
    }

    /// What a summary consists of, by the suffix of its name, in the order of the page.
    enum SummaryPart: String, CaseIterable {
        case quantiles = ""
        case sum = "_sum"
        case count = "_count"
    }

    func write(_ part: SummaryPart, of series: Exposition.Series, to buffer: inout PageBuffer) {
        guard case .summary(let summary) = series.sample.value else { return }
        let labels = labels(of: series)
        switch part {
        case .quantiles:
            let start = name + open(labels)
            for (label, value) in summary.quantiles {
                buffer.append(start)
                buffer.append("quantile=\"")
                buffer.appendLabelValue(label)
                buffer.append("\"} ")
                buffer.append(lineEnd: value)
            }
        case .sum: appendTotal(sumName, summary.sum, labels, to: &buffer)
        case .count: appendTotal(countName, summary.count, labels, to: &buffer)
        }
    }

    private func appendTotal(_ name: [UInt8], _ value: Double, _ labels: [UInt8], to buffer: inout PageBuffer) {
        buffer.append(name)
        buffer.append(closed(labels))
        buffer.append(lineEnd: value)
    }

    /// `{a="1",b="2"} `, or a space when there are none.
    private func closed(_ labels: [UInt8]) -> [UInt8] {
        labels.isEmpty ? [UInt8(ascii: " ")] : [UInt8(ascii: "{")] + labels + "} ".utf8
    }

    /// `{a="1",b="2",`, ready for one more label.
    private func open(_ labels: [UInt8]) -> [UInt8] {
        [UInt8(ascii: "{")] + (labels.isEmpty ? labels : labels + ",".utf8)
    }

    /// `a="1",b="2"`: the labels of the series, escaped. One with an empty value is the same as none, and is left out.
    private func labels(of series: Exposition.Series) -> [UInt8] {
        var labels = PageBuffer()
        func append(_ start: [UInt8], _ value: String) {
            if !labels.bytes.isEmpty { labels.append(UInt8(ascii: ",")) }
            labels.append(start)
            labels.appendLabelValue(value)
            labels.append(UInt8(ascii: "\""))
        }
        for (index, value) in series.sample.labels.enumerated() where !value.isEmpty {
            append(labelStarts[index], value)
        }
        if let target = series.target { append(Self.targetStart, target) }
        return labels.bytes
    }

    private static let targetStart = Array("target=\"".utf8)
}

extension PageBuffer {
    /// A value and the end of its line.
    fileprivate mutating func append(lineEnd value: Double) {
        append(number: value)
        append(UInt8(ascii: "\n"))
    }
}

extension Exposition.MergedFamily {
    /// Whether a quantile of the family is not a number from 0 to 1.
    fileprivate var hasPercentiles: Bool {
        series.contains { series in
            guard case .summary(let summary) = series.sample.value else { return false }
            return summary.quantiles.contains { !(0...1).contains(Double($0.label) ?? .nan) }
        }
    }
}
