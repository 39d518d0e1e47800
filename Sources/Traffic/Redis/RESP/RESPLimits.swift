// What RESP may ask a reader to believe. Past these a stream is taken to be out of sync, or no RESP at all.

/// Limits on lengths and counts (proto-max-bulk-len and the like in redis.conf; networking.c).
///
/// Nesting needs none: elements still to come are counted over all levels in one number, so depth costs nothing.
enum RESPLimits {
    /// The longest bulk string, in bytes: Redis' own default for proto-max-bulk-len.
    static let bulkLength: Int64 = 512 << 20
    /// The most arguments that a request may announce.
    static let arguments = Int64(Int32.max)
    /// The most elements that one aggregate of a reply may announce.
    static let elements: Int64 = 1 << 31
    /// The most elements that may be open in one reply, over all levels.
    static let openElements: Int64 = 1 << 40
    /// The longest inline request or simple line, in bytes (PROTO_INLINE_MAX_SIZE).
    static let line = 64 << 10
    /// The digits up to which numbers are exact; two more may follow, as 64-bit integers have them.
    static let digits = 18
    /// How much of an argument is kept when it arrives in pieces, and looked at when it does not.
    static let keptArgument = 512
}
