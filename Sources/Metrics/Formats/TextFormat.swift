// Prometheus' text format 0.0.4, which every scraper understands and people can read.

/// Text 0.0.4: HELP, then TYPE, then a line for each number. An info is a gauge here.
enum TextFormat: PageEncoder {
    static let offer = FormatOffer(
        mediaType: "text/plain", parameters: [.init(name: "version", value: "0.0.4", isImplied: true)])
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"
    static let ending: [UInt8] = []

    static func header(of descriptor: Descriptor) -> PageBuffer {
        var buffer = PageBuffer()
        buffer.append("# HELP \(descriptor.name) ")
        buffer.appendHelp(descriptor.help, quotes: false)
        let type = descriptor.kind == .info ? Descriptor.Kind.gauge : descriptor.kind
        buffer.append("\n# TYPE \(descriptor.name) \(type.rawValue)\n")
        return buffer
    }

    static func append(_ family: Exposition.MergedFamily, to buffer: inout PageBuffer) {
        buffer.append(family.descriptor.header(in: .text))
        var writer = SeriesWriter(family.descriptor)
        for series in family.series { writer.write(series, to: &buffer) }
    }
}
