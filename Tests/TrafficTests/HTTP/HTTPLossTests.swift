// What the capture missed: how much is certain all the same.

import Testing

@testable import Traffic

@Suite struct HTTPLossTests {
    /// The figures of a connection of which some packets were not captured.
    private func figures(without lost: Set<Int>, _ body: (inout ScriptedConnection) -> Void) -> HTTPFigures {
        var wire = ScriptedConnection.http()
        wire.open()
        body(&wire)
        return httpFigures(of: wire.packets.enumerated().filter { !lost.contains($0.offset) }.map(\.element))
    }

    @Test func gapWithinABodyLosesNothing() {
        let figures = figures(without: [5]) { wire in
            wire.client(get("/a"))
            wire.wait(100)
            wire.server(head("HTTP/1.1 200 OK", "Content-Length: 30") + "0123456789", "0123456789", "0123456789")
            wire.exchange(get("/b"), ok)
        }
        // The gap is noticed once the client has acknowledged it, and the last bytes have waited since.
        #expect(figures.requests == ["GET /a 200": 1, "GET /b 200": 1] && figures.unmeasured.isEmpty)
        #expect(figures.timed == ["GET /a": 1, "GET /b": 1])
        #expect(figures.answerBytes == ["GET /a": 30, "GET /b": 5])
    }

    @Test func gapOverARequestLosesThatOne() {
        let figures = figures(without: [5]) { wire in
            wire.exchange(get("/a"), ok)
            wire.exchange(get("/lost"), ok)
            wire.exchange(get("/b"), ok)
            wire.exchange(get("/c"), ok)
        }
        #expect(figures.requests == ["GET /a 200": 1, "GET /b 200": 1, "GET /c 200": 1])
        #expect(figures.microseconds == 300 && figures.snapshot.inFlight == 0)
    }

    @Test func gapOverAnAnswersHeadLosesThatOne() {
        let figures = figures(without: [4]) { wire in
            wire.client(get("/a"))
            wire.server(head("HTTP/1.1 200 OK", "Content-Length: 5"), "hello")
            wire.wait(10)
            wire.exchange(get("/b"), ok)
        }
        #expect(figures.requests == ["GET /b 200": 1] && figures.unmeasured == ["gap": 1])
    }

    @Test func gapAtTheEndOfAnAnswerIsCountedAndNotTimed() {
        let figures = figures(without: [5]) { wire in
            wire.client(get("/a"))
            wire.server(head("HTTP/1.1 200 OK", "Content-Length: 5"), "hello")
            wire.wait(7_000_000)
            wire.exchange(get("/b"), ok)
        }
        #expect(figures.requests == ["GET /a 200": 1, "GET /b 200": 1] && figures.timed == ["GET /b": 1])
    }

    @Test func severalInFlightAreNotGuessed() {
        let figures = figures(without: [4]) { wire in
            wire.client(get("/a") + get("/b"))
            wire.server(head("HTTP/1.1 200 OK", "Content-Length: 5"), "hello" + ok)
            wire.wait(10)
            wire.exchange(get("/c"), ok)
        }
        #expect(figures.requests == ["GET /c 200": 1] && figures.unmeasured == ["gap": 2])
    }

    @Test func disorderCountsNothingTwice() {
        var wire = ScriptedConnection.http()
        wire.open()
        wire.client("GET /a HTTP/1.1\r\n", "Host: x\r\n", "\r\n")
        wire.wait(100)
        wire.server(head("HTTP/1.1 200 OK", "Content-Length: 10"), "01234", "56789")
        var packets = wire.packets
        packets.swapAt(3, 4)
        packets.swapAt(7, 8)
        packets.insert(packets[3], at: 5)
        packets.append(contentsOf: packets[6...])
        let figures = httpFigures(of: packets)
        #expect(figures.requests == ["GET /a 200": 1] && figures.timed == ["GET /a": 1])
        #expect(figures.answerBytes == ["GET /a": 10])
    }

    @Test func connectionJoinedWithinABodyBeginsWithTheNextRequest() {
        var wire = ScriptedConnection.http()
        wire.server(String(repeating: "x", count: 100), String(repeating: "y", count: 50))
        wire.wait(10)
        wire.exchange(get("/a"), ok)
        wire.exchange(get("/b"), ok)
        let figures = httpFigures(of: wire.packets)
        #expect(figures.requests == ["GET /a 200": 1, "GET /b 200": 1] && figures.microseconds == 200)
    }

    @Test func connectionJoinedWhileARequestIsSentBeginsWithTheNextOne() {
        var wire = ScriptedConnection.http()
        wire.client(String(repeating: "x", count: 100))
        wire.server(ok)
        wire.exchange(get("/a"), ok)
        let figures = httpFigures(of: wire.packets)
        #expect(figures.requests == ["GET /a 200": 1] && figures.microseconds == 100)
    }

    @Test func headCutByTheSnapLengthCounts() {
        let cookie = "Cookie: " + String(repeating: "c", count: 6_000)
        let key = TrafficAPIKey(name: "shop", sha256: SHA256(Array("secret".utf8)))
        let figures = http(keys: [key], { $0.keyFields = ["authorization"] }) { wire in
            wire.snapLength = 2_048
            wire.exchange(get("/a", cookie, "Authorization: Bearer secret"), ok)
            wire.exchange(get("/b", "Authorization: Bearer secret", cookie), answer(503))
            wire.exchange(get("/c", "Authorization: Bearer secret"), ok)
        }
        #expect(figures.requests == ["GET /a 200": 1, "GET other 503": 1, "GET /c 200": 1])
        #expect(figures.microseconds == 300)
        #expect(figures.keys == ["unreadable": 1, "shop": 2])
    }

    @Test func chunkBeyondTheSnapLengthEndsByTurn() {
        let figures = http { wire in
            wire.snapLength = 2_048
            wire.client(get("/a"))
            wire.wait(100)
            wire.server(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + chunk(30_000) + chunk(20_000))
            wire.wait(50)
            wire.server(chunk(10) + "0\r\n\r\n")
            wire.wait(1_000)
            wire.exchange(get("/b"), ok)
        }
        #expect(figures.requests == ["GET /a 200": 1, "GET /b 200": 1] && figures.microseconds == 250)
        #expect(figures.resyncs == ["snap_length": 1])
    }

    @Test func bodyCutByTheSnapLengthIsExact() {
        let figures = http { wire in
            wire.snapLength = 2_048
            wire.exchange(get("/a", "Content-Length: 9000", method: "PUT") + String(repeating: "x", count: 9_000), ok)
            wire.exchange(get("/b"), answer(200, 60_000))
        }
        #expect(figures.requests == ["PUT /a 200": 1, "GET /b 200": 1] && figures.microseconds == 200)
        #expect(figures.requestBytes == ["PUT /a": 9_000])
        #expect(figures.answerBytes == ["PUT /a": 5, "GET /b": 60_000])
    }

    @Test func oneSideAloneIsNoPair() {
        for isReply in [false, true] {
            var wire = ScriptedConnection.http()
            wire.open()
            for _ in 0..<5 { wire.exchange(get("/a"), ok) }
            wire.close()
            let figures = httpFigures(of: wire.packets.filter { $0.isReply == isReply })
            #expect(figures.requests.keys.allSatisfy { !$0.hasSuffix("200") } && figures.timed.isEmpty)
            #expect(figures.snapshot.inFlight <= 5)
        }
    }
}
