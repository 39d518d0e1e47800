// What the interfaces have shown, whatever protocol it was.

/// Packets by interface, and those that were not used by reason.
struct PacketCounts: Sendable {
    struct Interface: Sendable {
        let name: String
        private(set) var packets: UInt64 = 0
        private(set) var bytes: UInt64 = 0

        fileprivate mutating func add(_ run: Run) {
            packets &+= run.packets
            bytes &+= run.bytes
        }

        fileprivate init(name: String) {
            self.name = name
        }
    }

    /// Packets of one interface, one after the other. They are counted here first, since an array is asked for each
    /// change whether it is shared.
    fileprivate struct Run: Sendable {
        let interface: Int
        var packets: UInt64 = 0
        var bytes: UInt64 = 0
    }

    private var ended: [Interface] = []
    private var run = Run(interface: 0)
    private var faults = [UInt64](repeating: 0, count: PacketFault.allCases.count)

    func ignored(_ fault: PacketFault) -> UInt64 { faults[fault.rawValue] }

    /// - Returns: the interface's number.
    mutating func addInterface(_ name: String) -> Int {
        ended.append(Interface(name: name))
        return ended.count - 1
    }

    /// What each interface has shown, by its number.
    var interfaces: [Interface] {
        var counts = self
        counts.endRun(before: run.interface)
        return counts.ended
    }

    /// Counts a packet of this length on the wire; one of an unknown interface is not counted.
    @inline(__always)
    mutating func count(_ interface: Int, length: Int) {
        if interface != run.interface { endRun(before: interface) }
        run.packets &+= 1
        run.bytes &+= UInt64(clamping: length)
    }

    @inline(never)
    private mutating func endRun(before interface: Int) {
        if ended.indices.contains(run.interface) { ended[run.interface].add(run) }
        run = Run(interface: interface)
    }

    mutating func ignore(_ fault: PacketFault) {
        faults[fault.rawValue] &+= 1
    }

    /// Notes how many of the packets were Sidelong's own, which each lane counts for its targets.
    mutating func setOwn(_ packets: UInt64) {
        faults[PacketFault.own.rawValue] = packets
    }
}
