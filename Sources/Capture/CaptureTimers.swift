// When the capture's thread wakes without a packet. An interface on which nothing passes wakes nobody.

/// What is due on the capture's thread, and when. Reads no clock.
struct CaptureTimers {
    /// How often it is looked at the interfaces, and what is seen published.
    private static let lookInterval = Duration.seconds(5)

    /// How long after the last packets nothing of their time can still come.
    private let settling: Duration
    private var look: ContinuousClock.Instant
    /// Nil once time has passed behind the last packets.
    private var settled: ContinuousClock.Instant?

    init(settling: Duration, at start: ContinuousClock.Instant) {
        self.settling = settling
        look = start
        settled = start + settling
    }

    /// When the thread has to wake although nothing comes.
    var next: ContinuousClock.Instant { min(look, settled ?? look) }

    func isLookDue(at now: ContinuousClock.Instant) -> Bool { look <= now }

    mutating func packetsCame(at now: ContinuousClock.Instant) {
        settled = now + settling
    }

    /// All that came before now has been read.
    mutating func timePassed(at now: ContinuousClock.Instant) {
        if let time = settled, time <= now { settled = nil }
    }

    mutating func looked(at now: ContinuousClock.Instant) {
        look = now + Self.lookInterval
    }
}
