// What one packet socket is for. The loopback has one to itself, which leaves out the second copy of each packet; all
// other interfaces share one, so that those that come later need no capability.

/// Which interfaces a socket gets packets from.
enum TapScope: Sendable, Equatable {
    /// One interface that was asked for by its name.
    case named(String, isLoopback: Bool)
    /// The loopback, as one of all interfaces.
    case loopback(NetworkInterface)
    /// Every interface but the loopback.
    case others(than: NetworkInterface?)

    /// The name of the ring.
    var name: String {
        switch self {
        case .named(let name, _): name
        case .loopback(let interface): interface.name
        case .others: CaptureStatus.others
        }
    }

    var isLoopback: Bool {
        switch self {
        case .named(_, let isLoopback): isLoopback
        case .loopback: true
        case .others: false
        }
    }

    /// Whether something is wrong when there is nothing to capture.
    var isRequired: Bool {
        if case .named = self { true } else { false }
    }

    /// The filter without what another socket gets.
    func narrow(_ filter: PacketFilter) -> PacketFilter {
        if case .others(let loopback?) = self { filter.without(interface: loopback.index) } else { filter }
    }
}
