// Chunks, and the many ways to write them.

import Testing

@testable import Traffic

@Suite struct HTTPBodyTests {
    /// The figures of one chunked answer and a request after it.
    private func figures(_ body: String, coding: String = "chunked") -> HTTPFigures {
        http { wire in
            wire.exchange(get("/a"), head("HTTP/1.1 200 OK", "Transfer-Encoding: \(coding)") + body)
            wire.exchange(get("/b"), ok)
        }
    }

    @Test(arguments: [
        chunk(5) + "0\r\n\r\n", chunk(5, "5;a=b") + chunk(1, "1 ; c=\"d\"") + "0;e\r\n\r\n",
        chunk(26, "1A") + chunk(26, "001a") + "000\r\n\r\n",
        chunk(3) + "0\r\nChecksum: abc\r\nMore: x\r\n\r\n", "5\nhello\n0\n\n", "0\r\n\r\n",
    ])
    func chunksEndAfterTheirTrailers(_ body: String) {
        let figures = figures(body)
        #expect(figures.requests == ["GET /a 200": 1, "GET /b 200": 1] && figures.microseconds == 200)
    }

    @Test(arguments: ["gzip, chunked", "Chunked", "gzip ,\tCHUNKED ", "identity\r\nTransfer-Encoding: chunked"])
    func lastCodingDecides(_ coding: String) {
        let figures = figures(chunk(40) + "0\r\n\r\n", coding: coding)
        #expect(figures.requests == ["GET /a 200": 1, "GET /b 200": 1])
        #expect(figures.answerBytes == ["GET /a": 40, "GET /b": 5])
    }

    @Test func otherCodingsEndWithTheConnection() {
        let figures = http { wire in
            wire.exchange(get("/a"), head("HTTP/1.1 200 OK", "Transfer-Encoding: gzip") + "whatever")
            wire.close(by: .server)
        }
        #expect(figures.requests == ["GET /a 200": 1] && figures.timed == ["GET /a": 1])
    }

    @Test(arguments: ["x\r\n", "\r\n", "5\r\nhelloX", "fffffffffffffffffffff\r\n"])
    func whatIsNoChunkWaitsForTheNextTurn(_ body: String) {
        let figures = figures(body)
        #expect(figures.requests == ["GET /a 200": 1, "GET /b 200": 1])
        #expect(figures.resyncs == ["malformed_reply": 1])
    }

    @Test func requestsHaveChunksToo() {
        let figures = http { wire in
            wire.client(get("/a", "Transfer-Encoding: chunked", method: "POST"))
            wire.client(chunk(300), chunk(7), "0\r\nTrailer: x\r\n", "\r\n")
            wire.wait(100)
            wire.server(ok)
            wire.exchange(get("/b"), ok)
        }
        #expect(figures.requests == ["POST /a 200": 1, "GET /b 200": 1])
        #expect(figures.requestBytes == ["POST /a": 307])
    }

    /// Whatever the packets are cut into, what is counted is the same.
    @Test func everyCutIsTheSame() {
        let requests =
            get("/a/b?c=d", "Transfer-Encoding: gzip,", " chunked", method: "PUT") + chunk(26, "1A;x=y")
            + "0\r\nT: u\r\n\r\n" + get("/v1/things/12345", "Content-Length: 3", method: "POST") + "abc" + get("/c")
        let answers =
            head("HTTP/1.1 103 Early", "Link: x") + head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + chunk(70)
            + "0\r\n\r\n" + answer(201, 10) + head("HTTP/1.1 304 Not", "Content-Length: 10")
        let whole = page(requests, answers, cut: Int.max)
        for cut in 1...120 { #expect(page(requests, answers, cut: cut) == whole, "pieces of \(cut) bytes") }
    }

    private func page(_ requests: String, _ answers: String, cut: Int) -> String {
        let figures = http { wire in
            for piece in pieces(requests, cut) { wire.send(piece, isReply: false) }
            for piece in pieces(answers, cut) { wire.send(piece, isReply: true) }
        }
        #expect(figures.requests == ["PUT /a/b 200": 1, "POST /v1/things/* 201": 1, "GET /c 304": 1])
        return figures.page
    }

    private func pieces(_ text: String, _ size: Int) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        let size = Swift.min(size, bytes.count)
        return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<Swift.min($0 + size, bytes.count)]) }
    }
}
