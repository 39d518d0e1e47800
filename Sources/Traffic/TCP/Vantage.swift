// A packet that passes a bridge and one of its ports, or a port and its peer, is captured on both. It is one packet: a
// connection belongs to the interface that saw it first, and what the others show of it is left out. When that one
// falls silent, as an interface that is taken down does, the connection goes on where it is seen.

/// The interface from which a connection is read.
///
/// Both directions have one of their own, since a machine may be asked through one interface and answer through
/// another. Packets of several interfaces come in blocks, so a little out of order; both directions of a connection
/// that is seen twice are therefore read from one.
struct Vantage: Sendable {
    /// For how long an interface has to be silent, in nanoseconds, before another one takes over. Blocks of packets are
    /// handed over much sooner.
    private static let patience: UInt64 = 1_000_000_000
    private static let nowhere = UInt16.max

    private var client = nowhere
    private var server = nowhere
    /// Whether another interface has shown a packet of a direction that has its place.
    private var isSeenTwice = false

    /// Whether a packet counts.
    ///
    /// - Parameter last: when the connection's last packet that counted was captured.
    @inline(__always)
    mutating func takes(_ side: Side, from interface: UInt16, at stamp: UInt64, last: UInt64) -> Bool {
        (side == .client ? client : server) == interface || decide(side, from: interface, at: stamp, last: last)
    }

    private mutating func decide(_ side: Side, from interface: UInt16, at stamp: UInt64, last: UInt64) -> Bool {
        let (own, other) = side == .client ? (client, server) : (server, client)
        if own == Self.nowhere && (other == Self.nowhere || other == interface || !isSeenTwice) {
            settle(side, on: interface)
            return true
        }
        isSeenTwice = true
        guard stamp > last, stamp - last > Self.patience else { return false }
        (client, server) = (interface, interface)
        return true
    }

    private mutating func settle(_ side: Side, on interface: UInt16) {
        switch side {
        case .client: client = interface
        case .server: server = interface
        }
    }
}
