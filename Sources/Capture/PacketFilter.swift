// The kernel passes on only what may be Redis traffic. Without a filter every packet of the machine would have to be
// copied, looked at and thrown away.

import CLibPcap

/// A program that the kernel runs on each packet, from its IP header on (Linux Socket Filtering).
struct PacketFilter: Sendable {
    struct Instruction: Sendable {
        let code: UInt16
        let jumpIfTrue: UInt8
        let jumpIfFalse: UInt8
        let operand: UInt32
    }

    let instructions: [Instruction]

    /// Takes nothing.
    static let nothing = PacketFilter(instructions: [
        Instruction(code: UInt16(BPF_RET | BPF_K), jumpIfTrue: 0, jumpIfFalse: 0, operand: 0)
    ])

    init(instructions: [Instruction]) {
        self.instructions = instructions
    }

    /// Takes TCP from and to these ports, and of each packet no more than the snap length.
    init(ports: [UInt16], snapLength: Int) throws(CaptureError) {
        guard let compiler = unsafe pcap_open_dead(DLT_RAW, Int32(clamping: snapLength)) else {
            throw .resources("libpcap has no memory")
        }
        defer { unsafe pcap_close(compiler) }
        var program = unsafe bpf_program()
        let text = Self.expression(ports: ports)
        guard unsafe pcap_compile(compiler, &program, text, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            throw .resources("the filter \(text): \(unsafe String(cString: pcap_geterr(compiler)))")
        }
        defer { unsafe pcap_freecode(&program) }
        let compiled = unsafe UnsafeBufferPointer(start: program.bf_insns, count: Int(program.bf_len))
        instructions = unsafe compiled.map {
            Instruction(code: $0.code, jumpIfTrue: $0.jt, jumpIfFalse: $0.jf, operand: $0.k)
        }
    }

    /// The filter in the language of pcap-filter(7).
    static func expression(ports: [UInt16]) -> String {
        ports.map { "tcp port \($0)" }.joined(separator: " or ")
    }
}
