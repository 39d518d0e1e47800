// Checking a password takes tens of milliseconds of a processor on purpose, so it happens beside the server's loop: one
// check at a time, a bounded number of them waiting, and what was found good is remembered for a while.

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
        /// Checks that may wait at the same time.
        var waiting = 32
        /// Of these, checks of one client, so that it does not take every place.
        var waitingPerClient = 8
        /// Good passwords that are remembered.
        var remembered = 100
    }

    private struct State {
        var waiting: [ClientAddress: Int] = [:]
        var waitingCount = 0
        /// Digests of what was good, the oldest first.
        var good: [[UInt8]] = []
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
        let answer = state.withLock { state -> Answer in
            if state.good.contains(digest) { return .genuine }
            guard state.waitingCount < limits.waiting,
                state.waiting[client, default: 0] < limits.waitingPerClient
            else { return .busy }
            state.waitingCount += 1
            state.waiting[client, default: 0] += 1
            return .checking
        }
        guard answer == .checking else { return answer }
        thread.run { [self] in
            let isGenuine = isMade(hash, password) && isKnown
            finish(client, remembering: isGenuine ? digest : nil)
            done(isGenuine)
        }
        return .checking
    }

    private func finish(_ client: ClientAddress, remembering digest: [UInt8]?) {
        state.withLock { state in
            state.waitingCount -= 1
            let rest = state.waiting[client, default: 0] - 1
            state.waiting[client] = rest > 0 ? rest : nil
            guard let digest, !state.good.contains(digest) else { return }
            if state.good.count >= limits.remembered { state.good.removeFirst() }
            state.good.append(digest)
        }
    }
}
