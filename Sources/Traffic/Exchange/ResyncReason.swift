// A stream that cannot be followed is left alone until it can be. Each such break is counted under one of these.

/// Why a connection fell out of sync.
enum ResyncReason: Int, Error, CaseIterable, Sendable {
    /// Packets were not captured.
    case gap
    /// The snap length cut off bytes that were needed.
    case snapLength
    /// A request is not RESP.
    case malformedRequest
    /// A reply is not RESP.
    case malformedReply
    /// A length or count beyond all limits.
    case oversized
    /// A reply came to no request.
    case unexpectedReply

    /// The value of `reason`.
    var label: String {
        switch self {
        case .gap: "gap"
        case .snapLength: "snap_length"
        case .malformedRequest: "malformed_request"
        case .malformedReply: "malformed_reply"
        case .oversized: "oversized"
        case .unexpectedReply: "unexpected_reply"
        }
    }
}
