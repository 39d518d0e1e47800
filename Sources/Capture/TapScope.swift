// What one packet socket is for. With `auto` there is one for all interfaces, so that those that come later need no
// capability.

/// Which interfaces a socket gets packets from.
enum TapScope: Sendable, Equatable {
    /// One interface that was asked for by its name.
    case named(String, isLoopback: Bool)
    /// Interfaces that were asked for by their names, too many for a socket each.
    case several([String], loopback: NetworkInterface?)
    /// Every interface; the loopback among them needs care, see ``narrow(_:)``.
    case all(loopback: NetworkInterface?)

    /// The name of the ring.
    var name: String {
        switch self {
        case .named(let name, _): name
        case .several, .all: CaptureStatus.all
        }
    }

    /// Whether each packet passes twice, and the kernel can leave one copy out.
    var ignoresOutgoing: Bool {
        if case .named(_, let isLoopback) = self { isLoopback } else { false }
    }

    /// Whether something is wrong when there is nothing to capture.
    var isRequired: Bool {
        if case .all = self { false } else { true }
    }

    /// The names that were asked for; nil for all.
    var names: [String]? {
        switch self {
        case .named(let name, _): [name]
        case .several(let names, _): names
        case .all: nil
        }
    }

    /// The filter without the second copy of what passes the loopback, where the kernel cannot leave it out by itself.
    func narrow(_ filter: PacketFilter) -> PacketFilter {
        switch self {
        case .several(_, let loopback?), .all(let loopback?): filter.withoutOutgoing(by: loopback.index)
        case .several, .all, .named: filter
        }
    }
}
