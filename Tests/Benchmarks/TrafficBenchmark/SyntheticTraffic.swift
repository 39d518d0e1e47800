// Packets in memory: each command is one packet each way, as redis-benchmark sends them without -P.

/// Captured packets, one after the other in one buffer.
struct SyntheticTraffic {
    private var bytes: [UInt8] = []
    private var frames: [(start: Int, count: Int)] = []

    /// The size of all packets in bytes.
    var size: Int { bytes.count }

    /// Half GET, half SET; keys as `key:000000012345`, values of 32 bytes.
    ///
    /// - Parameter keys: how many different keys there are.
    init(commands: Int, keys: Int, connections: Int) {
        var clients = (0..<Swift.max(1, connections)).map { Client(number: $0) }
        bytes.reserveCapacity(commands * 220 + clients.count * 200)
        frames.reserveCapacity(commands * 2 + clients.count * 2)
        for index in clients.indices { clients[index].open { add($0) } }
        var random: UInt64 = 88_172_645_463_325_252
        let value = String(repeating: "v", count: 32)
        for command in 0..<commands {
            random ^= random << 13
            random ^= random >> 7
            random ^= random << 17
            let number = String(random % UInt64(Swift.max(1, keys)))
            let key = "key:" + String(repeating: "0", count: 12 - number.count) + number
            let isRead = command % 2 == 0
            let request =
                isRead
                ? "*2\r\n$3\r\nGET\r\n$16\r\n\(key)\r\n" : "*3\r\n$3\r\nSET\r\n$16\r\n\(key)\r\n$32\r\n\(value)\r\n"
            let reply = isRead ? "$32\r\n\(value)\r\n" : "+OK\r\n"
            clients[command % clients.count].exchange(Array(request.utf8), Array(reply.utf8)) { add($0) }
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

    /// GET with a head of some 400 bytes, and answers with 1 KiB, on connections that stay.
    ///
    /// - Parameter paths: how many different paths there are.
    init(requests: Int, paths: Int, connections: Int) {
        var clients = (0..<Swift.max(1, connections)).map { Client(number: $0, server: 80) }
        bytes.reserveCapacity(requests * 1_800 + clients.count * 200)
        frames.reserveCapacity(requests * 2 + clients.count * 2)
        for index in clients.indices { clients[index].open { add($0) } }
        let fields =
            " HTTP/1.1\r\nHost: gateway.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 "
            + "Firefox/140.0\r\nAccept: application/json, text/plain, */*\r\nAccept-Encoding: gzip, deflate, br\r\n"
            + "Accept-Language: en-US,en;q=0.9\r\nConnection: keep-alive\r\nCookie: theme=dark; session="
            + String(repeating: "c", count: 64) + "\r\nX-Request-Id: 4bf92f3577b34da6a3ce929d0e0e4736\r\n\r\n"
        let answer = Array(
            ("HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sat, 28 Nov 2026 23:00:00 GMT\r\nContent-Type: "
                + "application/json\r\nContent-Length: 1024\r\nConnection: keep-alive\r\n\r\n"
                + String(repeating: "b", count: 1_024)).utf8)
        let letters = Array("abcdefghijklmnopqrstuvwxyz".utf8)
        for request in 0..<requests {
            // Few paths are grouped by their numbers; of many each has a word of its own.
            let number = request % Swift.max(1, paths)
            var word = "users"
            if paths > 1_000 {
                word = String(
                    decoding: (0..<4).map { letters[number / [1, 26, 676, 17_576][$0] % 26] }, as: UTF8.self)
            }
            let head = "GET /api/\(word)/\(number)/orders?page=2" + fields
            clients[request % clients.count].exchange(Array(head.utf8), answer) { add($0) }
        }
    }

    private mutating func add(_ frame: [UInt8]) {
        frames.append((bytes.count, frame.count))
        bytes.append(contentsOf: frame)
    }

    /// Shows each frame with its stamp; packets are ten microseconds apart.
    func forEach(_ body: (Span<UInt8>, UInt64) -> Void) {
        let all = bytes.span
        var stamp: UInt64 = 1_700_000_000_000_000_000
        for frame in frames {
            stamp += 10_000
            body(all.extracting(frame.start..<frame.start + frame.count), stamp)
        }
    }
}

/// One client's side of a connection.
private struct Client {
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
