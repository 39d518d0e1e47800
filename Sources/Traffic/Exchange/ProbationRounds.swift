// How often a client has to wait for all replies until what was paired out of habit counts as certain.

/// Rounds in which the client waits for all replies.
enum ProbationRounds {
    /// So many, and none in which it did not, make it a habit. Fewer prove nothing: one that is hardly ever idle waits
    /// some times by chance.
    static let habit: UInt8 = 8
    /// To be proven: by a client that waits and sends one packet a round, by one that sends several, and by one
    /// of which neither is known.
    static let (alternating, ahead, unknown): (UInt8, UInt8, UInt8) = (1, 6, 64)
    /// By one that was seen not to wait: no number proves anything, only silence does.
    static let overlapping = UInt8.max
}
