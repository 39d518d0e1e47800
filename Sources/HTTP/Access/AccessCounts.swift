// What became of requests at the gate, for the page.

/// Why a client or a request was not let in.
public enum AccessFailure: String, Sendable, CaseIterable {
    /// The client's address is not in the allow list.
    case address
    /// A client certificate that was not signed by the right authority, or does not carry an allowed name.
    case certificate
    /// No credential at all.
    case missing
    /// A credential that cannot be read.
    case unreadable
    /// A wrong password, or a user that does not exist.
    case password
    /// A token that is no key's.
    case key
    /// Too many passwords were waiting to be checked.
    case busy
}

/// Whose rate a request exceeded.
public enum RateScope: String, Sendable, CaseIterable {
    case everyone, client, key
}

/// The counts since the start of the server.
public struct AccessCounts: Sendable, Equatable {
    public var failures: [AccessFailure: Int] = [:]
    /// Requests that were answered with 429.
    public var limited: [RateScope: Int] = [:]
    /// Requests by the name of the key that they showed, refused ones included. Every key there is has its count.
    public var keyRequests: [String: Int] = [:]
    /// Clients that have a bucket of tokens at this moment.
    public var buckets = 0
    /// Buckets that were given up for another client before they were full.
    public var evictedBuckets = 0

    public init() {}
}
