// Where a gateway listens on several ports, what passes each of them is told apart, so that a port too many on the
// operator's list can be named.

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
    /// Packets of clients that cannot be read yet: their connection was joined in the middle, or lost its step.
    public internal(set) var unread: UInt64 = 0

    public init(port: UInt16) {
        self.port = port
    }
}

extension HTTPPortFigures {
    /// What is counted of a port; see its members.
    enum Figure {
        case packets, requests, encrypted, laterVersions, malformed, unread
    }

    @inline(__always)
    fileprivate mutating func count(_ figure: Figure) {
        switch figure {
        case .packets: packets &+= 1
        case .requests: requests &+= 1
        case .encrypted: encrypted &+= 1
        case .laterVersions: laterVersions &+= 1
        case .malformed: malformed &+= 1
        case .unread: unread &+= 1
        }
    }
}

/// The figures of all ports. Nearly always there is one, whose figures are counted in place, some with each packet.
struct HTTPPorts: Sendable {
    private let ports: [UInt16]
    private var first: HTTPPortFigures
    /// Those of the other ports, and of a port that is none of them.
    private var others: [HTTPPortFigures]

    init(_ ports: [UInt16]) {
        self.ports = ports
        first = HTTPPortFigures(port: ports.first ?? 0)
        others = (ports.dropFirst() + [0]).map { HTTPPortFigures(port: $0) }
    }

    /// Where a port's figures stand.
    func place(of port: UInt16) -> Int32 {
        Int32(truncatingIfNeeded: ports.firstIndex(of: port) ?? Swift.max(ports.count, 1))
    }

    /// - Parameter place: from ``place(of:)``.
    @inline(__always)
    mutating func count(_ figure: HTTPPortFigures.Figure, at place: Int32) {
        if place == 0 { first.count(figure) } else { others[Int(place) &- 1].count(figure) }
    }

    var figures: [HTTPPortFigures] { Array(([first] + others).prefix(ports.count)) }
}
