// Connections that stop being request and reply: MONITOR, replication, CLIENT REPLY, RESET.

import Testing

@testable import Traffic

@Suite struct ReplyModeTests {
    private let get = request("GET", "user:1")

    @Test func monitorsAndReplicasLeaveMeasurement() {
        let monitor = figures { wire in
            wire.exchange(request("MONITOR"), "+OK\r\n")
            wire.server("+1700000000.1 [0 127.0.0.1:1] \"GET\" \"a\"\r\n")
            wire.exchange(request("QUIT"), "+OK\r\n")
        }
        #expect(monitor.commands == ["monitor": 1])
        #expect(monitor.resyncs.isEmpty)
        let replica = figures { wire in
            wire.exchange(request("REPLCONF", "listening-port", "7000"), "+OK\r\n")
            wire.client(request("PSYNC", "?", "-1"))
            wire.server("\n", "+FULLRESYNC abc 0\r\n", "$5\r\nREDIS")
            wire.server(request("SET", "a", "b"))
            wire.client(request("REPLCONF", "ACK", "7"))
        }
        #expect(replica.commands == ["replconf": 1, "psync": 1])
        #expect(replica.resyncs.isEmpty)
        let old = figures { wire in
            wire.client(request("SYNC"))
            wire.server("$5\r\nREDIS*1\r\n$4\r\nPING\r\n")
        }
        #expect(old.commands.isEmpty)
        #expect(old.unmeasured == ["replication": 1])
    }

    @Test func aRefusedMonitorStays() {
        let figures = figures { wire in
            wire.exchange(request("MONITOR"), "-NOPERM no\r\n")
            wire.exchange(get, bulk("x"))
        }
        #expect(figures.commands == ["monitor": 1, "get": 1])
    }

    @Test func clientReplyOffOnAndSkipAreFollowed() {
        let figures = figures { wire in
            wire.client(request("CLIENT", "REPLY", "SKIP") + request("SET", "a", "1") + get)
            wire.server(bulk("x"))
            wire.client(request("client", "reply", "off") + request("SET", "a", "1") + request("SET", "a", "2"))
            wire.client(request("CLIENT", "REPLY", "SKIP"))
            wire.client(request("CLIENT", "REPLY", "ON") + get)
            wire.server("+OK\r\n" + bulk("x"))
        }
        #expect(figures.commands == ["get": 2, "client|reply": 1])
        #expect(figures.unmeasured == ["no_reply": 6])
        #expect(figures.resyncs.isEmpty)
    }

    @Test func resetIsAnsweredWhateverTheReplyMode() {
        let figures = figures { wire in
            wire.client(request("CLIENT", "REPLY", "OFF") + get + request("RESET"))
            wire.server("+RESET\r\n")
            wire.exchange(get, bulk("x"))
        }
        #expect(figures.commands == ["reset": 1, "get": 1])
        #expect(figures.unmeasured == ["no_reply": 2])
    }

    @Test func clientCommandsOfThreeWordsAreNoReplyModes() {
        let figures = figures { wire in
            wire.client(request("CLIENT", "SETNAME", "off") + request("CLIENT", "TRACKING", "ON") + get)
            wire.server("+OK\r\n+OK\r\n" + bulk("x"))
        }
        #expect(figures.commands == ["client|setname": 1, "client|tracking": 1, "get": 1])
    }
}
