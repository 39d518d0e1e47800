// Whose request it was: a name that the operator gave, or one of three words for what is not known.

/// A place in the list of API keys.
struct APIKeyID: Equatable, Sendable, BitwiseCopyable {
    let number: UInt16

    /// The request shows no key.
    static let none = APIKeyID(number: 0)
    /// The key is not on the list.
    static let unknown = APIKeyID(number: 1)
    /// The key was cut off before its end, so it may be any.
    static let unreadable = APIKeyID(number: 2)
    /// Places before those of listed keys.
    static let reserved = 3

    var isListed: Bool { number >= Self.reserved }

    /// The one that tells more, of two keys that a request shows.
    func better(_ other: APIKeyID) -> APIKeyID {
        isListed || number >= other.number ? self : other
    }
}

/// A key of the operator's list: its name on the page and the digest of its token.
public struct TrafficAPIKey: Equatable, Sendable {
    public let name: String
    public let sha256: SHA256

    public init(name: String, sha256: SHA256) {
        self.name = name
        self.sha256 = sha256
    }
}
