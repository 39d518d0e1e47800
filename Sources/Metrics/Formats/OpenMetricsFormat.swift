// OpenMetrics 1.0.0, which Prometheus asks for first where it asks for text. It knows units and infos, and is strict
// about names and quantiles.

/// OpenMetrics 1.0.0: TYPE, UNIT, HELP, then a line for each number. A counter whose name lacks `_total` may only be
/// called unknown.
enum OpenMetricsFormat: PageEncoder {
    static let offer = FormatOffer(
        mediaType: "application/openmetrics-text",
        // Without a version a client means 0.0.1, which is not served.
        parameters: [.init(name: "version", value: "1.0.0", isImplied: false)])
    static let contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"
    static let ending = Array("# EOF\n".utf8)

    static func header(of descriptor: Descriptor) -> PageBuffer {
        let (name, help) = (descriptor.openMetricsName, descriptor.help)
        var buffer = PageBuffer(room: 3 * name.utf8.count + help.utf8.count + 60)
        let isNamedAsCounter = descriptor.kind != .counter || descriptor.name.hasSuffix("_total")
        buffer.appendComment("TYPE", name)
        buffer.append(isNamedAsCounter ? descriptor.kind.rawValue : "unknown")
        buffer.append("\n")
        if let unit = descriptor.unit {
            buffer.appendComment("UNIT", name)
            buffer.append(unit)
            buffer.append("\n")
        }
        buffer.appendOpenMetricsHelp(name, help)
        return buffer
    }

    static func writer(of descriptor: Descriptor) -> SeriesWriter { SeriesWriter(descriptor, showsExemplars: true) }

    static func append(
        _ value: Sample.Value, inPlaceOfThatOf old: ArraySlice<UInt8>, to buffer: inout PageBuffer
    ) -> Bool {
        buffer.append(value, behindNameAndLabelsOf: old)
    }

    static func isInOnePiece(_ family: MergedFamily) -> Bool { !family.hasPercentiles }

    /// A summary whose quantiles are percentages, as Redis has them and dashboards know them. OpenMetrics allows a
    /// quantile from 0 to 1 only, so there it is three families of unknown type, with the same series.
    static func appendPieces(of family: MergedFamily, to buffer: inout PageBuffer) {
        var writer = SeriesWriter(family.descriptor)
        for part in SeriesWriter.SummaryPart.allCases {
            let name = family.descriptor.name + part.rawValue
            buffer.appendComment("TYPE", name)
            buffer.append("unknown\n")
            buffer.appendOpenMetricsHelp(name, family.descriptor.help)
            for series in family.series { writer.write(part, of: series, to: &buffer) }
        }
    }
}

extension PageBuffer {
    fileprivate mutating func appendOpenMetricsHelp(_ name: String, _ help: String) {
        appendComment("HELP", name)
        appendHelp(help, quotes: true)
        append(UInt8(ascii: "\n"))
    }
}

extension MergedFamily {
    /// Whether a quantile of the family is not a number from 0 to 1.
    fileprivate var hasPercentiles: Bool {
        series.contains { series in
            guard case .summary(let summary) = series.sample.value else { return false }
            return summary.quantiles.contains { !(0...1).contains(Double($0.label) ?? .nan) }
        }
    }
}
