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

extension ExpositionFormat {
    /// One family: its description, then its series; nothing where it has none.
    func written(_ family: MergedFamily, using scratch: inout PageBuffer) -> WrittenFamily {
        encoder.written(family, using: &scratch)
    }

    /// Puts newer series into the places of the older ones.
    ///
    /// - Parameter changes: in the order of the page.
    /// - Returns: false where the family has to be written anew.
    func patch(
        _ written: inout WrittenFamily, of descriptor: Descriptor, _ changes: [SeriesChange],
        using scratch: inout PageBuffer
    ) -> Bool {
        encoder.patch(&written, of: descriptor, changes, using: &scratch)
    }
}

extension Exposition {
    /// The whole page, its ending included.
    public func page(in format: ExpositionFormat) -> [UInt8] {
        var page: [UInt8] = []
        var scratch = PageBuffer()
        for family in families { format.written(family, using: &scratch).append(to: &page) }
        return page + format.ending
    }
}
