// The words that become labels, of which there is room for so many.

import Testing

@testable import Traffic

@Suite struct NameTests {
    private let get = request("GET", "user:1")

    @Test func errorsAreCountedByFirstWord() {
        let figures = figures { wire in
            wire.exchange(get, "-WRONGTYPE Operation against a key\r\n")
            wire.exchange(get, "-MOVED 1234 10.0.0.9:6379\r\n")
            wire.exchange(get, "-ASK 1234 10.0.0.9:6379\r\n")
            wire.exchange(get, "-my own error\r\n")
            wire.exchange(get, "!9\r\nERR a bad\r\n")
            wire.exchange(request("NOSUCH"), "-ERR unknown command 'NOSUCH'\r\n")
        }
        #expect(
            figures.errors == [
                "default WRONGTYPE": 1, "default MOVED": 1, "default ASK": 1, "default other": 1, "default ERR": 2,
            ])
        #expect(figures.commands == ["get": 5, "unknown": 1])
        #expect(figures.hits.values.reduce(0, +) == 0)
    }

    @Test func thereIsRoomForSoManyErrorWords() {
        let figures = figures { wire in
            for number in 0..<100 { wire.exchange(get, "-E\(number) x\r\n") }
        }
        #expect(figures.errors.count == NamedRows.mostErrors)
        #expect(figures.errors["default other"] == 100 - NamedRows.mostErrors + 1)
    }

    @Test func unknownCommandsAreNamedOnceTheServerAcceptsThem() {
        let figures = figures { wire in
            wire.exchange(request("MY.MODULE", "a"), "+OK\r\n")
            wire.exchange(request("BAD NAME"), "+OK\r\n")
            wire.exchange(request(String(repeating: "X", count: 40)), "+OK\r\n")
        }
        #expect(figures.commands == ["my.module": 1, "unknown": 2])
    }

    @Test func thereIsRoomForSoManyUnknownCommands() {
        let figures = figures { wire in
            for number in 0..<200 { wire.exchange(request("X\(number)"), "+OK\r\n") }
        }
        #expect(figures.commands.count == CommandTable.mostLearned + 1)
        #expect(figures.commands["unknown"] == 200 - CommandTable.mostLearned)
    }
}
