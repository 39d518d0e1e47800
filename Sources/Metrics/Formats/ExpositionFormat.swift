// The list of formats in which a page can be had. Negotiation, the page store and the checks of pages take the formats
// from here: a further one is a file of its own and a case of this list.

/// The formats of a page, in the order of preference where a client has none; the first is for those that do not ask.
public enum ExpositionFormat: Sendable, Hashable, CaseIterable {
    /// Prometheus' text format 0.0.4.
    case text
    /// OpenMetrics 1.0.0.
    case openMetrics
    /// Prometheus' protobuf format, which alone carries native histograms and start times.
    case protobuf

    var encoder: any PageEncoder.Type {
        switch self {
        case .text: TextFormat.self
        case .openMetrics: OpenMetricsFormat.self
        case .protobuf: ProtobufFormat.self
        }
    }

    /// What a client asks for to get the format.
    public var offer: FormatOffer { encoder.offer }

    /// The exact `Content-Type` of the format.
    public var contentType: String { encoder.contentType }

    /// What has to stand at the end of a page.
    public var ending: [UInt8] { encoder.ending }
}

/// A format's name in an `Accept` header field.
public struct FormatOffer: Sendable {
    /// Type and subtype in lower case, such as `text/plain`.
    public let mediaType: String
    /// What else has to be asked for.
    public let parameters: [Parameter]

    /// A parameter of the media type, such as `version=0.0.4`.
    public struct Parameter: Sendable {
        public let name: String
        public let value: String
        /// Whether a client that names the type without this parameter means this value.
        public let isImplied: Bool
    }
}

/// How one format is offered and written. A type without state: what several lines share is made per family.
protocol PageEncoder {
    static var offer: FormatOffer { get }
    static var contentType: String { get }
    /// What has to stand at the end of a page.
    static var ending: [UInt8] { get }

    /// What stands above a family's series. It is written once for each descriptor and kept.
    static func header(of descriptor: Descriptor) -> PageBuffer

    /// Writes one family: its description, then its series.
    static func append(_ family: Exposition.MergedFamily, to buffer: inout PageBuffer)
}

extension PageBuffer {
    /// Writes one family: its description, then its series.
    public mutating func append(_ family: Exposition.MergedFamily, in format: ExpositionFormat) {
        format.encoder.append(family, to: &self)
    }
}

extension Exposition {
    /// The whole page, its ending included.
    public func page(in format: ExpositionFormat) -> [UInt8] {
        var buffer = PageBuffer(capacity: families.reduce(0) { $0 + $1.estimatedSize })
        for family in families { buffer.append(family, in: format) }
        buffer.append(format.ending)
        return buffer.bytes
    }
}

extension Descriptor {
    /// What stands above the series in this format.
    func header(in format: ExpositionFormat) -> [UInt8] {
        FamilyHeader.kept(in: headers, by: format.encoder) { format.encoder.header(of: self).bytes }
    }
}
