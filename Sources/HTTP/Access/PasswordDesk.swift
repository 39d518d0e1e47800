// Checking a password takes tens of milliseconds of a processor on purpose, so it happens beside the server's loop. One
// check at a time, clients in turn, a bounded number of them waiting, and what was found good is remembered for a
// while.

import Synchronization
import System

/// Checks passwords on a thread of its own, which starts with the first one.
final class PasswordDesk: Sendable {
    /// What can be said at once.
    enum Answer: Equatable {
        /// The same was found good before.
        case genuine
        /// The result comes later.
        case checking
        /// Too many are waiting.
        case busy
    }

    struct Limits {
        /// Checks that may wait at the same time, beside the one that is under way.
        var waiting = 256
        /// Of these, checks of one client, so that it does not take every place.
        var waitingPerClient = 8
        /// Good passwords that are remembered.
        var remembered = 100
    }

    private struct Check {
        let digest: [UInt8]
        let isGenuine: @Sendable () -> Bool
        let done: @Sendable (Bool) -> Void
    }

    private struct State {
        /// The checks of each client, the oldest first.
        var waiting: [ClientAddress: [Check]] = [:]
        var waitingCount = 0
        /// The clients that have checks waiting, the one whose turn it is first: a guessing client waits behind its own
        /// guesses only.
        var turns: [ClientAddress] = []
        /// Digests of what was good, the oldest first.
        var good: [[UInt8]] = []

        mutating func add(_ check: Check, of client: ClientAddress) {
            waitingCount += 1
            waiting[client, default: []].append(check)
            if !turns.contains(client) { turns.append(client) }
        }

        mutating func takeNext() -> Check? {
            guard !turns.isEmpty else { return nil }
            let client = turns.removeFirst()
            guard let check = waiting[client]?.removeFirst() else { return nil }
            waitingCount -= 1
            if waiting[client]?.isEmpty == true { waiting[client] = nil } else { turns.append(client) }
            return check
        }

        mutating func remember(_ digest: [UInt8], atMost most: Int) {
            guard !good.contains(digest) else { return }
            if good.count >= most { good.removeFirst() }
            good.append(digest)
        }
    }

    private let limits: Limits
    private let thread = JobThread("passwords")
    private let state = Mutex(State())
    /// Digests are worth nothing outside of this process.
    private let salt = (0..<32).map { _ in UInt8.random(in: 0...255) }

    private let isMade: @Sendable (PasswordHash, _ password: [UInt8]) -> Bool

    /// - Parameter isMade: says whether a hash was made from a password.
    init(
        limits: Limits = Limits(),
        isMade: @escaping @Sendable (PasswordHash, _ password: [UInt8]) -> Bool = { $0.isMade(from: $1) }
    ) {
        self.limits = limits
        self.isMade = isMade
    }

    /// Checks a password.
    ///
    /// - Parameters:
    ///   - hash: that of the user, or ``PasswordHash/ofNobody(besides:)`` where there is no such user.
    ///   - done: called on another thread when, and only when, the answer is `.checking`.
    func check(
        _ password: [UInt8], of user: String, isKnown: Bool, _ hash: PasswordHash, for client: ClientAddress,
        done: @escaping @Sendable (Bool) -> Void
    ) -> Answer {
        let digest = TLSLibrary.sha256(salt + Array(user.utf8) + [0] + Array(hash.text.utf8) + [0] + password)
        let check = Check(digest: digest, isGenuine: { [isMade] in isMade(hash, password) && isKnown }, done: done)
        let client = client.network
        let answer = state.withLock { state -> Answer in
            if state.good.contains(digest) { return .genuine }
            guard state.waitingCount < limits.waiting,
                state.waiting[client, default: []].count < limits.waitingPerClient
            else { return .busy }
            state.add(check, of: client)
            return .checking
        }
        if answer == .checking { thread.run { [self] in checkNext() } }
        return answer
    }

    private func checkNext() {
        guard let check = state.withLock({ $0.takeNext() }) else { return }
        let isGenuine = check.isGenuine()
        if isGenuine { state.withLock { $0.remember(check.digest, atMost: limits.remembered) } }
        check.done(isGenuine)
    }
}
