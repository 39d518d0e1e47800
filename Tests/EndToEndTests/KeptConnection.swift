import TestKit

/// An HTTP connection that serves one request after the other.
struct KeptConnection {
    let socket: RawSocket

    init(port: Int) throws {
        socket = try RawSocket(port: port)
    }

    func send(_ path: String) throws {
        try socket.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
    }

    /// The next answers in order; all that comes has to belong to one of them.
    func answers(_ count: Int) throws -> [HTTPAnswer] {
        var (bytes, answers) = ([UInt8](), [HTTPAnswer]())
        while answers.count < count {
            let next = try socket.receive()
            guard !next.isEmpty else {
                throw NeverHappened(
                    description: "\(count) answers; closed after \(answers.count) and \(bytes.count) bytes")
            }
            bytes += next
            while let answer = try? HTTPAnswer(parsing: bytes), let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)),
                let length = Int(answer.headers["content-length"] ?? ""), answer.body.count >= length
            {
                answers.append(
                    HTTPAnswer(status: answer.status, headers: answer.headers, body: Array(answer.body.prefix(length))))
                bytes.removeFirst(end.upperBound + length)
            }
        }
        return answers
    }

    func get(_ path: String) throws -> HTTPAnswer {
        try send(path)
        return try answers(1)[0]
    }
}
