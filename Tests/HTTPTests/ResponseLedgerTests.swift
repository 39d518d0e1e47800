import Testing

@testable import HTTP

/// Which answers have to go when those under way hold too much.
@Suite struct ResponseLedgerTests {
    private let now = ContinuousClock.now
    private let good = ClientAddress.local
    private let crowd = ClientAddress(bytes: [192, 0, 2, 7])

    private func ledger(holding bytes: Int) -> ResponseLedger {
        var limits = HTTPLimits()
        limits.responseBytes = bytes
        limits.sendBufferBytes = 50
        return ResponseLedger(limits: limits)
    }

    @Test func aBodyCountsOnceAndWhatTheKernelKeepsForEach() {
        var ledger = ledger(holding: 10_000)
        let body = HTTPBody([UInt8](repeating: 0, count: 1000))
        for id: Int32 in 1...3 { #expect(ledger.began(id, to: crowd, body, at: now).isEmpty) }
        #expect(ledger.bytes == 1000 + 3 * 100)
        let small = HTTPBody("hi")
        #expect(ledger.began(4, to: good, small, at: now).isEmpty)
        #expect(ledger.bytes == 1300 + 2 + 4)
        for id: Int32 in 1...4 { ledger.ended(id) }
        #expect(ledger.bytes == 0)
        ledger.ended(4)
        #expect(ledger.bytes == 0)
    }

    @Test func ofTheGreediestTheNewestSlowOneGoes() {
        var ledger = ledger(holding: 550)
        let body = HTTPBody([UInt8](repeating: 0, count: 100))
        #expect(ledger.began(1, to: good, body, at: now).isEmpty)
        for id: Int32 in 2...4 {
            #expect(ledger.began(id, to: crowd, body, at: now + .milliseconds(id)).isEmpty)
        }
        #expect(ledger.began(5, to: crowd, body, at: now + .seconds(5)) == [4])
        #expect(ledger.began(6, to: good, body, at: now + .seconds(5)) == [3])
    }

    @Test func withoutASlowOneTheLongestUnderWayGoes() {
        var ledger = ledger(holding: 350)
        let body = HTTPBody([UInt8](repeating: 0, count: 100))
        for id: Int32 in 1...2 {
            #expect(ledger.began(id, to: crowd, body, at: now + .milliseconds(id)).isEmpty)
        }
        #expect(ledger.began(3, to: good, body, at: now + .milliseconds(9)) == [1])
    }

    /// What is larger than all the room there is goes out alone.
    @Test func theNewcomerItselfNeverGoes() {
        var ledger = ledger(holding: 10)
        let body = HTTPBody([UInt8](repeating: 0, count: 100))
        #expect(ledger.began(1, to: crowd, body, at: now).isEmpty)
        #expect(ledger.began(2, to: crowd, body, at: now) == [1])
    }

    @Test func aConnectionHoldsOneAnswerAtATime() {
        var ledger = ledger(holding: 1000)
        let body = HTTPBody([UInt8](repeating: 0, count: 100))
        for _ in 0..<5 { _ = ledger.began(1, to: crowd, body, at: now) }
        #expect(ledger.bytes == 200)
    }
}
