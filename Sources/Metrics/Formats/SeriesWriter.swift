// The lines of a family's series. The two text formats differ in the lines above them and in exemplars, which only
// OpenMetrics has. Else these are the same bytes in both: `le` is always a float, and a counter's line carries `_total`
// in either.

/// Writes the sample lines of one family.
///
/// Whatever several lines share is put together once, so that a histogram's line is two copies and a number.
struct SeriesWriter: SeriesEncoder {
    private let name: [UInt8]
    private let labelWriter: LabelWriter
    private let showsExemplars: Bool
    private let hasSum: Bool
    // What the lines of a histogram or a summary begin with; empty for other kinds.
    private var bucketName: [UInt8] = []
    private var sumName: [UInt8] = []
    private var countName: [UInt8] = []
    /// `{a="1",b="2"`: the labels of a series of several lines while it is being written; empty when it has none.
    private var labels = PageBuffer()
    /// What all lines of a histogram's buckets begin with.
    private var bucketStart = PageBuffer()

    /// - Parameter showsExemplars: whether the format has them.
    init(_ descriptor: Descriptor, showsExemplars: Bool = false) {
        self.showsExemplars = showsExemplars
        name = Array(descriptor.name.utf8)
        labelWriter = LabelWriter(descriptor)
        hasSum = descriptor.kind != .gaugeHistogram
        guard descriptor.kind == .histogram || descriptor.kind == .summary || !hasSum else { return }
        bucketName = name + "_bucket".utf8
        sumName = name + "_sum".utf8
        countName = name + "_count".utf8
    }

    mutating func write(_ series: Exposition.Series, to buffer: inout PageBuffer) {
        switch series.sample.value {
        case .number(let value):
            buffer.append(name)
            if labelWriter.append(series, to: &buffer) { buffer.append(UInt8(ascii: "}")) }
            buffer.append(UInt8(ascii: " "))
            buffer.append(lineEnd: value)
        case .histogram(let histogram):
            readLabels(of: series)
            write(histogram, to: &buffer)
        case .summary(let summary):
            readLabels(of: series)
            for part in SummaryPart.allCases { write(part, of: summary, to: &buffer) }
        }
    }

    /// What a summary consists of, by the suffix of its name, in the order of the page.
    enum SummaryPart: String, CaseIterable {
        case quantiles = ""
        case sum = "_sum"
        case count = "_count"
    }

    mutating func write(_ part: SummaryPart, of series: Exposition.Series, to buffer: inout PageBuffer) {
        guard case .summary(let summary) = series.sample.value else { return }
        readLabels(of: series)
        write(part, of: summary, to: &buffer)
    }

    private func write(_ part: SummaryPart, of summary: SummaryValue, to buffer: inout PageBuffer) {
        switch part {
        case .quantiles:
            for (label, value) in summary.quantiles {
                appendOpenLabels(name, to: &buffer)
                buffer.append("quantile=\"")
                buffer.appendLabelValue(label)
                buffer.append("\"} ")
                buffer.append(lineEnd: value)
            }
        case .sum: appendLine(sumName, summary.sum, to: &buffer)
        case .count: appendLine(countName, summary.count, to: &buffer)
        }
    }

    private mutating func write(_ histogram: HistogramValue, to buffer: inout PageBuffer) {
        bucketStart.clear()
        appendOpenLabels(bucketName, to: &bucketStart)
        let endings = histogram.buckets.labels
        var total: UInt64 = 0
        for index in endings.indices {
            total &+= histogram.counts[index]
            buffer.append(bucketStart.bytes)
            buffer.append(endings[index])
            buffer.append(number: Double(total))
            if showsExemplars, let exemplar = histogram.exemplar(of: index) { buffer.append(exemplar) }
            buffer.append(UInt8(ascii: "\n"))
        }
        // OpenMetrics has neither or both.
        guard hasSum else { return }
        appendLine(sumName, histogram.sum, to: &buffer)
        appendLine(countName, Double(total), to: &buffer)
    }

    /// A whole line: `name{a="1",b="2"} value`.
    private func appendLine(_ name: [UInt8], _ value: Double, to buffer: inout PageBuffer) {
        buffer.append(name)
        if !labels.bytes.isEmpty {
            buffer.append(labels.bytes)
            buffer.append(UInt8(ascii: "}"))
        }
        buffer.append(UInt8(ascii: " "))
        buffer.append(lineEnd: value)
    }

    /// `name{a="1",b="2",`, ready for one more label.
    private func appendOpenLabels(_ name: [UInt8], to buffer: inout PageBuffer) {
        buffer.append(name)
        buffer.append(labels.bytes)
        buffer.append(labels.bytes.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
    }

    private mutating func readLabels(of series: Exposition.Series) {
        labels.clear()
        _ = labelWriter.append(series, to: &labels)
    }
}

/// Writes the labels of a family's series.
private struct LabelWriter {
    /// `name="` for each label.
    private let starts: [[UInt8]]

    init(_ descriptor: Descriptor) {
        starts = descriptor.labels.map { Array($0.utf8) + "=\"".utf8 }
    }

    /// `{a="1",b="2"`: the labels of the series, escaped. One with an empty value is the same as none, and is left out.
    ///
    /// - Returns: false when there are none, and nothing was written.
    func append(_ series: Exposition.Series, to buffer: inout PageBuffer) -> Bool {
        var hasLabels = false
        let values = series.sample.labels
        for index in starts.indices where !values[index].isEmpty {
            buffer.append(hasLabels ? UInt8(ascii: ",") : UInt8(ascii: "{"))
            buffer.append(starts[index])
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
    /// An exemplar behind the value of its bucket (OpenMetrics 1.0, "Exemplars").
    fileprivate mutating func append(_ exemplar: Exemplar) {
        append(" # {\(exemplar.label)=\"")
        appendLabelValue(exemplar.value)
        append("\"} ")
        append(number: exemplar.observation)
        append(UInt8(ascii: " "))
        append(exemplar.time)
    }

    /// Seconds since 1970, to the millisecond.
    private mutating func append(_ moment: Moment) {
        let milliseconds = moment.nanoseconds / 1_000_000
        append(integer: Int64(milliseconds / 1000))
        append(UInt8(ascii: "."))
        for worth: UInt64 in [100, 10, 1] {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: milliseconds / worth % 10))
        }
    }

    /// A line with another number: only what stands behind the last space is new.
    ///
    /// - Returns: false for a series of several lines.
    mutating func append(_ value: Sample.Value, behindNameAndLabelsOf line: ArraySlice<UInt8>) -> Bool {
        guard case .number(let number) = value, let space = line.lastIndex(of: UInt8(ascii: " ")) else { return false }
        append(line[...space])
        append(lineEnd: number)
        return true
    }

    /// A value and the end of its line.
    fileprivate mutating func append(lineEnd value: Double) {
        append(number: value)
        append(UInt8(ascii: "\n"))
    }
}
