// A packet of the loopback passes a socket for all interfaces twice, going out and coming in.

extension PacketFilter {
    /// The same filter, which takes nothing that goes out by the interface that has this number.
    func withoutOutgoing(by index: UInt32) -> PacketFilter {
        let comesIn = [
            Instruction(code: Code.loadWord, jumpIfTrue: 0, jumpIfFalse: 0, operand: Fact.interface),
            Instruction(code: Code.jumpIfEqual, jumpIfTrue: 0, jumpIfFalse: 3, operand: index),
            Instruction(code: Code.loadWord, jumpIfTrue: 0, jumpIfFalse: 0, operand: Fact.direction),
            Instruction(code: Code.jumpIfEqual, jumpIfTrue: 0, jumpIfFalse: 1, operand: Fact.goesOut),
            .keep(0),
        ]
        // Jumps are relative.
        return PacketFilter(instructions: comesIn + instructions)
    }

    /// Operations of Linux Socket Filtering (Documentation/networking/filter.rst).
    private enum Code {
        /// BPF_LD | BPF_W | BPF_ABS
        static let loadWord: UInt16 = 0x20
        /// BPF_JMP | BPF_JEQ | BPF_K
        static let jumpIfEqual: UInt16 = 0x15
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
