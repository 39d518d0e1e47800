// Several requests before the first answer.

import Testing

@testable import Traffic

@Suite struct HTTPPipelineTests {
    @Test func answersComeInOrder() {
        let figures = http { wire in
            wire.client(get("/a") + get("/b", method: "HEAD") + get("/c"))
            wire.wait(100)
            wire.server(answer(200, 3) + head("HTTP/1.1 500 Oh", "Content-Length: 9") + answer(404, 4))
        }
        #expect(figures.requests == ["GET /a 200": 1, "HEAD other 500": 1, "GET other 404": 1])
        #expect(figures.errors == ["HEAD other 500": 1])
        #expect(figures.microseconds == 300)
    }

    @Test func tooManyAreNotMeasured() {
        let figures = http { wire in
            wire.client(String(repeating: get("/a"), count: 101))
            wire.wait(100)
            wire.server(String(repeating: ok, count: 101))
            wire.exchange(get("/b"), ok)
        }
        #expect(figures.requests == ["GET /b 200": 1])
        #expect(figures.unmeasured == ["queue_full": 101] && figures.snapshot.inFlight == 0)
    }

    @Test func asManyAsThereIsRoomForAreMeasured() {
        let figures = http { wire in
            wire.client(String(repeating: get("/a"), count: 100))
            wire.wait(100)
            wire.server(String(repeating: ok, count: 99))
        }
        #expect(figures.requests == ["GET /a 200": 99] && figures.snapshot.inFlight == 1)
    }
}
