// Figures per key group beside its latencies.

/// What is counted for one key group.
struct GroupFigures: Sendable, Equatable {
    /// Commands whose latency was measured.
    var commands: UInt64 = 0
    var nanoseconds: UInt64 = 0
    /// The longest latency in nanoseconds.
    var longest: UInt64 = 0
    /// Payload bytes of requests and replies, those without a latency included.
    var requestBytes: UInt64 = 0
    var replyBytes: UInt64 = 0
    /// Reads of one key that found it, or did not.
    var hits: UInt64 = 0
    var misses: UInt64 = 0

    /// Counts a request and its reply by their sizes in bytes.
    @inline(__always)
    mutating func exchanged(_ request: UInt32, _ reply: Int) {
        requestBytes &+= UInt64(request)
        replyBytes &+= UInt64(truncatingIfNeeded: reply)
    }

    /// Counts a latency in nanoseconds and, for a read of one key, whether it found it.
    @inline(__always)
    mutating func measured(_ latency: UInt64, isHit: Bool?) {
        commands &+= 1
        nanoseconds &+= latency
        longest = Swift.max(longest, latency)
        guard let isHit else { return }
        if isHit { hits &+= 1 } else { misses &+= 1 }
    }

    mutating func add(_ other: GroupFigures) {
        commands &+= other.commands
        nanoseconds &+= other.nanoseconds
        longest = Swift.max(longest, other.longest)
        requestBytes &+= other.requestBytes
        replyBytes &+= other.replyBytes
        hits &+= other.hits
        misses &+= other.misses
    }
}
