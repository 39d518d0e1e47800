// Requests and answers one after the other: what each status and each way to say a length means for the next one.

import Testing

@testable import Traffic

@Suite struct HTTPExchangeTests {
    @Test func timeEndsWithTheLastByteOfTheAnswer() {
        let figures = http { wire in
            wire.client("GET /a HTTP/1.1\r\nHost: ga", "teway\r\n\r\n")
            wire.wait(100)
            wire.server("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
            wire.wait(50)
            wire.server("world")
        }
        #expect(figures.requests == ["GET /a 200": 1])
        #expect(figures.timed == ["GET /a": 1] && figures.microseconds == 150)
        #expect(figures.answerBytes == ["GET /a": 10])
    }

    @Test func timeBeginsWithThePacketThatCompletesTheHead() {
        let figures = http { wire in
            wire.client("POST /a HTTP/1.1\r\n")
            wire.wait(1_000)
            wire.client("Content-Length: 4\r\n\r\n")
            wire.wait(20)
            wire.client("body")
            wire.wait(30)
            wire.server(answer(201))
        }
        #expect(figures.requests == ["POST /a 201": 1] && figures.microseconds == 50)
        #expect(figures.requestBytes == ["POST /a": 4])
    }

    @Test func continueIsNoAnswer() {
        for interim in ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 \r\n\r\n", "HTTP/1.1 100\r\nServer: x\r\n\r\n"] {
            let figures = http { wire in
                wire.client(get("/a", "Expect: 100-continue", "Content-Length: 3", method: "POST"))
                wire.wait(10)
                wire.server(interim)
                wire.wait(10)
                wire.client("abc")
                wire.wait(10)
                wire.server(answer(201, 2))
            }
            #expect(figures.requests == ["POST /a 201": 1] && figures.microseconds == 30)
        }
    }

    @Test func earlyHintsAreNoAnswer() {
        let hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
        let figures = http { $0.exchange(get("/a"), hints + hints + ok) }
        #expect(figures.requests == ["GET /a 200": 1] && figures.unmeasured.isEmpty)
    }

    @Test(arguments: [
        ("HEAD", 200, "Content-Length: 5000"), ("GET", 304, "Content-Length: 5000"), ("GET", 204, "Content-Length: 0"),
        ("GET", 204, "X: y"), ("GET", 205, "Content-Length: 0"), ("HEAD", 200, "Transfer-Encoding: chunked"),
    ])
    func someAnswersHaveNoBody(_ method: String, _ status: Int, _ field: String) {
        let figures = http { wire in
            wire.exchange(get("/a", method: method), head("HTTP/1.1 \(status) Word", field))
            wire.exchange(get("/b"), ok)
        }
        #expect(figures.requests == ["\(method) /a \(status)": 1, "GET /b 200": 1])
        #expect(figures.microseconds == 200)
    }

    @Test func codingBeatsLength() {
        let figures = http { wire in
            wire.exchange(
                get("/a"),
                head("HTTP/1.1 200 OK", "Content-Length: 3", "Transfer-Encoding: chunked") + chunk(20) + "0\r\n\r\n")
            wire.exchange(get("/b"), ok)
        }
        #expect(figures.requests == ["GET /a 200": 1, "GET /b 200": 1])
    }

    @Test(arguments: ["5, 5", "5\r\nContent-Length: 5", " 5 ", "\r\n 5"])
    func equalLengthsAreOne(_ length: String) {
        let figures = http { wire in
            wire.exchange(get("/a"), head("HTTP/1.1 200 OK", "Content-Length:\(length)") + "hello")
            wire.exchange(get("/b"), ok)
        }
        #expect(figures.requests == ["GET /a 200": 1, "GET /b 200": 1] && figures.microseconds == 200)
    }

    @Test(arguments: ["5\r\nContent-Length: 6", "5, 6", "+5", "-1", "99999999999999999999", "5x"])
    func lengthsThatAreNoneEndWithTheNextTurn(_ length: String) {
        let figures = http { wire in
            wire.client(get("/a"))
            wire.wait(100)
            wire.server(head("HTTP/1.1 200 OK", "Content-Length: \(length)") + "hello")
            wire.wait(5_000)
            wire.exchange(get("/b"), ok)
        }
        #expect(figures.requests == ["GET /a 200": 1, "GET /b 200": 1] && figures.microseconds == 200)
        #expect(figures.resyncs == ["malformed_reply": 1])
    }

    @Test func answerWithoutALengthEndsWithTheConnection() {
        let closed = http { wire in
            wire.exchange(get("/a"), "HTTP/1.1 200 OK\r\n\r\nall of it")
            wire.close(by: .server)
        }
        #expect(closed.requests == ["GET /a 200": 1] && closed.microseconds == 100)
        #expect(closed.answerBytes == ["GET /a": 9])
        let reset = http { wire in
            wire.exchange(get("/a"), "HTTP/1.1 200 OK\r\n\r\nsome of it")
            wire.add(isReply: true, flags: ScriptedConnection.rst, [])
        }
        #expect(reset.requests == ["GET /a 200": 1] && reset.timed.isEmpty)
    }

    @Test func oldVersionMayStayToo() {
        let figures = http { wire in
            wire.exchange(
                "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok")
            wire.exchange("GET /b HTTP/1.0\r\n\r\n", "HTTP/1.0 404 Not Found\r\n\r\nnothing")
            wire.close(by: .server)
        }
        #expect(figures.requests == ["GET /a 200": 1, "GET other 404": 1])
    }

    @Test func earlyAnswerIsPairedAtOnce() {
        let figures = http { wire in
            wire.client(get("/a", "Content-Length: 100", method: "POST") + String(repeating: "x", count: 40))
            wire.wait(10)
            wire.server(answer(413))
            wire.client(String(repeating: "x", count: 60))
            wire.wait(10)
            wire.exchange(get("/b"), ok)
        }
        #expect(figures.requests == ["POST other 413": 1, "GET /b 200": 1] && figures.microseconds == 110)
        #expect(figures.requestBytes == ["POST other": 100])
    }

    @Test func answerToAHalfSentHeadCounts() {
        let figures = http { wire in
            wire.client("GET /a HTTP/1.1\r\nCookie: ")
            wire.wait(10)
            wire.server(answer(431))
            wire.close(by: .server)
        }
        #expect(figures.requests == ["GET other 431": 1] && figures.timed.isEmpty)
    }

    @Test func linesMayEndAsTheyLike() {
        let figures = http { wire in
            wire.exchange("GET /a HTTP/1.1\nHost: x\n\n", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok")
            wire.exchange("\r\n\r\n" + get("/b"), ok)
            wire.exchange("GET /c HTTP/1.1\r\nCookie: a\r\n\tb\r\n c\r\n\r\n", ok)
            wire.exchange(
                get("/d", "Transfer-Encoding:\r\n chunked", method: "PUT") + chunk(3) + "0\r\n\r\n", ok)
        }
        #expect(figures.requests == ["GET /a 200": 1, "GET /b 200": 1, "GET /c 200": 1, "PUT /d 200": 1])
    }

    @Test func answersThatPassEachOtherByAreNobodys() {
        // HAProxy and Apache say 408 on an idle connection before they close it.
        let figures = http { wire in
            wire.exchange(get("/a"), ok)
            wire.wait(5_000_000)
            wire.server(head("HTTP/1.1 408 Request Timeout", "Connection: close", "Content-Length: 0"))
            wire.close(by: .server)
        }
        #expect(figures.requests == ["GET /a 200": 1] && figures.microseconds == 100)
        #expect(figures.resyncs == ["unexpected_reply": 1])
    }
}
