// Rate limits: a bucket holds as many tokens as may be used at once, each request takes one, and they come back at an
// even rate.

/// How many requests are let through.
public struct RateLimit: Sendable, Equatable {
    /// How many in the long run.
    public var perSecond: Double
    /// How many at once, after a pause.
    public var burst: Double

    public init(perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        self.burst = burst
    }

    /// Twice as many at once as per second: a hundred scrapers that start together are no attack.
    public init(perSecond: Double) {
        self.init(perSecond: perSecond, burst: max(1, perSecond * 2))
    }
}

/// The tokens that one client has left.
struct TokenBucket {
    private var tokens: Double
    private var counted: ContinuousClock.Instant

    /// A full bucket.
    init(_ limit: RateLimit, at now: ContinuousClock.Instant) {
        tokens = limit.burst
        counted = now
    }

    /// Takes a token.
    ///
    /// - Returns: nil, or where none is left, how long it takes until one is.
    mutating func take(_ limit: RateLimit, at now: ContinuousClock.Instant) -> Duration? {
        tokens = level(limit, at: now)
        counted = now
        guard tokens < 1 else {
            tokens -= 1
            return nil
        }
        return .seconds((1 - tokens) / limit.perSecond)
    }

    /// How many tokens it holds at this moment.
    func level(_ limit: RateLimit, at now: ContinuousClock.Instant) -> Double {
        let pause = counted.duration(to: now) / .seconds(1)
        return min(limit.burst, tokens + max(0, pause) * limit.perSecond)
    }
}
