// The kernel passes on only what may be traffic that is measured, and of each packet only as much as is needed. Without
// a filter every packet of the machine would have to be copied, looked at and thrown away.

import CLibPcap

/// A program that the kernel runs on each packet, from its IP header on (Linux Socket Filtering).
struct PacketFilter: Sendable {
    struct Instruction: Sendable {
        let code: UInt16
        let jumpIfTrue: UInt8
        let jumpIfFalse: UInt8
        let operand: UInt32

        /// Ends the program; so many bytes of the packet are kept, 0 for a packet that is not taken.
        static func keep(_ bytes: UInt32) -> Instruction {
            Instruction(code: UInt16(BPF_RET | BPF_K), jumpIfTrue: 0, jumpIfFalse: 0, operand: bytes)
        }

        /// Goes on so many instructions after the next one.
        static func skip(_ count: Int) -> Instruction {
            Instruction(code: UInt16(BPF_JMP | BPF_JA), jumpIfTrue: 0, jumpIfFalse: 0, operand: UInt32(count))
        }

        var isRefusal: Bool { code == UInt16(BPF_RET | BPF_K) && operand == 0 }
    }

    let instructions: [Instruction]

    /// Takes nothing.
    static let nothing = PacketFilter(instructions: [.keep(0)])

    init(instructions: [Instruction]) {
        self.instructions = instructions
    }

    /// Takes TCP to and from these ports, and of each packet as much as is said of its direction. Of a packet between
    /// two of them the first one that matches decides.
    init(_ watched: [(ports: [UInt16], lengths: SnapLengths)]) throws(CaptureError) {
        var parts: [Instruction] = []
        for (ports, lengths) in watched where !ports.isEmpty {
            parts += try Self.part(Self.expression("dst", ports), keeping: lengths.requests)
            parts += try Self.part(Self.expression("src", ports), keeping: lengths.replies)
        }
        instructions = parts + [.keep(0)]
    }

    /// The filter of one direction in the language of pcap-filter(7).
    static func expression(_ direction: String, _ ports: [UInt16]) -> String {
        ports.map { "tcp \(direction) port \($0)" }.joined(separator: " or ")
    }

    /// A program that goes on behind its end with what it does not take.
    private static func part(_ text: String, keeping length: Int) throws(CaptureError) -> [Instruction] {
        let compiled = try compile(text, keeping: length)
        return compiled.enumerated().map { index, instruction in
            instruction.isRefusal ? .skip(compiled.count - 1 - index) : instruction
        }
    }

    private static func compile(_ text: String, keeping length: Int) throws(CaptureError) -> [Instruction] {
        guard let compiler = unsafe pcap_open_dead(DLT_RAW, Int32(clamping: length)) else {
            throw .resources("libpcap has no memory")
        }
        defer { unsafe pcap_close(compiler) }
        var program = unsafe bpf_program()
        guard unsafe pcap_compile(compiler, &program, text, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            throw .resources("the filter \(text): \(unsafe String(cString: pcap_geterr(compiler)))")
        }
        defer { unsafe pcap_freecode(&program) }
        let compiled = unsafe UnsafeBufferPointer(start: program.bf_insns, count: Int(program.bf_len))
        return unsafe compiled.map {
            Instruction(code: $0.code, jumpIfTrue: $0.jt, jumpIfFalse: $0.jf, operand: $0.k)
        }
    }
}
