import Testing

@testable import HTTP

/// Answers as they come in, whole or in pieces.
@Suite struct AnswerReaderTests {
    /// What is known when a text has come in pieces of a size, and the connection has ended.
    private func read(_ text: String, pieces: Int, mostBytes: Int = 1000) throws -> (status: Int?, body: String) {
        var reader = AnswerReader(mostBytes: mostBytes)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            if try reader.take(Array(rest.prefix(pieces))) { break }
            rest = rest.dropFirst(pieces)
        }
        return (reader.status, String(decoding: try reader.body(), as: UTF8.self))
    }

    @Test(arguments: [1, 3, 7, 1000])
    func aBodyEndsByItsLengthItsChunksOrTheConnection(pieces: Int) throws {
        let length = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more"
        #expect(try read(length, pieces: pieces) == (200, "hello"))
        let chunks = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n"
        #expect(try read(chunks, pieces: pieces) == (200, "hello"))
        #expect(try read("HTTP/1.0 404 Not Found\r\nA: b\r\n\r\nhello", pieces: pieces) == (404, "hello"))
        #expect(try read("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", pieces: pieces) == (204, ""))
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", AnswerReader.Problem.cutOff),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", .cutOff),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\nhello\r\n0\r\n\r\n", .cutOff),
        ("", .cutOff), ("SSH-2.0-OpenSSH\r\n", .notHTTP), ("HTTP/1.1 \r\n\r\n", .notHTTP), ("HTTP/1.1 200", .notHTTP),
        ("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 2000), .tooLong),
    ])
    func whatIsNoAnswerIsSaidSo(text: String, problem: AnswerReader.Problem) {
        #expect(throws: problem) { try read(text, pieces: 100) }
    }
}
