// Which of several representations a client gets, by its `Accept` and `Accept-Encoding` header fields.

/// A media type that can be served.
public struct MediaOffer: Sendable, Equatable {
    /// Type and subtype in lower case, such as `text/plain`.
    public let type: String
    /// What else a client has to ask for.
    public let parameters: [Parameter]

    /// A parameter of the type, such as `version=0.0.4`.
    public struct Parameter: Sendable, Equatable {
        /// In lower case.
        public let name: String
        public let value: String
        /// Whether a client that names the type without this parameter means this value.
        public let isImplied: Bool

        public init(_ name: String, _ value: String, isImplied: Bool = false) {
            self.name = name
            self.value = value
            self.isImplied = isImplied
        }
    }

    public init(_ type: String, _ parameters: Parameter...) {
        self.init(type, parameters)
    }

    public init(_ type: String, _ parameters: [Parameter]) {
        self.type = type
        self.parameters = parameters
    }

    /// Whether a range that names the type means this offer.
    fileprivate func fits(_ range: WeightedMember) -> Bool {
        parameters.allSatisfy { wanted in
            guard let value = range.parameter(wanted.name) else { return wanted.isImplied }
            return value.lowercased() == wanted.value.lowercased()
        }
    }
}

/// Content negotiation (RFC 9110 section 12.5). It never refuses: a client that likes no offer gets the first.
public enum Negotiation {
    /// The position of the offer that the client likes best.
    ///
    /// The most specific range that fits an offer decides on it: its type and parameters, then `text/*`, then `*/*`.
    /// The highest weight wins, 0 excludes. Of equals the one wins whose range the client names first, and of those
    /// that one range decides on, such as `*/*`, the first offer. Parameters that no offer has, such as `escaping`, do
    /// not matter.
    ///
    /// - Parameters:
    ///   - offers: the first is the default: for no header field, for `*/*`, and when none fits. Not empty.
    ///   - accept: the `Accept` header field.
    public static func preferred(_ offers: [MediaOffer], accept: String?) -> Int {
        guard let accept else { return 0 }
        let ranges = WeightedMember.list(accept)
        var best = (position: 0, weight: 0, range: 0)
        for (position, offer) in offers.enumerated() {
            let (weight, range) = weight(of: offer, in: ranges)
            if weight > best.weight || (weight == best.weight && weight > 0 && range < best.range) {
                best = (position, weight, range)
            }
        }
        return best.position
    }

    /// True when the client takes `gzip`: named, or meant by `*`, with a weight above 0.
    public static func acceptsGzip(_ acceptEncoding: String?) -> Bool {
        guard let acceptEncoding else { return false }
        let codings = WeightedMember.list(acceptEncoding)
        let named = codings.first { $0.value == "gzip" || $0.value == "x-gzip" }
        return ((named ?? codings.first { $0.value == "*" })?.weight ?? 0) > 0
    }

    /// The weight that the most specific fitting range gives to the offer, 0 when none fits, and that range's place.
    private static func weight(of offer: MediaOffer, in ranges: [WeightedMember]) -> (weight: Int, range: Int) {
        var best = (specificity: 0, weight: 0, range: 0)
        for (place, range) in ranges.enumerated() {
            let specificity = specificity(of: range, for: offer)
            if specificity > best.specificity { best = (specificity, range.weight, place) }
        }
        return (best.weight, best.range)
    }

    /// How closely a range names the offer: 0 when it does not fit.
    private static func specificity(of range: WeightedMember, for offer: MediaOffer) -> Int {
        switch range.value {
        case offer.type: offer.fits(range) ? 3 : 0
        case "*/*": 1
        case let value where value.hasSuffix("/*") && offer.type.hasPrefix(value.dropLast()): 2
        default: 0
        }
    }
}
