import Testing

@testable import Traffic

/// TLS on a port of Redis is counted as what it is, and nothing is made of it.
@Suite struct EncryptionTests {
    private let hello: [UInt8] = [0x16, 3, 1, 0, 200] + Array(repeating: 0x2A, count: 200)
    private let record: [UInt8] = [0x17, 3, 3, 0, 40] + Array("*1\r\n$4\r\nPING\r\n".utf8)

    private func encrypted(_ figures: Figures) -> Int? {
        figures.numbers(WireFamilies.encryptedConnections)["redis"]
    }

    @Test func aConnectionThatBeginsWithTLSIsCounted() {
        let figures = figures {
            $0.send(hello, isReply: false)
            $0.send(hello, isReply: true)
            $0.send(record, isReply: false)
            $0.exchange(request("GET", "k"), bulk("v"))
        }
        #expect(encrypted(figures) == 1)
        #expect(figures.paired == 0)
        #expect(figures.unmeasured.isEmpty && figures.resyncs.isEmpty)
    }

    @Test func soIsOneThatWasJoinedInTheMiddle() {
        var wire = ScriptedConnection()
        wire.send(record, isReply: false)
        wire.send(record, isReply: true)
        wire.exchange(request("GET", "k"), bulk("v"))
        var bench = Bench()
        bench.feed(wire)
        #expect(encrypted(bench.figures) == 1)
        #expect(bench.figures.paired == 0)
        #expect(bench.engine.connectionsOfUnknownUser() == 0)
    }

    @Test(
        arguments: [[0x16, 3, 1, 0], [0x16, 3, 5, 0, 200], [0x18, 3, 1, 0, 200], [0x16, 3, 1, 0, 0]] as [[UInt8]])
    func whatIsNoRecordIsNot(bytes: [UInt8]) {
        let figures = figures { $0.send(bytes + (bytes.count > 4 ? [1, 2] : []), isReply: false) }
        #expect(encrypted(figures) == 0)
    }

    @Test func bytesWithinAConversationAreNoTLS() {
        let figures = figures {
            $0.exchange(request("GET", "k"), bulk("v"))
            $0.client("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$\(record.count)\r\n")
            $0.send(record, isReply: false)
            $0.exchange("\r\n", "+OK\r\n")
        }
        #expect(encrypted(figures) == 0)
        #expect(figures.paired == 2)
    }
}
