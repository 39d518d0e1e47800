// Answers that go on. Their time is their listener's patience and says nothing of the gateway.

import Testing

@testable import Traffic

@Suite struct HTTPStreamTests {
    @Test func eventsAreCountedAndNotTimed() {
        let figures = http { wire in
            wire.client(get("/events"))
            wire.wait(100)
            wire.server(
                head("HTTP/1.1 200 OK", "Content-Type: text/event-stream; charset=utf-8", "Transfer-Encoding: chunked"))
            for _ in 0..<60 {
                wire.wait(1_000_000)
                wire.server(chunk(12))
            }
        }
        #expect(figures.requests == ["GET /events 200": 1] && figures.timed.isEmpty)
        #expect(figures.streams == ["sse": 1] && figures.openStreams == ["sse": 1] && figures.snapshot.inFlight == 0)
    }

    @Test func connectionGoesOnAfterAStream() {
        let figures = http { wire in
            wire.exchange(
                get("/camera"),
                head("HTTP/1.1 200 OK", "Content-Type: multipart/x-mixed-replace; boundary=x", "Content-Length: 8")
                    + "12345678")
            wire.exchange(get("/a"), ok)
        }
        #expect(figures.requests == ["GET /camera 200": 1, "GET /a 200": 1] && figures.timed == ["GET /a": 1])
        #expect(figures.streams == ["other": 1] && figures.openStreams.isEmpty)
        #expect(figures.answerBytes == ["GET /camera": 8, "GET /a": 5])
    }

    @Test func answerThatWaitsOnceIsTimed() {
        let poll = http { wire in
            wire.exchange(get("/poll"), ok, after: 30_000_000)
        }
        #expect(poll.timed == ["GET /poll": 1] && poll.microseconds == 30_000_000 && poll.streams.isEmpty)
        let slow = http { wire in
            wire.client(get("/slow"))
            wire.server(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"))
            wire.wait(15_000_000)
            wire.server(chunk(5), "0\r\n\r\n")
        }
        #expect(slow.timed == ["GET /slow": 1] && slow.streams.isEmpty)
    }

    @Test func answerThatPausesAgainAndAgainIsAStream() {
        let figures = http { wire in
            wire.client(get("/log"))
            wire.server(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"))
            for _ in 0..<4 {
                wire.wait(4_000_000)
                wire.server(chunk(5))
            }
            wire.server("0\r\n\r\n")
            wire.exchange(get("/a"), ok)
        }
        #expect(figures.requests == ["GET /log 200": 1, "GET /a 200": 1] && figures.timed == ["GET /a": 1])
        #expect(figures.streams == ["other": 1] && figures.openStreams.isEmpty)
    }

    @Test func restBetweenRequestsIsNoPause() {
        let figures = http { wire in
            for _ in 0..<5 {
                wire.wait(20_000_000)
                wire.client(get("/a"))
                wire.server(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"), chunk(5), "0\r\n\r\n")
            }
        }
        #expect(figures.timed == ["GET /a": 5] && figures.streams.isEmpty)
    }
}
