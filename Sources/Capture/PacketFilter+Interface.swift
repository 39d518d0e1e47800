// A socket for all interfaces leaves out the one that has a socket of its own.

extension PacketFilter {
    /// The same filter, which takes nothing from the interface that has this number.
    func without(interface index: UInt32) -> PacketFilter {
        let notThere = [
            // The interface's number (SKF_AD_OFF + SKF_AD_IFINDEX of linux/filter.h) goes to the accumulator.
            Instruction(code: Code.loadWord, jumpIfTrue: 0, jumpIfFalse: 0, operand: 0xFFFF_F000 + 8),
            Instruction(code: Code.jumpIfEqual, jumpIfTrue: 0, jumpIfFalse: 1, operand: index),
            Instruction(code: Code.answer, jumpIfTrue: 0, jumpIfFalse: 0, operand: 0),
        ]
        // Jumps are relative.
        return PacketFilter(instructions: notThere + instructions)
    }

    /// Operations of Linux Socket Filtering (Documentation/networking/filter.rst).
    private enum Code {
        /// BPF_LD | BPF_W | BPF_ABS
        static let loadWord: UInt16 = 0x20
        /// BPF_JMP | BPF_JEQ | BPF_K
        static let jumpIfEqual: UInt16 = 0x15
        /// BPF_RET | BPF_K
        static let answer: UInt16 = 0x06
    }
}
