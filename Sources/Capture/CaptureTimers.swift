// When the capture's thread wakes without a packet. An interface on which nothing passes wakes nobody.

/// What is due on the capture's thread, and when. Reads no clock.
struct CaptureTimers {
    /// So long after packets their figures are published at the latest, how many were dropped among them.
    private static let newsInterval = Duration.seconds(5)
    /// How often the thread shows that it lives where nothing comes. Most scrapers come more often, and the polls that
    /// are made for them are packets, with which it is looked too.
    static let longestPause = Duration.seconds(16)
    /// How often it is looked at the interfaces where nobody tells of their changes.
    private static let blindPause = Duration.seconds(5)
    /// How soon after a look the next one may be, whatever comes: where containers do, interfaces change in swarms.
    private static let shortestPause = Duration.seconds(1)

    /// How long after the last packets nothing of their time can still come.
    private let settling: Duration
    /// How long after a look the next one is where nothing comes.
    private let pause: Duration
    private var look: ContinuousClock.Instant
    private var lastLook: ContinuousClock.Instant?
    /// Whether packets have come since the last look.
    private var hasNews = false
    /// Nil once time has passed behind the last packets.
    private var settled: ContinuousClock.Instant?

    /// - Parameter hearsOfInterfaces: whether ``interfacesChanged(at:)`` is called when one has.
    init(settling: Duration, hearsOfInterfaces: Bool, at start: ContinuousClock.Instant) {
        self.settling = settling
        pause = hearsOfInterfaces ? Self.longestPause : Self.blindPause
        look = start
        settled = start + settling
    }

    /// When the thread has to wake although nothing comes.
    var next: ContinuousClock.Instant { min(look, settled ?? look) }

    /// Whether it is time to look after the interfaces, and to publish what is seen.
    func isLookDue(at now: ContinuousClock.Instant) -> Bool { look <= now }

    mutating func packetsCame(at now: ContinuousClock.Instant) {
        settled = now + settling
        if !hasNews { look = min(look, now + Self.newsInterval) }
        hasNews = true
    }

    /// All that came before now has been read. The thread is awake, so what the last packets brought is published too.
    mutating func timePassed(at now: ContinuousClock.Instant) {
        guard let time = settled, time <= now else { return }
        settled = nil
        if hasNews { look = now }
    }

    /// An interface has come, gone or changed.
    mutating func interfacesChanged(at now: ContinuousClock.Instant) {
        look = min(look, max(now, lastLook.map { $0 + Self.shortestPause } ?? now))
    }

    mutating func looked(at now: ContinuousClock.Instant) {
        lastLook = now
        look = now + pause
        hasNews = false
    }
}
