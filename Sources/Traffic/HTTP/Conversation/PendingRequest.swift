// A request that was sent and not answered yet.

/// What is remembered of one: 48 bytes.
struct PendingRequest: BitwiseCopyable, Sendable {
    /// When the packet was captured that completes its head, in nanoseconds since 1970.
    let stamp: UInt64
    let trace: TraceID
    let path: GroupHandle
    let key: APIKeyID
    let method: HTTPMethod
    /// Whether its time cannot be known: its head was answered before its end.
    var isUntimed = false
    /// Bytes of its body, once that is over.
    var bodyBytes: UInt64 = 0
}
