import Testing

@testable import HTTP

/// The book of connections, with a clock of its own.
@Suite struct ConnectionLedgerTests {
    private let start = ContinuousClock.now
    private let alice = ClientAddress(bytes: [192, 0, 2, 1])
    private let bob = ClientAddress(bytes: [192, 0, 2, 2])
    private let carol = ClientAddress(bytes: [192, 0, 2, 3])

    private func ledger(_ change: (inout HTTPLimits) -> Void = { _ in }) -> ConnectionLedger {
        var limits = HTTPLimits()
        limits.requestTime = .seconds(10)
        limits.responseTime = .seconds(30)
        limits.idleTime = .seconds(120)
        change(&limits)
        return ConnectionLedger(limits: limits)
    }

    private func after(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test func newConnectionHasRequestTime() {
        var ledger = ledger()
        ledger.open(1, client: alice, at: start)
        #expect(ledger.overdue(at: after(9)) == [])
        #expect(ledger.overdue(at: after(10)) == [1])
    }

    @Test func requestLineDoesNotBuyTime() {
        var ledger = ledger()
        ledger.open(1, client: alice, at: start)
        ledger.requestBegan(on: 1, at: after(9))
        #expect(ledger.overdue(at: after(10)) == [1])
    }

    @Test func laterRequestHasItsOwnTime() {
        var ledger = ledger()
        ledger.open(1, client: alice, at: start)
        ledger.requestBegan(on: 1, at: start)
        _ = ledger.responseBegan(on: 1, at: start)
        ledger.requestEnded(on: 1, at: after(1))
        #expect(ledger.overdue(at: after(120)) == [])
        #expect(ledger.overdue(at: after(121)) == [1])
        ledger.requestBegan(on: 1, at: after(60))
        #expect(ledger.overdue(at: after(69)) == [])
        #expect(ledger.overdue(at: after(70)) == [1])
    }

    @Test func answerHasResponseTime() {
        var ledger = ledger()
        ledger.open(1, client: alice, at: start)
        ledger.requestBegan(on: 1, at: after(5))
        _ = ledger.responseBegan(on: 1, at: after(5))
        #expect(ledger.overdue(at: after(34)) == [])
        #expect(ledger.overdue(at: after(35)) == [1])
    }

    @Test func longestIdleMakesRoom() {
        var ledger = ledger { $0.connections = 3 }
        for id: Int32 in 1...3 { ledger.open(id, client: alice, at: after(Int(id))) }
        ledger.requestBegan(on: 1, at: after(4))
        #expect(ledger.admission(of: bob, at: start) == .insteadOf(2))
        ledger.cut(2)
        #expect(ledger.admission(of: bob, at: start) == .welcome)
        ledger.open(4, client: bob, at: after(5))
        #expect(ledger.admission(of: bob, at: start) == .insteadOf(3))
        ledger.close(2)
        #expect(ledger.admission(of: bob, at: start) == .insteadOf(3))
        ledger.close(3)
        #expect(ledger.admission(of: bob, at: start) == .welcome)
    }

    @Test func amongEqualsNoAnswerHasToGoThatIsNotSlow() {
        var ledger = ledger { $0.connections = 2 }
        ledger.open(1, client: alice, at: start)
        ledger.requestBegan(on: 1, at: start)
        ledger.open(2, client: carol, at: start)
        ledger.requestBegan(on: 2, at: start)
        _ = ledger.responseBegan(on: 2, at: start)
        #expect(ledger.admission(of: bob, at: start) == .insteadOf(1), "rather a request than an answer")
        ledger.cut(1)
        ledger.close(1)
        ledger.open(3, client: alice, at: start)
        #expect(ledger.responseBegan(on: 3, at: start + .milliseconds(1)) == nil)
        #expect(ledger.admission(of: bob, at: start) == .refused, "answers that are not slow stay")
        #expect(ledger.isBusy)
        #expect(ledger.admission(of: bob, at: after(1)) == .insteadOf(2))
        ledger.requestEnded(on: 2, at: start)
        #expect(ledger.admission(of: bob, at: start) == .insteadOf(2))
    }

    /// A half request from each of as many addresses as there are places.
    @Test func amongManyTheSlowestMakesRoom() {
        var ledger = ledger { $0.connections = 500 }
        for id: Int32 in 1...500 {
            ledger.open(id, client: ClientAddress(bytes: [10, 0, UInt8(id >> 8), UInt8(id & 255)]), at: start)
            ledger.requestBegan(on: id, at: start + .milliseconds(id == 77 ? 0 : id))
        }
        #expect(ledger.admission(of: bob, at: start) == .insteadOf(77))
    }

    /// Readers that read nothing, from as many addresses as there are places.
    @Test func answersLeavePlacesForRequests() {
        var ledger = ledger { $0.connections = 8 }
        for id: Int32 in 1...6 {
            ledger.open(id, client: ClientAddress(bytes: [10, 0, 0, UInt8(id)]), at: start)
            #expect(ledger.responseBegan(on: id, at: start + .milliseconds(id)) == nil)
        }
        ledger.open(7, client: alice, at: start)
        #expect(ledger.responseBegan(on: 7, at: start) == 1)
    }

    /// Two clients with all their places in the middle of requests leave room for a third, and for a probe.
    @Test(arguments: [ClientAddress(bytes: [192, 0, 2, 2]), .local])
    func whoHasMostMakesRoomEvenWhenBusy(newcomer: ClientAddress) {
        var ledger = ledger {
            $0.connections = 6
            $0.connectionsPerClient = 4
        }
        for id: Int32 in 1...6 {
            ledger.open(id, client: id <= 2 ? alice : carol, at: after(Int(id)))
            ledger.requestBegan(on: id, at: after(Int(id)))
        }
        _ = ledger.responseBegan(on: 3, at: after(7))
        #expect(ledger.admission(of: newcomer, at: start) == .insteadOf(4), "the slowest request, not an answer")
        ledger.requestEnded(on: 6, at: after(8))
        #expect(ledger.admission(of: newcomer, at: start) == .insteadOf(6), "rather an idle one")
        ledger.cut(6)
        ledger.open(7, client: newcomer, at: after(9))
        #expect(ledger.admission(of: newcomer, at: start) == .insteadOf(4), "carol still has two more")
        ledger.cut(4)
        ledger.open(8, client: newcomer, at: after(10))
        #expect(ledger.admission(of: newcomer, at: start) == .insteadOf(7), "now all have two")
    }

    @Test func aNetworkOfIPv6IsOneClient() throws {
        var ledger = ledger { $0.connectionsPerClient = 2 }
        for id: Int32 in 1...2 {
            ledger.open(id, client: try #require(ClientAddress("2001:db8::\(id)")), at: after(Int(id)))
        }
        #expect(ledger.admission(of: try #require(ClientAddress("2001:db8::ffff")), at: start) == .insteadOf(1))
        #expect(ledger.admission(of: try #require(ClientAddress("2001:db8:0:1::1")), at: start) == .welcome)
    }

    @Test func fullClientDisplacesOnlyItself() {
        var ledger = ledger { $0.connectionsPerClient = 1 }
        ledger.open(1, client: bob, at: start)
        ledger.open(2, client: alice, at: after(1))
        #expect(ledger.admission(of: alice, at: start) == .insteadOf(2))
        ledger.requestBegan(on: 2, at: after(1))
        #expect(ledger.admission(of: alice, at: after(1)) == .insteadOf(2), "its own slowest request")
        ledger.cut(2)
        #expect(ledger.admission(of: alice, at: start) == .welcome)
        ledger.close(2)
        #expect(ledger.admission(of: alice, at: start) == .welcome)
    }

    @Test func halfOfTheDescriptorsIsForOthers() {
        #expect(HTTPLimits().fitting(descriptors: 1 << 20) == HTTPLimits())
        #expect(HTTPLimits().fitting(descriptors: 1024).connections == 512)
        #expect(HTTPLimits().fitting(descriptors: 64).connections == 32)
        #expect(HTTPLimits().fitting(descriptors: 0).connections == 1)
        #expect(HTTPLimits().fitting(descriptors: .max) == HTTPLimits())
    }

    @Test func allOfTheLoopbackIsOneClient() {
        var ledger = ledger { $0.connectionsPerClient = 1 }
        ledger.open(1, client: ClientAddress(bytes: [127, 0, 0, 1]), at: start)
        #expect(ledger.admission(of: ClientAddress(bytes: [127, 9, 8, 7]), at: start) == .insteadOf(1))
    }

    @Test func localClientsAreNotCounted() {
        var ledger = ledger { $0.connectionsPerClient = 1 }
        for id: Int32 in 1...5 { ledger.open(id, client: .local, at: start) }
        #expect(ledger.admission(of: .local, at: start) == .welcome)
    }

    @Test func cutConnectionIsNeitherOverdueNorBusyNorChanged() {
        var ledger = ledger()
        ledger.open(1, client: alice, at: start)
        ledger.requestBegan(on: 1, at: start)
        ledger.cut(1)
        ledger.cut(1)
        _ = ledger.responseBegan(on: 1, at: start)
        #expect(ledger.overdue(at: after(1000)) == [])
        #expect(!ledger.isBusy)
        #expect(ledger.waiting == [])
        ledger.close(1)
        ledger.close(1)
        #expect(ledger.isEmpty)
    }
}
