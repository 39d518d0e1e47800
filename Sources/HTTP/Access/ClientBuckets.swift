// A bucket for each client that has been here lately. After a moment of rest its bucket is full, and a full bucket
// is the same as none, so it is dropped.

/// The buckets of all clients, a bounded number of them.
struct ClientBuckets {
    /// How many clients are told apart. Each costs about 100 bytes.
    let capacity: Int
    /// How often full buckets are looked for.
    private static let sweepInterval = Duration.seconds(1)
    /// How many buckets are compared where one has to go: a flood of new clients must not cost much each.
    private static let candidates = 16

    private var buckets: [ClientAddress: TokenBucket] = [:]
    private var nextSweep = ContinuousClock.now
    /// Buckets that had to go before they were full.
    private(set) var evicted = 0

    init(capacity: Int = 4096) {
        self.capacity = capacity
    }

    var count: Int { buckets.count }

    /// Takes a token of the client's bucket.
    ///
    /// Of too many clients one whose bucket is nearly full is forgotten. It loses least, and a client that has used up
    /// a bucket does not get a new one by calling in from many addresses.
    ///
    /// - Returns: nil, or where none is left, how long it takes until one is.
    mutating func take(
        for client: ClientAddress, _ limit: RateLimit, at now: ContinuousClock.Instant
    ) -> Duration? {
        let owner = client.network
        if now >= nextSweep { sweep(limit, at: now) }
        if buckets[owner] == nil && buckets.count >= capacity { evict(limit, at: now) }
        return buckets[owner, default: TokenBucket(limit, at: now)].take(limit, at: now)
    }

    mutating func removeAll() {
        buckets = [:]
    }

    private mutating func sweep(_ limit: RateLimit, at now: ContinuousClock.Instant) {
        buckets = buckets.filter { $0.value.level(limit, at: now) < limit.burst }
        nextSweep = now + Self.sweepInterval
    }

    private mutating func evict(_ limit: RateLimit, at now: ContinuousClock.Instant) {
        let fullest = buckets.prefix(Self.candidates).max {
            $0.value.level(limit, at: now) < $1.value.level(limit, at: now)
        }
        guard let fullest else { return }
        buckets[fullest.key] = nil
        evicted += 1
    }
}
