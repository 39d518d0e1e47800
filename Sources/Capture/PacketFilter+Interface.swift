// A packet of the loopback passes a socket for all interfaces twice, going out and coming in.

extension PacketFilter {
    /// The same filter, which takes nothing that goes out by the interface that has this number.
    func withoutOutgoing(by index: UInt32) -> PacketFilter {
        let comesIn: [Instruction] = [
            .loadWord(at: Fact.interface), .compare(index, otherwiseSkip: 3),
            .loadWord(at: Fact.direction), .compare(Fact.goesOut, otherwiseSkip: 1),
            .keep(0),
        ]
        // Jumps are relative.
        return PacketFilter(instructions: comesIn + instructions)
    }

    /// Places from which the kernel loads what it knows of a packet (SKF_AD_OFF and so on of linux/filter.h).
    private enum Fact {
        private static let base: UInt32 = 0xFFFF_F000
        /// SKF_AD_PKTTYPE
        static let direction = base + 4
        /// PACKET_OUTGOING of linux/if_packet.h
        static let goesOut: UInt32 = 4
        /// SKF_AD_IFINDEX
        static let interface = base + 8
    }
}
