import Testing

@testable import HTTP

/// The book of connections, with a clock of its own.
@Suite struct ConnectionTrackerTests {
    private let start = ContinuousClock.now
    private let alice = ClientAddress(bytes: [192, 0, 2, 1])
    private let bob = ClientAddress(bytes: [192, 0, 2, 2])
    private let carol = ClientAddress(bytes: [192, 0, 2, 3])

    private func tracker(_ change: (inout HTTPLimits) -> Void = { _ in }) -> ConnectionTracker {
        var limits = HTTPLimits()
        limits.requestTime = .seconds(10)
        limits.responseTime = .seconds(30)
        limits.idleTime = .seconds(120)
        change(&limits)
        return ConnectionTracker(limits: limits)
    }

    private func after(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test func newConnectionHasRequestTime() {
        var tracker = tracker()
        tracker.open(1, client: alice, at: start)
        #expect(tracker.overdue(at: after(9)) == [])
        #expect(tracker.overdue(at: after(10)) == [1])
    }

    @Test func requestLineDoesNotBuyTime() {
        var tracker = tracker()
        tracker.open(1, client: alice, at: start)
        tracker.requestBegan(on: 1, at: after(9))
        #expect(tracker.overdue(at: after(10)) == [1])
    }

    @Test func laterRequestHasItsOwnTime() {
        var tracker = tracker()
        tracker.open(1, client: alice, at: start)
        tracker.requestBegan(on: 1, at: start)
        _ = tracker.responseBegan(on: 1, at: start)
        tracker.requestEnded(on: 1, at: after(1))
        #expect(tracker.overdue(at: after(120)) == [])
        #expect(tracker.overdue(at: after(121)) == [1])
        tracker.requestBegan(on: 1, at: after(60))
        #expect(tracker.overdue(at: after(69)) == [])
        #expect(tracker.overdue(at: after(70)) == [1])
    }

    @Test func answerHasResponseTime() {
        var tracker = tracker()
        tracker.open(1, client: alice, at: start)
        tracker.requestBegan(on: 1, at: after(5))
        _ = tracker.responseBegan(on: 1, at: after(5))
        #expect(tracker.overdue(at: after(34)) == [])
        #expect(tracker.overdue(at: after(35)) == [1])
    }

    @Test func longestIdleMakesRoom() {
        var tracker = tracker { $0.connections = 3 }
        for id: Int32 in 1...3 { tracker.open(id, client: alice, at: after(Int(id))) }
        tracker.requestBegan(on: 1, at: after(4))
        #expect(tracker.admission(of: bob, at: start) == .insteadOf(2))
        tracker.cut(2)
        #expect(tracker.admission(of: bob, at: start) == .welcome)
        tracker.open(4, client: bob, at: after(5))
        #expect(tracker.admission(of: bob, at: start) == .insteadOf(3))
        tracker.close(2)
        #expect(tracker.admission(of: bob, at: start) == .insteadOf(3))
        tracker.close(3)
        #expect(tracker.admission(of: bob, at: start) == .welcome)
    }

    @Test func amongEqualsNoAnswerHasToGoThatIsNotSlow() {
        var tracker = tracker { $0.connections = 2 }
        tracker.open(1, client: alice, at: start)
        tracker.requestBegan(on: 1, at: start)
        tracker.open(2, client: carol, at: start)
        tracker.requestBegan(on: 2, at: start)
        _ = tracker.responseBegan(on: 2, at: start)
        #expect(tracker.admission(of: bob, at: start) == .insteadOf(1), "rather a request than an answer")
        tracker.cut(1)
        tracker.close(1)
        tracker.open(3, client: alice, at: start)
        #expect(tracker.responseBegan(on: 3, at: start + .milliseconds(1)) == nil)
        #expect(tracker.admission(of: bob, at: start) == .refused, "answers that are not slow stay")
        #expect(tracker.isBusy)
        #expect(tracker.admission(of: bob, at: after(1)) == .insteadOf(2))
        tracker.requestEnded(on: 2, at: start)
        #expect(tracker.admission(of: bob, at: start) == .insteadOf(2))
    }

    /// A half request from each of as many addresses as there are places.
    @Test func amongManyTheSlowestMakesRoom() {
        var tracker = tracker { $0.connections = 500 }
        for id: Int32 in 1...500 {
            tracker.open(id, client: ClientAddress(bytes: [10, 0, UInt8(id >> 8), UInt8(id & 255)]), at: start)
            tracker.requestBegan(on: id, at: start + .milliseconds(id == 77 ? 0 : id))
        }
        #expect(tracker.admission(of: bob, at: start) == .insteadOf(77))
    }

    /// Readers that read nothing, from as many addresses as there are places.
    @Test func answersLeavePlacesForRequests() {
        var tracker = tracker { $0.connections = 8 }
        for id: Int32 in 1...6 {
            tracker.open(id, client: ClientAddress(bytes: [10, 0, 0, UInt8(id)]), at: start)
            #expect(tracker.responseBegan(on: id, at: start + .milliseconds(id)) == nil)
        }
        tracker.open(7, client: alice, at: start)
        #expect(tracker.responseBegan(on: 7, at: start) == 1)
    }

    /// Two clients with all their places in the middle of requests leave room for a third, and for a probe.
    @Test(arguments: [ClientAddress(bytes: [192, 0, 2, 2]), .local])
    func whoHasMostMakesRoomEvenWhenBusy(newcomer: ClientAddress) {
        var tracker = tracker {
            $0.connections = 6
            $0.connectionsPerClient = 4
        }
        for id: Int32 in 1...6 {
            tracker.open(id, client: id <= 2 ? alice : carol, at: after(Int(id)))
            tracker.requestBegan(on: id, at: after(Int(id)))
        }
        _ = tracker.responseBegan(on: 3, at: after(7))
        #expect(tracker.admission(of: newcomer, at: start) == .insteadOf(4), "the slowest request, not an answer")
        tracker.requestEnded(on: 6, at: after(8))
        #expect(tracker.admission(of: newcomer, at: start) == .insteadOf(6), "rather an idle one")
        tracker.cut(6)
        tracker.open(7, client: newcomer, at: after(9))
        #expect(tracker.admission(of: newcomer, at: start) == .insteadOf(4), "carol still has two more")
        tracker.cut(4)
        tracker.open(8, client: newcomer, at: after(10))
        #expect(tracker.admission(of: newcomer, at: start) == .insteadOf(7), "now all have two")
    }

    @Test func aNetworkOfIPv6IsOneClient() throws {
        var tracker = tracker { $0.connectionsPerClient = 2 }
        for id: Int32 in 1...2 {
            tracker.open(id, client: try #require(ClientAddress("2001:db8::\(id)")), at: after(Int(id)))
        }
        #expect(tracker.admission(of: try #require(ClientAddress("2001:db8::ffff")), at: start) == .insteadOf(1))
        #expect(tracker.admission(of: try #require(ClientAddress("2001:db8:0:1::1")), at: start) == .welcome)
    }

    @Test func fullClientDisplacesOnlyItself() {
        var tracker = tracker { $0.connectionsPerClient = 1 }
        tracker.open(1, client: bob, at: start)
        tracker.open(2, client: alice, at: after(1))
        #expect(tracker.admission(of: alice, at: start) == .insteadOf(2))
        tracker.requestBegan(on: 2, at: after(1))
        #expect(tracker.admission(of: alice, at: after(1)) == .insteadOf(2), "its own slowest request")
        tracker.cut(2)
        #expect(tracker.admission(of: alice, at: start) == .welcome)
        tracker.close(2)
        #expect(tracker.admission(of: alice, at: start) == .welcome)
    }

    @Test func halfOfTheDescriptorsIsForOthers() {
        #expect(HTTPLimits().fitting(descriptors: 1 << 20) == HTTPLimits())
        #expect(HTTPLimits().fitting(descriptors: 1024).connections == 512)
        #expect(HTTPLimits().fitting(descriptors: 64).connections == 32)
        #expect(HTTPLimits().fitting(descriptors: 0).connections == 1)
        #expect(HTTPLimits().fitting(descriptors: .max) == HTTPLimits())
    }

    @Test func allOfTheLoopbackIsOneClient() {
        var tracker = tracker { $0.connectionsPerClient = 1 }
        tracker.open(1, client: ClientAddress(bytes: [127, 0, 0, 1]), at: start)
        #expect(tracker.admission(of: ClientAddress(bytes: [127, 9, 8, 7]), at: start) == .insteadOf(1))
    }

    @Test func localClientsAreNotCounted() {
        var tracker = tracker { $0.connectionsPerClient = 1 }
        for id: Int32 in 1...5 { tracker.open(id, client: .local, at: start) }
        #expect(tracker.admission(of: .local, at: start) == .welcome)
    }

    @Test func cutConnectionIsNeitherOverdueNorBusyNorChanged() {
        var tracker = tracker()
        tracker.open(1, client: alice, at: start)
        tracker.requestBegan(on: 1, at: start)
        tracker.cut(1)
        tracker.cut(1)
        _ = tracker.responseBegan(on: 1, at: start)
        #expect(tracker.overdue(at: after(1000)) == [])
        #expect(!tracker.isBusy)
        #expect(tracker.waiting == [])
        tracker.close(1)
        tracker.close(1)
        #expect(tracker.count == 0)
    }
}
