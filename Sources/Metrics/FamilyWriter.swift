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
/// Whatever several lines share is put together once, so that a histogram's line is two copies and a number.
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
        switch series.sample.value {
        case .number(let value): appendLine(name, series, value, to: &buffer)
        case .histogram(let histogram): write(histogram, of: series, to: &buffer)
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
        switch part {
        case .quantiles:
            for (label, value) in summary.quantiles {
                appendOpenLabels(name, series, to: &buffer)
                buffer.append("quantile=\"")
                buffer.appendLabelValue(label)
                buffer.append("\"} ")
                buffer.append(lineEnd: value)
            }
        case .sum: appendLine(sumName, series, summary.sum, to: &buffer)
        case .count: appendLine(countName, series, summary.count, to: &buffer)
        }
    }

    private func write(_ histogram: HistogramValue, of series: Exposition.Series, to buffer: inout PageBuffer) {
        var start = PageBuffer()
        appendOpenLabels(bucketName, series, to: &start)
        let endings = histogram.buckets.labels
        var total: UInt64 = 0
        for index in endings.indices {
            total &+= histogram.counts[index]
            buffer.append(start.bytes)
            buffer.append(endings[index])
            buffer.append(lineEnd: Double(total))
        }
        appendLine(sumName, series, histogram.sum, to: &buffer)
        appendLine(countName, series, Double(total), to: &buffer)
    }

    /// A whole line: `name{a="1",b="2"} value`.
    private func appendLine(
        _ name: [UInt8], _ series: Exposition.Series, _ value: Double, to buffer: inout PageBuffer
    ) {
        buffer.append(name)
        if appendLabels(of: series, to: &buffer) { buffer.append(UInt8(ascii: "}")) }
        buffer.append(UInt8(ascii: " "))
        buffer.append(lineEnd: value)
    }

    /// `name{a="1",b="2",`, ready for one more label.
    private func appendOpenLabels(_ name: [UInt8], _ series: Exposition.Series, to buffer: inout PageBuffer) {
        buffer.append(name)
        let hasLabels = appendLabels(of: series, to: &buffer)
        buffer.append(hasLabels ? UInt8(ascii: ",") : UInt8(ascii: "{"))
    }

    /// `{a="1",b="2"`: the labels of the series, escaped. One with an empty value is the same as none, and is left out.
    ///
    /// - Returns: false when there are none, and nothing was written.
    private func appendLabels(of series: Exposition.Series, to buffer: inout PageBuffer) -> Bool {
        var hasLabels = false
        let values = series.sample.labels
        for index in labelStarts.indices where !values[index].isEmpty {
            buffer.append(hasLabels ? UInt8(ascii: ",") : UInt8(ascii: "{"))
            buffer.append(labelStarts[index])
            buffer.appendLabelValue(values[index])
            buffer.append(UInt8(ascii: "\""))
            hasLabels = true
        }
        if let target = series.target {
            buffer.append(hasLabels ? ",target=\"" : "{target=\"")
            buffer.appendLabelValue(target)
            buffer.append(UInt8(ascii: "\""))
            hasLabels = true
        }
        return hasLabels
    }
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
