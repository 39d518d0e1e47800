// Not every packet can be used. Each one that cannot is counted under one of these reasons.

/// Why a packet was left out.
enum PacketFault: Int, Error, CaseIterable, Sendable {
    /// The capture ends before the end of the TCP header.
    case truncated
    /// Another protocol than IP, such as ARP.
    case notIP
    /// Another protocol than TCP.
    case notTCP
    /// A fragment of an IP packet.
    case fragment
    /// Header lengths that contradict each other.
    case malformed
    /// Neither port is one of the server's.
    case otherPort
    /// It belongs to a connection of Sidelong itself.
    case own

    /// The value of `reason`.
    var label: String {
        switch self {
        case .truncated: "truncated"
        case .notIP: "not_ip"
        case .notTCP: "not_tcp"
        case .fragment: "fragment"
        case .malformed: "malformed"
        case .otherPort: "other_port"
        case .own: "own"
        }
    }
}
