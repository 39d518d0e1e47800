// Commands that wait for data and not for the server.

import Testing

@testable import Traffic

@Suite struct BlockingTests {
    private let get = request("GET", "user:1")

    @Test func blockingCommandsHaveAFamilyOfTheirOwn() {
        let figures = figures { wire in
            wire.client(request("BLPOP", "q:1", "0"))
            wire.wait(2_000_000)
            wire.client(get)
            wire.wait(1_000_000)
            wire.server(array("*", "q:1", "v"))
            wire.server(bulk("x"))
            wire.exchange(get, bulk("x"))
        }
        #expect(figures.blocking == ["blpop": 1])
        #expect(figures.commands == ["get": 1])
        #expect(figures.unmeasured == ["blocking": 1])
        #expect(figures.paired == 2)
    }

    @Test func readingStreamsBlocksOnlyWhenAskedTo() {
        let figures = figures { wire in
            wire.exchange(request("XREAD", "COUNT", "2", "STREAMS", "s:1", "0"), "*-1\r\n")
            wire.exchange(request("XREAD", "BLOCK", "0", "STREAMS", "s:1", "$"), "*-1\r\n")
            wire.exchange(
                request("XREADGROUP", "GROUP", "streams", "me", "block", "5", "streams", "s:1", ">"), "*-1\r\n")
            wire.exchange(request("WAIT", "0", "100"), ":0\r\n")
        }
        #expect(figures.commands == ["xread": 1])
        #expect(figures.blocking == ["xread": 1, "xreadgroup": 1, "wait": 1])
    }
}
