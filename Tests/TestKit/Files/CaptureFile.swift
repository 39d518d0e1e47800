/// Capture files written by hand, so that tests know every packet and every stamp.
public struct CaptureFile {
    /// The formats of capture files.
    public enum Format: CaseIterable, Sendable {
        case pcapMicroseconds, pcapNanoseconds, pcapngMicroseconds, pcapngNanoseconds
        /// In the order of bytes that most machines of today do not have.
        case pcapBigEndian, pcapngBigEndian

        /// What is lost of a stamp, in nanoseconds.
        public var precision: UInt64 {
            switch self {
            case .pcapMicroseconds, .pcapngMicroseconds: 1000
            case .pcapNanoseconds, .pcapngNanoseconds, .pcapBigEndian, .pcapngBigEndian: 1
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
        case .pcapMicroseconds: pcap(magic: 0xA1B2_C3D4, unit: 1000, .little)
        case .pcapNanoseconds: pcap(magic: 0xA1B2_3C4D, unit: 1, .little)
        case .pcapBigEndian: pcap(magic: 0xA1B2_3C4D, unit: 1, .big)
        case .pcapngMicroseconds: pcapng(resolution: 6, unit: 1000, interfaces, .little)
        case .pcapngNanoseconds: pcapng(resolution: 9, unit: 1, interfaces, .little)
        case .pcapngBigEndian: pcapng(resolution: 9, unit: 1, interfaces, .big)
        }
    }

    /// pcap-savefile(5).
    private func pcap(magic: UInt32, unit: UInt64, _ order: ByteOrder) -> [UInt8] {
        let zone: UInt32 = 0
        let head = order(magic) + order(UInt16(2)) + order(UInt16(4)) + order(zone) + order(zone)
        return packets.reduce(into: head + order(UInt32(262_144)) + order(UInt32(1))) { file, packet in
            let length = order(UInt32(packet.frame.count))
            file += order(UInt32(packet.stamp / 1_000_000_000))
            file += order(UInt32(packet.stamp % 1_000_000_000 / unit)) + length + length + packet.frame
        }
    }

    /// A section, interfaces with if_tsresol, and enhanced packet blocks.
    private func pcapng(resolution: UInt8, unit: UInt64, _ interfaces: Int, _ order: ByteOrder) -> [UInt8] {
        var file = PcapngFile(order)
        for _ in 0..<interfaces { file.addInterface(link: 1, options: [(9, [resolution])]) }
        for packet in packets {
            for number in 0..<interfaces { file.add(packet.frame, at: packet.stamp / unit, on: number) }
        }
        return file.bytes
    }
}

private func big<T: FixedWidthInteger>(_ number: T) -> [UInt8] { ByteOrder.big(number) }
