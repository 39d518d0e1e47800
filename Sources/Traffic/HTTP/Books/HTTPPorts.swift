// A gateway may listen on several ports, and whoever lists one too many wants to know which: what passes each of them
// is told apart, and nothing else is.

/// What has passed one port.
public struct HTTPPortFigures: Equatable, Sendable {
    public let port: UInt16
    /// Packets with payload.
    public internal(set) var packets: UInt64 = 0
    /// Heads of requests.
    public internal(set) var requests: UInt64 = 0
    /// Connections that began with TLS, and those that went over to HTTP/2 or began with it.
    public internal(set) var encrypted: UInt64 = 0
    public internal(set) var laterVersions: UInt64 = 0
    /// Times that something else than a request came.
    public internal(set) var malformed: UInt64 = 0
    /// Packets of clients that nobody can read yet: their connection was joined in the middle, or lost its step.
    public internal(set) var unread: UInt64 = 0

    public init(port: UInt16) {
        self.port = port
    }
}

/// The figures of all ports, in one array, since some are counted with each packet.
struct HTTPPorts: Sendable {
    /// The members of ``HTTPPortFigures``, in their order.
    enum Figure: Int {
        case packets, requests, encrypted, laterVersions, malformed, unread
    }

    private static let width = 6

    private let ports: [UInt16]
    private var counts: [UInt64]

    init(_ ports: [UInt16]) {
        self.ports = ports
        // The last place is for a port that is none of them.
        counts = Array(repeating: 0, count: (ports.count + 1) * Self.width)
    }

    /// Where a port's figures stand.
    func place(of port: UInt16) -> Int32 {
        Int32(truncatingIfNeeded: (ports.firstIndex(of: port) ?? ports.count) * Self.width)
    }

    /// - Parameter place: from ``place(of:)``.
    @inline(__always)
    mutating func count(_ figure: Figure, at place: Int32) {
        counts[Int(place) &+ figure.rawValue] &+= 1
    }

    var figures: [HTTPPortFigures] {
        ports.map { port in
            func count(_ figure: Figure) -> UInt64 { counts[Int(place(of: port)) + figure.rawValue] }
            var figures = HTTPPortFigures(port: port)
            (figures.packets, figures.requests) = (count(.packets), count(.requests))
            (figures.encrypted, figures.laterVersions) = (count(.encrypted), count(.laterVersions))
            (figures.malformed, figures.unread) = (count(.malformed), count(.unread))
            return figures
        }
    }
}
