// What a connection may speak instead, from its beginning or from some answer on.

import Testing

@testable import Traffic

@Suite struct HTTPProtocolTests {
    private let noise = String(repeating: "\u{81}\u{7f}GET /x HTTP/1.1\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", count: 3)

    @Test func tunnelIsCountedAndNotRead() {
        let figures = http { wire in
            wire.exchange("CONNECT db:5432 HTTP/1.1\r\nHost: db\r\n\r\n", "HTTP/1.1 200 Established\r\n\r\n")
            wire.exchange(noise, noise)
            wire.wait(60_000_000)
        }
        #expect(figures.requests == ["CONNECT CONNECT 200": 1] && figures.timed.isEmpty)
        #expect(figures.streams == ["tunnel": 1] && figures.openStreams == ["tunnel": 1])
    }

    @Test func refusedTunnelIsAnAnswer() {
        let figures = http { wire in
            wire.exchange("CONNECT db:5432 HTTP/1.1\r\nHost: db\r\n\r\n", answer(405, 3))
            wire.exchange(get("/a"), ok)
        }
        #expect(figures.requests == ["CONNECT other 405": 1, "GET /a 200": 1] && figures.microseconds == 200)
        #expect(figures.streams.isEmpty)
    }

    @Test func webSocketIsCountedAndNotRead() {
        let figures = http { wire in
            wire.exchange(
                get("/live", "Connection: Upgrade", "Upgrade: websocket"),
                head("HTTP/1.1 101 Switching Protocols", "Upgrade: WebSocket", "Connection: Upgrade"))
            wire.exchange(noise, noise)
            wire.close()
        }
        #expect(figures.requests == ["GET /live 101": 1] && figures.timed.isEmpty && figures.unmeasured.isEmpty)
        #expect(figures.streams == ["websocket": 1] && figures.openStreams.isEmpty)
    }

    @Test func laterVersionIsNotRead() {
        let upgraded = http { wire in
            wire.exchange(
                get("/a", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"),
                head("HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: h2c"))
            wire.exchange(noise, noise)
        }
        #expect(upgraded.requests.isEmpty && upgraded.unmeasured == ["http2": 1])
        let known = http { $0.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + noise, noise) }
        #expect(known.requests.isEmpty && known.unmeasured == ["http2": 1])
    }

    @Test func encryptedConnectionIsNotRead() {
        let hello = [0x16, 0x03, 0x01, 0x02, 0x00] + [UInt8](repeating: 7, count: 512)
        let figures = http { wire in
            wire.send(hello, isReply: false)
            wire.send([0x16, 0x03, 0x03] + hello, isReply: true)
            wire.exchange(noise, noise)
        }
        #expect(figures.requests.isEmpty && figures.unmeasured == ["encrypted": 1])
        #expect(figures.snapshot.wire.counts.encryptedConnections == 1)
    }

    @Test func encryptedConnectionIsKnownFromItsMiddle() {
        var wire = ScriptedConnection.http()
        wire.send([0x17, 0x03, 0x03, 0, 4, 1, 2, 3, 4], isReply: false)
        wire.exchange(noise, noise)
        let figures = httpFigures(of: wire.packets)
        #expect(figures.requests.isEmpty && figures.unmeasured == ["encrypted": 1])
    }

    @Test func clientThatIsSomebodyElseIsPassedOver() {
        let line = http { $0.exchange("PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n" + get("/a"), ok) }
        #expect(line.requests == ["GET /a 200": 1])
        let header: [UInt8] =
            [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A] + Array("QUIT\n".utf8) + [0x21, 0x11, 0, 12]
            + [UInt8](repeating: 10, count: 12)
        let together = http { wire in
            wire.send(header + Array(get("/a").utf8), isReply: false)
            wire.server(ok)
        }
        #expect(together.requests == ["GET /a 200": 1] && together.requestBytes.isEmpty)
        let apart = http { wire in
            wire.send(Array(header.prefix(20)), isReply: false)
            wire.send(Array(header.dropFirst(20)), isReply: false)
            wire.exchange(get("/a"), ok)
        }
        #expect(apart.requests == ["GET /a 200": 1] && apart.requestBytes.isEmpty)
    }

    @Test func absoluteTargetIsItsPath() {
        let figures = http { wire in
            wire.exchange(get("http://gateway:80/a/b?token=secret"), ok)
            wire.exchange(get("http://gateway"), ok)
            wire.exchange(get("*", method: "OPTIONS"), ok)
        }
        #expect(figures.requests == ["GET /a/b 200": 1, "GET / 200": 1, "OPTIONS * 200": 1])
        #expect(!figures.page.contains("secret"))
    }
}
