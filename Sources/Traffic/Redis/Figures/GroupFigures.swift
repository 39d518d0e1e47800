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
    /// Reads that found what they asked for, or did not.
    var hits: UInt64 = 0
    var misses: UInt64 = 0

    /// Counts a request and its reply by their sizes in bytes.
    @inline(__always)
    mutating func exchanged(_ request: UInt32, _ reply: Int) {
        requestBytes &+= UInt64(request)
        replyBytes &+= UInt64(truncatingIfNeeded: reply)
    }

    /// Counts a latency in nanoseconds, with both sizes in bytes.
    @inline(__always)
    mutating func measured(_ latency: UInt64, _ request: UInt32, _ reply: Int) {
        exchanged(request, reply)
        commands &+= 1
        nanoseconds &+= latency
        longest = Swift.max(longest, latency)
    }

    /// Counts what a read found.
    @inline(__always)
    mutating func found(_ findings: Findings) {
        hits &+= findings.hits
        misses &+= findings.misses
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
