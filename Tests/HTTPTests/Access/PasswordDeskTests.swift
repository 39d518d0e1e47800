import Synchronization
import TestKit
import Testing

@testable import HTTP

/// The desk at which passwords are checked, without a server.
@Suite struct PasswordDeskTests {
    private let hash = PasswordHash("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")!
    private let client = ClientAddress(bytes: [192, 0, 2, 1])

    /// Checks and waits for the result.
    private func result(_ password: String, isKnown: Bool = true, at desk: PasswordDesk) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer = desk.check(Array(password.utf8), of: "user", isKnown: isKnown, hash, for: client) {
                continuation.resume(returning: $0)
            }
            if answer != .checking { continuation.resume(returning: answer == .genuine) }
        }
    }

    private func firstAnswer(_ password: String, at desk: PasswordDesk) -> PasswordDesk.Answer {
        desk.check(Array(password.utf8), of: "user", isKnown: true, hash, for: client) { _ in }
    }

    @Test func whatWasGoodIsRememberedAndWhatWasNotIsNot() async {
        let desk = PasswordDesk()
        #expect(await result("U*U", at: desk))
        #expect(firstAnswer("U*U", at: desk) == .genuine)
        #expect(await result("wrong", at: desk) == false)
        #expect(firstAnswer("wrong", at: desk) == .checking)
    }

    @Test func anUnknownUserIsNeverGenuine() async {
        #expect(await result("U*U", isKnown: false, at: PasswordDesk()) == false)
    }

    @Test func onlySoManyAreRemembered() async {
        let desk = PasswordDesk(limits: PasswordDesk.Limits(remembered: 2))
        for user in ["a", "b", "c"] {
            _ = await withCheckedContinuation { continuation in
                _ = desk.check(Array("U*U".utf8), of: user, isKnown: true, hash, for: client) {
                    continuation.resume(returning: $0)
                }
            }
        }
        func again(_ user: String) -> PasswordDesk.Answer {
            desk.check(Array("U*U".utf8), of: user, isKnown: true, hash, for: client) { _ in }
        }
        #expect(again("c") == .genuine)
        #expect(again("b") == .genuine)
        #expect(again("a") == .checking)
    }

    /// Whoever guesses waits behind its own guesses; somebody else has the next turn.
    @Test func clientsHaveTheirTurns() async throws {
        let door = Door()
        let desk = PasswordDesk { _, _ in door.pass() }
        let order = Mutex<[UInt8]>([])
        func ask(_ last: UInt8) {
            let answer = desk.check(
                [1], of: "user", isKnown: true, hash, for: ClientAddress(bytes: [192, 0, 2, last])
            ) { _ in order.withLock { $0.append(last) } }
            #expect(answer == .checking)
        }
        for _ in 0..<4 { ask(1) }
        ask(2)
        ask(3)
        door.open()
        try await eventually("all checked") { order.withLock { $0.count } == 6 }
        #expect(order.withLock { $0.firstIndex(of: 3) } ?? 6 <= 3, "\(order.withLock { $0 })")
    }

    @Test func aFullDeskSaysSoAndRecovers() async throws {
        let door = Door()
        let desk = PasswordDesk(limits: PasswordDesk.Limits(waiting: 3, waitingPerClient: 2)) { _, _ in door.pass() }
        let done = Mutex(0)
        func ask(_ last: UInt8) -> PasswordDesk.Answer {
            desk.check([1], of: "user", isKnown: true, hash, for: ClientAddress(bytes: [192, 0, 2, last])) { _ in
                done.withLock { $0 += 1 }
            }
        }
        #expect(ask(9) == .checking)
        door.waitForOne()
        #expect(ask(1) == .checking)
        #expect(ask(1) == .checking)
        #expect(ask(1) == .busy, "one client does not take every place")
        #expect(ask(2) == .checking)
        #expect(ask(3) == .busy, "and all clients together only so many")
        door.open()
        try await eventually("all checked") { done.withLock { $0 } == 4 }
        #expect(ask(1) == .checking)
    }
}
