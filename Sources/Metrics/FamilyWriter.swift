// How a family is written. The two formats differ in the lines above the samples; the samples themselves are the same
// bytes in both: `le` is always a float, and a counter's sample carries `_total` in either.

extension PageBuffer {
    /// Writes one family: its description, then a line or more for each series.
    public mutating func append(_ family: Exposition.MergedFamily, in format: ExpositionFormat) {
        switch format {
        case .text: appendTextHeader(family.descriptor)
        case .openMetrics: appendOpenMetricsHeader(family.descriptor)
        }
        let writer = SeriesWriter(family.descriptor)
        for series in family.series { writer.write(series, to: &self) }
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
private struct SeriesWriter {
    private let name: String
    /// `name="` for each label, ready to be copied.
    private let labelStarts: [String]

    init(_ descriptor: Descriptor) {
        name = descriptor.name
        labelStarts = descriptor.labels.map { $0 + "=\"" }
    }

    func write(_ series: Exposition.Series, to buffer: inout PageBuffer) {
        switch series.sample.value {
        case .number(let value):
            line("", series, to: &buffer, value)
        case .histogram(let histogram):
            var total: UInt64 = 0
            for (label, count) in zip(histogram.buckets.labels, histogram.counts) {
                total &+= count
                line("_bucket", series, ("le", label), to: &buffer, Double(total))
            }
            let count = Double(total &+ (histogram.counts.last ?? 0))
            line("_bucket", series, ("le", "+Inf"), to: &buffer, count)
            line("_sum", series, to: &buffer, histogram.sum)
            line("_count", series, to: &buffer, count)
        case .summary(let summary):
            for (label, value) in summary.quantiles { line("", series, ("quantile", label), to: &buffer, value) }
            line("_sum", series, to: &buffer, summary.sum)
            line("_count", series, to: &buffer, summary.count)
        }
    }

    /// One line: name, suffix, labels, value. A label with an empty value is the same as none, and is left out.
    private func line(
        _ suffix: String, _ series: Exposition.Series, _ extra: (name: String, value: String)? = nil,
        to buffer: inout PageBuffer, _ value: Double
    ) {
        buffer.append(name)
        buffer.append(suffix)
        var separator = UInt8(ascii: "{")
        func open(_ label: String, to buffer: inout PageBuffer) {
            buffer.append(separator)
            buffer.append(label)
            separator = UInt8(ascii: ",")
        }
        for (start, value) in zip(labelStarts, series.sample.labels) where !value.isEmpty {
            open(start, to: &buffer)
            buffer.appendLabelValue(value)
            buffer.append(UInt8(ascii: "\""))
        }
        if let target = series.target {
            open("target=\"", to: &buffer)
            buffer.appendLabelValue(target)
            buffer.append(UInt8(ascii: "\""))
        }
        if let extra {
            open(extra.name, to: &buffer)
            buffer.append("=\"")
            buffer.append(extra.value)
            buffer.append(UInt8(ascii: "\""))
        }
        if separator == UInt8(ascii: ",") { buffer.append(UInt8(ascii: "}")) }
        buffer.append(UInt8(ascii: " "))
        buffer.append(number: value)
        buffer.append(UInt8(ascii: "\n"))
    }
}
