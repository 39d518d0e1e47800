// What the interfaces have shown, whatever protocol it was.

/// Packets by interface, and those that were not used by reason.
struct PacketCounts: Sendable {
    struct Interface: Sendable {
        let name: String
        private(set) var packets: UInt64 = 0
        private(set) var bytes: UInt64 = 0

        @inline(__always)
        fileprivate mutating func add(_ length: Int) {
            packets &+= 1
            bytes &+= UInt64(clamping: length)
        }

        fileprivate init(name: String) {
            self.name = name
        }
    }

    private(set) var interfaces: [Interface] = []
    private var faults = [UInt64](repeating: 0, count: PacketFault.allCases.count)

    func ignored(_ fault: PacketFault) -> UInt64 { faults[fault.rawValue] }

    /// - Returns: the interface's number.
    mutating func addInterface(_ name: String) -> Int {
        interfaces.append(Interface(name: name))
        return interfaces.count - 1
    }

    /// Counts a packet of this length on the wire; one of an unknown interface is not counted.
    @inline(__always)
    mutating func count(_ interface: Int, length: Int) {
        guard interfaces.indices.contains(interface) else { return }
        interfaces[interface].add(length)
    }

    mutating func ignore(_ fault: PacketFault) {
        faults[fault.rawValue] &+= 1
    }

    /// Notes how many of the packets were Sidelong's own, which each lane counts for its targets.
    mutating func setOwn(_ packets: UInt64) {
        faults[PacketFault.own.rawValue] = packets
    }
}
