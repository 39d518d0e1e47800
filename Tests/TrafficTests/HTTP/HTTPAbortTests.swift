// Who leaves before the answer is there, and what that counts as.

import Testing

@testable import Traffic

@Suite struct HTTPAbortTests {
    @Test func clientMayCloseItsSideAndBeAnswered() {
        let figures = http { wire in
            wire.client(get("/a"))
            wire.finish(.client)
            wire.wait(100)
            wire.server(ok)
            wire.finish(.server)
        }
        #expect(figures.requests == ["GET /a 200": 1] && figures.microseconds == 100)
    }

    @Test func clientThatLeavesIsNoError() {
        let closed = http { wire in
            wire.exchange(get("/known"), ok)
            wire.client(get("/known"))
            wire.finish(.client)
            wire.wait(100)
            wire.finish(.server)
        }
        let reset = http { wire in
            wire.exchange(get("/known"), ok)
            wire.client(get("/known"))
            wire.add(isReply: false, flags: ScriptedConnection.rst, [])
        }
        for figures in [closed, reset] {
            #expect(figures.requests == ["GET /known 200": 1, "GET /known 499": 1])
            #expect(figures.timed == ["GET /known": 1] && figures.errors.isEmpty)
            #expect(figures.unmeasured == ["closed": 1] && figures.snapshot.inFlight == 0)
        }
    }

    @Test func serverThatLeavesIsAnError() {
        let closed = http { wire in
            wire.client(get("/a"))
            wire.finish(.server)
            wire.finish(.client)
        }
        let reset = http { wire in
            wire.client(get("/a"))
            wire.add(isReply: true, flags: ScriptedConnection.rst, [])
        }
        for figures in [closed, reset] {
            #expect(figures.requests == ["GET other none": 1] && figures.errors == ["GET other none": 1])
            #expect(figures.timed.isEmpty && figures.unmeasured == ["closed": 1])
        }
    }

    @Test func answerBrokenOffKeepsItsStatus() {
        for isReply in [false, true] {
            let figures = http { wire in
                wire.client(get("/a"))
                wire.wait(100)
                wire.server(head("HTTP/1.1 200 OK", "Content-Length: 100") + "some of it")
                wire.add(isReply: isReply, flags: ScriptedConnection.rst, [])
            }
            #expect(figures.requests == ["GET /a 200": 1] && figures.timed.isEmpty)
        }
    }

    @Test func newConnectionFromTheSamePortDropsTheOld() {
        var wire = ScriptedConnection.http()
        wire.open()
        wire.client(get("/a"))
        wire.wait(900_000_000)
        wire.clientSequence = 7_000_000
        wire.serverSequence = 9_000_000
        wire.open()
        wire.exchange(get("/b"), ok)
        let figures = httpFigures(of: wire.packets)
        #expect(figures.requests == ["GET /b 200": 1] && figures.microseconds == 100)
        #expect(figures.unmeasured == ["closed": 1] && figures.snapshot.inFlight == 0)
    }
}
