// Which page a client gets follows from two header fields, and scrapers send the same ones each time.

import HTTP
import Metrics
import Synchronization

/// The form of a page that a client asks for.
struct PageChoice: Sendable {
    let format: ExpositionFormat
    let isCompressed: Bool

    private static let offers = ExpositionFormat.allCases.map(MediaOffer.init)

    /// - Parameters:
    ///   - accept: the `Accept` header field.
    ///   - encoding: the `Accept-Encoding` header field.
    init(accept: String?, encoding: String?) {
        format = ExpositionFormat.allCases[Negotiation.preferred(Self.offers, accept: accept)]
        isCompressed = Negotiation.acceptsGzip(encoding)
    }
}

/// The newest choice, so that the fields of a scraper are read once.
final class PageChooser: Sendable {
    private struct Known {
        let accept: String?
        let encoding: String?
        let choice: PageChoice
    }

    private let known = Mutex<Known?>(nil)

    func choice(for request: HTTPRequest) -> PageChoice {
        let (accept, encoding) = (request.field("Accept"), request.field("Accept-Encoding"))
        return known.withLock { known in
            if let known, known.accept == accept, known.encoding == encoding { return known.choice }
            let choice = PageChoice(accept: accept, encoding: encoding)
            known = Known(accept: accept, encoding: encoding, choice: choice)
            return choice
        }
    }
}

extension MediaOffer {
    /// A format of the page as HTTP knows it.
    fileprivate init(_ format: ExpositionFormat) {
        self.init(
            format.offer.mediaType,
            format.offer.parameters.map { Parameter($0.name, $0.value, isImplied: $0.isImplied) })
    }
}
