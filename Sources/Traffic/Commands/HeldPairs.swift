// A connection that was out of step may seem to be in step again and be one reply off. So what is paired at first is
// held back, and counts once it is certain.

/// A command and what seems to be its reply.
struct HeldPair {
    let command: PendingCommand
    let reply: Reply
    let isQueued: Bool
    /// When the reply began, in nanoseconds since 1970.
    let stamp: UInt64
    let user: UserID
}

/// The pairs of one connection that are not certain yet. There is room for so many, on each connection and on all;
/// those beyond count as unmeasured.
struct HeldPairs {
    private var pairs: [HeldPair] = []

    mutating func hold(_ pair: HeldPair, _ reason: UnmeasuredReason, _ ledger: inout Ledger) {
        guard pairs.count < ledger.limits.held, ledger.heldPairs < ledger.limits.heldInAll else {
            return ledger.unmeasured(reason)
        }
        pairs.append(pair)
        ledger.heldPairs += 1
    }

    /// They are certain.
    mutating func count(_ ledger: inout Ledger) {
        for pair in take(&ledger) {
            ledger.answered(pair.command, pair.reply, isQueued: pair.isQueued, at: pair.stamp, by: pair.user)
        }
    }

    /// They cannot become certain any more.
    mutating func giveUp(_ reason: UnmeasuredReason, _ ledger: inout Ledger) {
        let given = take(&ledger)
        if !given.isEmpty { ledger.unmeasured(reason, given.count) }
    }

    private mutating func take(_ ledger: inout Ledger) -> [HeldPair] {
        if pairs.isEmpty { return [] }
        let taken = pairs
        pairs = []
        ledger.heldPairs -= taken.count
        return taken
    }
}
