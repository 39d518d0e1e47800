// The lines above a family's series. They are a third of a page and never change, so they are written once in each
// format that somebody asks for, and kept with the descriptor: some 200 bytes each.

import Synchronization

/// The lines above the series of one family, in one format.
final class FamilyHeader: Sendable {
    let bytes: [UInt8]

    init(_ descriptor: Descriptor, in format: ExpositionFormat) {
        var buffer = PageBuffer()
        switch format {
        case .text: buffer.appendTextHeader(descriptor)
        case .openMetrics: buffer.appendOpenMetricsHeader(descriptor)
        }
        bytes = buffer.bytes
    }
}

extension Descriptor {
    /// The lines above the series in this format.
    func header(in format: ExpositionFormat) -> [UInt8] {
        switch format {
        case .text: (textHeader.load() ?? textHeader.storeIfNil(FamilyHeader(self, in: format))).bytes
        case .openMetrics:
            (openMetricsHeader.load() ?? openMetricsHeader.storeIfNil(FamilyHeader(self, in: format))).bytes
        }
    }
}

extension PageBuffer {
    /// Text 0.0.4: HELP, then TYPE. An info is a gauge there.
    fileprivate mutating func appendTextHeader(_ descriptor: Descriptor) {
        append("# HELP \(descriptor.name) ")
        appendHelp(descriptor.help, quotes: false)
        let type = descriptor.kind == .info ? Descriptor.Kind.gauge : descriptor.kind
        append("\n# TYPE \(descriptor.name) \(type.rawValue)\n")
    }

    /// OpenMetrics 1.0.0: TYPE, UNIT, HELP. A counter whose name lacks `_total` may only be called unknown.
    fileprivate mutating func appendOpenMetricsHeader(_ descriptor: Descriptor) {
        let name = descriptor.openMetricsName
        let isNamedAsCounter = descriptor.kind != .counter || descriptor.name.hasSuffix("_total")
        append("# TYPE \(name) \(isNamedAsCounter ? descriptor.kind.rawValue : "unknown")\n")
        if let unit = descriptor.unit { append("# UNIT \(name) \(unit)\n") }
        append("# HELP \(name) ")
        appendHelp(descriptor.help, quotes: true)
        append(UInt8(ascii: "\n"))
    }
}
