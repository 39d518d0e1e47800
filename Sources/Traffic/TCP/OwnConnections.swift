// The connections of the program itself are no traffic of users. They are known by their local ends, which are told
// when they are opened and when they are closed; their packets come before, between and after that.

/// The ends of connections that are left out.
///
/// An end that was closed stays left out until another program opens a connection from there. The last packets of a
/// session come after its end, and a server that was stopped answers minutes later.
struct OwnConnections: Sendable {
    /// Closed ends that are remembered; the oldest goes first.
    private static let remembered = 64

    /// When each was closed, in nanoseconds since 1970; the end of time while it is open.
    private var closings: [Endpoint: UInt64] = [:]
    /// The closed ones, oldest first.
    private var closed: [Endpoint] = []

    mutating func open(_ end: Endpoint) {
        if closings.updateValue(.max, forKey: end) != nil { closed.removeAll { $0 == end } }
    }

    mutating func close(_ end: Endpoint, at stamp: UInt64) {
        guard closings[end] == .max else { return }
        closings[end] = stamp
        closed.append(end)
        if closed.count > Self.remembered { closings[closed.removeFirst()] = nil }
    }

    /// Whether a segment of a connection that is not followed belongs to one that is left out.
    ///
    /// A client's SYN that is younger than the end of ours is another program's.
    mutating func cover(_ client: Endpoint, _ segment: Segment, at stamp: UInt64) -> Bool {
        guard let closing = closings[client] else { return false }
        guard segment.flags.isDisjoint(with: .ack), segment.flags.contains(.syn), stamp > closing else { return true }
        closings[client] = nil
        closed.removeAll { $0 == client }
        return false
    }
}
