// One deadline covers a whole poll: every wait inside it asks how much is left.

/// A moment after which waiting is over.
public struct Deadline: Sendable {
    private let instant: ContinuousClock.Instant

    /// A deadline that much from now.
    public static func after(_ duration: Duration) -> Deadline {
        Deadline(instant: .now + duration)
    }

    /// The earlier of this deadline and one that much from now.
    public func orAfter(_ duration: Duration) -> Deadline {
        Deadline(instant: min(instant, .now + duration))
    }

    /// What is left, never negative.
    public var remaining: Duration {
        max(.zero, ContinuousClock.now.duration(to: instant))
    }

    /// What is left for poll(2): whole milliseconds, rounded up so that a wait never ends early.
    public var milliseconds: Int32 {
        let (seconds, attoseconds) = remaining.components
        let rounded = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: seconds * 1000 + rounded)
    }

    public var isOver: Bool { remaining == .zero }
}
