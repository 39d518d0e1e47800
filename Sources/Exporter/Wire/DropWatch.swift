// Packets that the kernel drops are counted on the page; the log says once that it happens and once that it is over.

import Synchronization

/// Tells whether packets were dropped lately.
final class DropWatch: Sendable {
    /// How long it has to be quiet before dropping is over.
    private static let memory = Duration.seconds(60)

    private struct State {
        var dropped: UInt64?
        var last: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// - Parameter dropped: all packets dropped so far.
    /// - Returns: whether any was dropped within the last minute.
    func isDropping(_ dropped: UInt64, at now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            if let before = state.dropped, dropped > before { state.last = now }
            state.dropped = dropped
            return state.last.map { $0.duration(to: now) < Self.memory } ?? false
        }
    }
}
