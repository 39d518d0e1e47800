// Which ports are watched, and what is spoken there. A port speaks one protocol: what is read on it in two ways would
// be counted twice.

/// The watched ports and their protocols.
///
/// Looking a port up is two loads, mostly from the same few lines of the cache: ports whose first byte no watched port
/// has share one block.
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

    /// The number of the block in `kinds` that has the ports with a certain first byte.
    private var blocks = [UInt16](repeating: 0, count: 256)
    /// Blocks of 256 ports. The first one is of all ports that have no block of their own.
    private var kinds = [WireProtocolKind?](repeating: nil, count: 256)
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
            let block = Int(port >> 8)
            if blocks[block] == 0 {
                blocks[block] = UInt16(kinds.count >> 8)
                kinds += repeatElement(nil, count: 256)
            }
            kinds[place(of: port)] = kind
            lists[kind, default: []].append(port)
        }
    }

    @inline(__always)
    private func place(of port: UInt16) -> Int { Int(blocks[Int(port >> 8)]) << 8 | Int(port & 0xFF) }

    /// What is spoken on a port; nil when it is not watched.
    @inline(__always)
    public subscript(port: UInt16) -> WireProtocolKind? { kinds[place(of: port)] }

    /// The ports of a protocol, in the order in which they were added.
    public func ports(of kind: WireProtocolKind) -> [UInt16] { lists[kind] ?? [] }

    /// All watched ports, protocol by protocol.
    public var all: [UInt16] { WireProtocolKind.allCases.flatMap { ports(of: $0) } }
}
