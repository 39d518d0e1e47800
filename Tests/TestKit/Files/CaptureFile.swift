/// Capture files written by hand, so that tests know every packet and every stamp.
public struct CaptureFile {
    /// The file formats that libpcap reads.
    public enum Format: CaseIterable, Sendable {
        case pcapMicroseconds, pcapNanoseconds, pcapngMicroseconds, pcapngNanoseconds

        /// What is lost of a stamp, in nanoseconds.
        public var precision: UInt64 {
            switch self {
            case .pcapMicroseconds, .pcapngMicroseconds: 1000
            case .pcapNanoseconds, .pcapngNanoseconds: 1
            }
        }
    }

    /// One captured packet.
    public struct Packet {
        /// Nanoseconds since 1970.
        public let stamp: UInt64
        public let frame: [UInt8]
    }

    public private(set) var packets: [Packet] = []
    private var sequences: [UInt16: (client: UInt32, server: UInt32)] = [:]
    public let serverPort: UInt16

    public init(serverPort: UInt16 = 6379) {
        self.serverPort = serverPort
    }

    /// A connection is opened by the client.
    public mutating func connect(_ clientPort: UInt16, at stamp: UInt64) {
        sequences[clientPort] = (1000, 5000)
        add(clientPort, fromClient: true, flags: 0x02, [], at: stamp)
        add(clientPort, fromClient: false, flags: 0x12, [], at: stamp + 10_000)
        sequences[clientPort] = (1001, 5001)
    }

    /// The client sends something.
    public mutating func request(_ clientPort: UInt16, _ text: String, at stamp: UInt64) {
        add(clientPort, fromClient: true, flags: 0x18, Array(text.utf8), at: stamp)
    }

    /// The server sends something.
    public mutating func reply(_ clientPort: UInt16, _ text: String, at stamp: UInt64) {
        add(clientPort, fromClient: false, flags: 0x18, Array(text.utf8), at: stamp)
    }

    /// One command and its reply on a connection.
    public mutating func exchange(
        _ clientPort: UInt16, _ words: [String], _ reply: String, at stamp: UInt64, taking nanoseconds: UInt64
    ) {
        let arguments = words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
        request(clientPort, "*\(words.count)\r\n\(arguments)", at: stamp)
        self.reply(clientPort, reply, at: stamp + nanoseconds)
    }

    /// Both ends close the connection, the client first.
    public mutating func close(_ clientPort: UInt16, at stamp: UInt64) {
        add(clientPort, fromClient: true, flags: 0x11, [], at: stamp)
        sequences[clientPort]?.client += 1
        add(clientPort, fromClient: false, flags: 0x11, [], at: stamp + 10_000)
        sequences[clientPort]?.server += 1
        add(clientPort, fromClient: true, flags: 0x10, [], at: stamp + 20_000)
    }

    private mutating func add(
        _ clientPort: UInt16, fromClient: Bool, flags: UInt8, _ payload: [UInt8], at stamp: UInt64
    ) {
        let (client, server) = sequences[clientPort] ?? (1, 1)
        let ports = fromClient ? (clientPort, serverPort) : (serverPort, clientPort)
        let numbers = fromClient ? (client, server) : (server, client)
        let tcp = big(ports.0) + big(ports.1) + big(numbers.0) + big(numbers.1) + [0x50, flags] + big(UInt16.max)
        let segment = tcp + [0, 0, 0, 0] + payload
        let addresses: [[UInt8]] = fromClient ? [[10, 0, 0, 1], [10, 0, 0, 2]] : [[10, 0, 0, 2], [10, 0, 0, 1]]
        let ip =
            [0x45, 0] + big(UInt16(20 + segment.count)) + [0, 1, 0x40, 0, 64, 6, 0, 0] + addresses.flatMap(\.self)
        let ethernet = [UInt8](repeating: 2, count: 12) + [0x08, 0x00]
        packets.append(Packet(stamp: stamp, frame: ethernet + ip + segment))
        let length = UInt32(payload.count)
        sequences[clientPort] = fromClient ? (client &+ length, server) : (client, server &+ length)
    }

    /// The file's bytes.
    ///
    /// - Parameter interfaces: how many interfaces of a pcapng file show each packet, one after the other.
    public func bytes(_ format: Format, interfaces: Int = 1) -> [UInt8] {
        switch format {
        case .pcapMicroseconds: pcap(magic: 0xA1B2_C3D4, unit: 1000)
        case .pcapNanoseconds: pcap(magic: 0xA1B2_3C4D, unit: 1)
        case .pcapngMicroseconds: pcapng(resolution: 6, unit: 1000, interfaces)
        case .pcapngNanoseconds: pcapng(resolution: 9, unit: 1, interfaces)
        }
    }

    /// pcap-savefile(5).
    private func pcap(magic: UInt32, unit: UInt64) -> [UInt8] {
        let zone: UInt32 = 0
        let head = little(magic) + little(UInt16(2)) + little(UInt16(4)) + little(zone) + little(zone)
        return packets.reduce(into: head + little(UInt32(262_144)) + little(UInt32(1))) { file, packet in
            let length = little(UInt32(packet.frame.count))
            file += little(UInt32(packet.stamp / 1_000_000_000))
            file += little(UInt32(packet.stamp % 1_000_000_000 / unit)) + length + length + packet.frame
        }
    }

    /// draft-ietf-opsawg-pcapng: a section, interfaces with if_tsresol, and enhanced packet blocks.
    private func pcapng(resolution: UInt8, unit: UInt64, _ interfaces: Int) -> [UInt8] {
        let anyLength = UInt64.max
        let section = block(0x0A0D_0D0A, little(UInt32(0x1A2B_3C4D)) + little(UInt16(1)) + [0, 0] + little(anyLength))
        let option = little(UInt16(9)) + little(UInt16(1)) + [resolution, 0, 0, 0] + [0, 0, 0, 0]
        let interface = block(1, little(UInt16(1)) + [0, 0] + little(UInt32(262_144)) + option)
        var file = section
        for _ in 0..<interfaces { file += interface }
        for packet in packets {
            let stamp = packet.stamp / unit
            let length = little(UInt32(packet.frame.count))
            let padding = [UInt8](repeating: 0, count: (4 - packet.frame.count % 4) % 4)
            for number in 0..<interfaces {
                file += block(
                    6,
                    little(UInt32(number)) + little(UInt32(stamp >> 32)) + little(UInt32(truncatingIfNeeded: stamp))
                        + length + length + packet.frame + padding)
            }
        }
        return file
    }

    private func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
        let length = little(UInt32(body.count + 12))
        return little(type) + length + body + length
    }
}

private func little<T: FixedWidthInteger>(_ number: T) -> [UInt8] {
    (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> T($0 * 8)) }
}

private func big<T: FixedWidthInteger>(_ number: T) -> [UInt8] {
    little(number).reversed()
}
