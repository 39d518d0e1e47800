// What one client, and all of them together, may take. The defaults fit a page that a handful of scrapers read.

public import System

/// The limits of a server.
public struct HTTPLimits: Sendable, Equatable {
    /// Connections in all. When they are used up, the client with the most of them makes room for a new one. And where
    /// all have the same, the connection does that has been idle longest, or whose request is slowest. Never more than
    /// half of the descriptors that the process may open.
    public var connections = 512
    /// Connections of one client address, of IPv6 one network of 64 bits. A new one takes the place of the one that has
    /// been idle longest, or whose request is slowest. Clients of a unix socket may have all.
    public var connectionsPerClient = 256
    /// Bytes for request line and header fields of one request, and for what the answer's head takes. A longer line is
    /// answered with 414, more fields with 431. Each connection holds this much memory.
    public var headBytes = 16 * 1024
    /// The longest request body that is read, and dropped. A longer one, or one of unknown length, is answered with
    /// 413.
    public var bodyBytes = 16 * 1024
    /// Bytes that all answers under way may hold: each body once, however many read it, and what the kernel keeps for
    /// each reader. Beyond that slow readers are cut.
    public var responseBytes = 32 << 20
    /// What is asked of the kernel as a connection's send buffer (SO_SNDBUF); it takes up to twice as much.
    public var sendBufferBytes = 64 * 1024
    /// How long a request may take to arrive, from accepting a new connection, or from its request line on an old one.
    public var requestTime: Duration = .seconds(10)
    /// How long a client may take to read its answer.
    public var responseTime: Duration = .seconds(30)
    /// How long a connection may wait for its next request. Longer than the usual scrape intervals.
    public var idleTime: Duration = .seconds(120)

    public init() {}

    /// Places that answers never take, so that readers that read nothing leave room for requests and probes.
    var keptForRequests: Int { min(2, connections / 4) }

    /// The same limits for a process whose connections and answers may take these bytes.
    public func fitting(_ memory: MemoryBudget) -> HTTPLimits {
        var limits = self
        limits.connections = min(connections, max(8, memory.share(of: .connections) / headBytes))
        limits.responseBytes = min(responseBytes, memory.share(of: .responses))
        return limits
    }

    /// The same limits for a process that may open this many descriptors.
    func fitting(descriptors: UInt64) -> HTTPLimits {
        var limits = self
        limits.connections = min(connections, Int(clamping: max(2, descriptors) / 2))
        return limits
    }
}
