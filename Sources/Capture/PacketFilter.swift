// The kernel passes on only what may be traffic that is measured, and of each packet only as much as is needed. Without
// a filter every packet of the machine would have to be copied, looked at and thrown away.

/// A program that the kernel runs on each packet, from its IP header on (Linux Socket Filtering).
struct PacketFilter: Sendable {
    let instructions: [Instruction]

    /// Takes nothing.
    static let nothing = PacketFilter(instructions: [.keep(0)])

    init(instructions: [Instruction]) {
        self.instructions = instructions
    }

    /// Takes TCP to and from these ports, and of each packet as much as is said of its direction. Of a packet between
    /// two of them the first one that matches decides.
    ///
    /// IPv6 with extension headers before TCP is not taken, and of fragments the first one only.
    init(_ watched: [(ports: [UInt16], lengths: SnapLengths)]) {
        var program = Self.findPorts
        for (ports, lengths) in watched where !ports.isEmpty {
            program.append(.recall(Scratch.destination))
            program += ports.flatMap { Self.keep(lengths.requests, ifPortIs: $0) }
            program.append(.recall(Scratch.source))
            program += ports.flatMap { Self.keep(lengths.replies, ifPortIs: $0) }
        }
        instructions = program + [.keep(0)]
    }

    private static func keep(_ length: Int, ifPortIs port: UInt16) -> [Instruction] {
        [.compare(UInt32(port), otherwiseSkip: 1), .keep(UInt32(clamping: length))]
    }

    /// Words that a program has to itself, and what they hold here.
    private enum Scratch {
        static let (source, destination): (UInt32, UInt32) = (0, 1)
    }

    /// Lays both ports of a TCP segment aside, or ends the program. What is something else goes on at `keep(0)`, the
    /// fifth operation from the end; what is TCP goes on behind it.
    private static let findPorts: [Instruction] = {
        let (version4, version6, tcp): (UInt32, UInt32, UInt32) = (4, 6, 6)
        return [
            .loadByte(at: 0), .shiftRight(4),  // the version
            .compare(version6, otherwiseSkip: 4),
            .loadByte(at: 6), .compare(tcp, otherwiseSkip: 9),  // the next header
            .base(40), .skip(8),
            .compare(version4, otherwiseSkip: 6),
            .loadByte(at: 9), .compare(tcp, otherwiseSkip: 4),  // the protocol
            .loadShort(at: 6), .test(0x1FFF, thenSkip: 2),  // the fragment's offset
            .baseOfHeader(at: 0), .skip(1),
            .keep(0),
            .loadShort(behindBase: 0), .layAside(Scratch.source),
            .loadShort(behindBase: 2), .layAside(Scratch.destination),
        ]
    }()
}
