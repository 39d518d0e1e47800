// Prometheus' text format 0.0.4, which every scraper understands and people can read.

/// Text 0.0.4: HELP, then TYPE, then a line for each number. An info is a gauge here, and there is one kind of
/// histogram.
enum TextFormat: PageEncoder {
    static let offer = FormatOffer(
        mediaType: "text/plain", parameters: [.init(name: "version", value: "0.0.4", isImplied: true)])
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    static func header(of descriptor: Descriptor) -> PageBuffer {
        var buffer = PageBuffer()
        buffer.append("# HELP \(descriptor.name) ")
        buffer.appendHelp(descriptor.help, quotes: false)
        buffer.append("\n# TYPE \(descriptor.name) \(type(of: descriptor.kind).rawValue)\n")
        return buffer
    }

    /// The type that the format knows, as other libraries have it too.
    private static func type(of kind: Descriptor.Kind) -> Descriptor.Kind {
        switch kind {
        case .info: .gauge
        case .gaugeHistogram: .histogram
        default: kind
        }
    }

    static func writer(of descriptor: Descriptor) -> SeriesWriter { SeriesWriter(descriptor) }

    static func append(
        _ value: Sample.Value, inPlaceOfThatOf old: ArraySlice<UInt8>, to buffer: inout PageBuffer
    ) -> Bool {
        buffer.append(value, behindNameAndLabelsOf: old)
    }
}
