// Prometheus' text format 0.0.4, which every scraper understands and people can read.

/// Text 0.0.4: HELP, then TYPE, then a line for each number. An info is a gauge here, and there is one kind of
/// histogram.
enum TextFormat: PageEncoder {
    static let offer = FormatOffer(
        mediaType: "text/plain", parameters: [.init(name: "version", value: "0.0.4", isImplied: true)])
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    static func header(of descriptor: Descriptor) -> PageBuffer {
        let help = descriptor.help
        var buffer = PageBuffer(room: 2 * descriptor.name.utf8.count + help.utf8.count + 40)
        buffer.appendComment("HELP", descriptor.name)
        buffer.appendHelp(help, quotes: false)
        buffer.append("\n")
        buffer.appendComment("TYPE", descriptor.name)
        buffer.append(type(of: descriptor.kind).rawValue)
        buffer.append("\n")
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
