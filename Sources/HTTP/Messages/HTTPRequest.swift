// A request as handlers see it: the head only. Bodies are read and dropped, since no path here takes one.

/// The methods that are told apart.
public enum HTTPMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    /// Any other. They are all refused, so that their names, which clients choose freely, go nowhere.
    case other = "other"

    /// - Parameter name: as it stands in the request line; methods are case-sensitive (RFC 9110 section 9.1).
    public init(named name: String) {
        switch name {
        case "GET": self = .get
        case "HEAD": self = .head
        default: self = .other
        }
    }
}

/// One request.
public struct HTTPRequest: Sendable {
    public let method: HTTPMethod
    /// The path as it was sent: percent escapes are kept, no path here needs them.
    public let path: String
    /// What followed the first `?`, as it was sent; nil without one.
    public let query: String?
    public let client: ClientAddress
    /// In the order of the request.
    private let fields: [(name: String, value: String)]

    /// - Parameters:
    ///   - target: the request line's target: a path with an optional query, or a whole `http://` URL.
    ///   - fields: header fields in the order of the request.
    public init(
        method: HTTPMethod = .get, target: String, fields: [(name: String, value: String)] = [],
        client: ClientAddress = .local
    ) {
        let origin = Self.originForm(of: target)
        let parts = origin.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.method = method
        self.path = String(parts[0])
        self.query = parts.count > 1 ? String(parts[1]) : nil
        self.client = client
        self.fields = fields
    }

    /// The value of a header field, whatever the case of its name; nil where there is none.
    ///
    /// A field that stands several times is one list (RFC 9110 section 5.3).
    public func field(_ name: String) -> String? {
        var list: String?
        for field in fields where isSameField(field.name, name) {
            list = list.map { "\($0), \(field.value)" } ?? field.value
        }
        return list
    }

    /// RFC 9112 section 3.2.2: a whole URL means its path.
    private static func originForm(of target: String) -> Substring {
        guard target.utf8.first != UInt8(ascii: "/"), target.lowercased().hasPrefix("http://") else {
            return Substring(target)
        }
        let afterScheme = target.dropFirst("http://".count)
        return afterScheme.firstIndex(where: { $0 == "/" || $0 == "?" }).map { afterScheme[$0...] } ?? "/"
    }
}
