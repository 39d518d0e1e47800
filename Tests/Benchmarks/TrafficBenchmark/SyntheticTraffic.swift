// Packets in memory, as redis-benchmark sends them: each command is one packet each way, or with -P several are.

/// Captured packets, one after the other in one buffer.
struct SyntheticTraffic {
    private var bytes: [UInt8] = []
    private var frames: [(start: Int, count: Int)] = []

    /// The size of all packets in bytes.
    var size: Int { bytes.count }

    /// How many packets there are.
    var count: Int { frames.count }

    /// Half GET, half SET; keys as `key:000000012345`, values of 32 bytes.
    ///
    /// - Parameters:
    ///   - keys: how many different keys there are.
    ///   - pipeline: how many commands a packet holds, and how many replies.
    init(commands: Int, keys: Int, connections: Int, pipeline: Int = 1) {
        var clients = (0..<Swift.max(1, connections)).map { Client(number: $0) }
        bytes.reserveCapacity(commands * (80 + 140 / pipeline) + clients.count * 200)
        frames.reserveCapacity(commands / pipeline * 2 + clients.count * 2)
        for index in clients.indices { clients[index].open { add($0) } }
        var random: UInt64 = 88_172_645_463_325_252
        let value = String(repeating: "v", count: 32)
        for packet in 0..<commands / pipeline {
            var (requests, replies) = ("", "")
            for command in 0..<pipeline {
                random ^= random << 13
                random ^= random >> 7
                random ^= random << 17
                let number = String(random % UInt64(Swift.max(1, keys)))
                let key = "key:" + String(repeating: "0", count: 12 - number.count) + number
                if (packet + command) % 2 == 0 {
                    requests += "*2\r\n$3\r\nGET\r\n$16\r\n\(key)\r\n"
                    replies += "$32\r\n\(value)\r\n"
                } else {
                    requests += "*3\r\n$3\r\nSET\r\n$16\r\n\(key)\r\n$32\r\n\(value)\r\n"
                    replies += "+OK\r\n"
                }
            }
            clients[packet % clients.count].exchange(Array(requests.utf8), Array(replies.utf8)) { add($0) }
        }
    }

    /// Sessions of Postgres: each exchange is one packet each way.
    ///
    /// - Parameters:
    ///   - opening: what each connection begins with.
    ///   - exchange: the question and the answer of a number.
    init(
        exchanges: Int, connections: Int, port: UInt16, opening: [(question: [UInt8], answer: [UInt8])],
        _ exchange: (Int) -> (question: [UInt8], answer: [UInt8])
    ) {
        var clients = (0..<Swift.max(1, connections)).map { Client(number: $0, server: port) }
        for index in clients.indices {
            clients[index].open { add($0) }
            for (question, answer) in opening { clients[index].exchange(question, answer) { add($0) } }
        }
        for number in 0..<exchanges {
            let (question, answer) = exchange(number)
            clients[number % clients.count].exchange(question, answer) { add($0) }
        }
    }

    init() {}

    /// Makes room for further packets in place of these.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        frames.removeAll(keepingCapacity: true)
    }

    mutating func add(_ frame: [UInt8]) {
        frames.append((bytes.count, frame.count))
        bytes.append(contentsOf: frame)
    }

    /// When the first packet comes, and how far apart packets are, in nanoseconds.
    static let start: UInt64 = 1_700_000_000_000_000_000
    static let spacing: UInt64 = 10_000

    /// Shows each frame with its stamp.
    func forEach(from start: UInt64, _ body: (Span<UInt8>, UInt64) -> Void) {
        let all = bytes.span
        var stamp = start
        for frame in frames {
            stamp += Self.spacing
            body(all.extracting(frame.start..<frame.start + frame.count), stamp)
        }
    }
}

/// One client's side of a connection.
struct Client {
    private let address: [UInt8]
    private let port: UInt16
    private let server: UInt16
    private var clientSequence: UInt32 = 1
    private var serverSequence: UInt32 = 1

    init(number: Int, server: UInt16 = 6379) {
        self.server = server
        address = [10, 1, UInt8(truncatingIfNeeded: number >> 14), UInt8(truncatingIfNeeded: number >> 6)]
        port = UInt16(truncatingIfNeeded: 40_000 + number % 20_000)
    }

    mutating func open(_ emit: ([UInt8]) -> Void) {
        emit(frame(isReply: false, flags: 0x02, []))
        clientSequence += 1
        emit(frame(isReply: true, flags: 0x12, []))
        serverSequence += 1
    }

    mutating func exchange(_ request: [UInt8], _ reply: [UInt8], _ emit: ([UInt8]) -> Void) {
        emit(frame(isReply: false, flags: 0x18, request))
        clientSequence &+= UInt32(request.count)
        emit(frame(isReply: true, flags: 0x18, reply))
        serverSequence &+= UInt32(reply.count)
    }

    private func frame(isReply: Bool, flags: UInt8, _ payload: [UInt8]) -> [UInt8] {
        func long(_ number: UInt32) -> [UInt8] {
            short(UInt16(number >> 16)) + short(UInt16(truncatingIfNeeded: number))
        }
        func short(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)] }
        let server: [UInt8] = [10, 0, 0, 1]
        var frame = [UInt8](repeating: 0, count: 12) + [0x08, 0x00]
        frame += [0x45, 0] + short(UInt16(52 + payload.count)) + [0, 0, 0x40, 0, 64, 6, 0, 0]
        frame += (isReply ? server + address : address + server)
        frame += (isReply ? short(self.server) + short(port) : short(port) + short(self.server))
        frame += (isReply ? long(serverSequence) + long(clientSequence) : long(clientSequence) + long(serverSequence))
        frame += [0x80, flags, 0xFF, 0xFF, 0, 0, 0, 0] + [1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0]
        return frame + payload
    }
}
