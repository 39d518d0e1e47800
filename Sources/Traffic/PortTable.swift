// Which ports are watched, and what is spoken there. A port speaks one protocol: what is read on it in two ways would
// be counted twice.

/// The watched ports and their protocols.
///
/// Looking a port up is one load; the table takes 64 KiB.
public struct PortTable: Sendable, Equatable {
    /// A port that two protocols claim.
    public struct Conflict: Error, Equatable, CustomStringConvertible {
        public let port: UInt16
        /// The protocol that has it, and the one that wants it as well.
        public let first: WireProtocolKind
        public let second: WireProtocolKind

        public var description: String {
            "port \(port) cannot be read as \(first.label) and as \(second.label); leave it to one of them"
        }
    }

    private var kinds = [WireProtocolKind?](repeating: nil, count: 1 << 16)
    private var lists: [WireProtocolKind: [UInt16]] = [:]

    /// A table of no port.
    public init() {}

    /// A table of one protocol only.
    public init(_ ports: [UInt16], of kind: WireProtocolKind) {
        add(all: ports, of: kind)
    }

    /// Adds the ports of a protocol. Those that it has already are passed over.
    ///
    /// - Throws: where one of them is another protocol's; none is added then.
    public mutating func add(_ ports: [UInt16], of kind: WireProtocolKind) throws(Conflict) {
        for port in ports {
            if let first = self[port], first != kind { throw Conflict(port: port, first: first, second: kind) }
        }
        add(all: ports, of: kind)
    }

    private mutating func add(all ports: [UInt16], of kind: WireProtocolKind) {
        for port in ports where self[port] == nil {
            kinds[Int(port)] = kind
            lists[kind, default: []].append(port)
        }
    }

    /// What is spoken on a port; nil when it is not watched.
    @inline(__always)
    public subscript(port: UInt16) -> WireProtocolKind? { kinds[Int(port)] }

    /// The ports of a protocol, in the order in which they were added.
    public func ports(of kind: WireProtocolKind) -> [UInt16] { lists[kind] ?? [] }

    /// All watched ports, protocol by protocol.
    public var all: [UInt16] { WireProtocolKind.allCases.flatMap { ports(of: $0) } }
}
