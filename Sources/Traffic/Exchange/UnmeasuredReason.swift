// A request that was seen and could not be measured is counted, with the reason: what is not known is never hidden.

/// Why a request was seen and not measured. Each protocol lists those of its own, which start at 0 on the page.
enum UnmeasuredReason: Int, CaseIterable, Sendable {
    /// The capture began within its connection, which is not in sync yet.
    case joinedMidstream
    /// Packets of its connection were not captured.
    case gap
    /// The snap length cut off what would have been needed.
    case snapLength
    /// Its connection made no sense.
    case resync
    /// It gets no reply: CLIENT REPLY OFF and SKIP, SHUTDOWN, an AUTH that Valkey leaves unanswered.
    case noReply
    /// It was sent while a blocking command was waiting on the same connection, so its time is that wait.
    case blocking
    /// Its connection was closed before the reply.
    case closed
    /// Its connection was forgotten before the reply, to make room or after the idle time.
    case evicted
    /// Too many commands were in flight on its connection.
    case queueFull
    /// Its connection became a replica's, or a monitor's.
    case replication
    /// The end of its answer was cut off; its time is counted up to the last packet before its client went on.
    case tailCut
    /// A statement before it in its pipeline had failed, so the server passed over it.
    case skippedAfterError
    /// Its connection speaks HTTP/2.
    case http2
    /// Its connection speaks TLS.
    case encrypted

    /// The value of `reason`.
    var label: String {
        switch self {
        case .joinedMidstream: "joined_midstream"
        case .gap: "gap"
        case .snapLength: "snap_length"
        case .resync: "resync"
        case .noReply: "no_reply"
        case .blocking: "blocking"
        case .closed: "closed"
        case .evicted: "evicted"
        case .queueFull: "queue_full"
        case .replication: "replication"
        case .tailCut: "tail_cut"
        case .skippedAfterError: "skipped_after_error"
        case .http2: "http2"
        case .encrypted: "encrypted"
        }
    }

    init(_ reason: ResyncReason) {
        switch reason {
        case .gap: self = .gap
        case .snapLength: self = .snapLength
        case .malformedRequest, .malformedReply, .oversized, .unexpectedReply: self = .resync
        }
    }
}
