// A connection that was out of sync may seem to be in sync again and be one reply off. So what is paired at first is
// held back, and counts once it is certain.

/// A command and what seems to be its reply.
struct HeldPair {
    let command: PendingCommand
    let reply: ReplyFacts
    let isQueued: Bool
    /// When the reply began, in nanoseconds since 1970.
    let stamp: UInt64
    let user: UserID
}

/// The pairs of one connection that are not certain yet. There is room for so many, on each connection and on all;
/// those beyond count as unmeasured.
struct HeldPairs {
    private var pairs: [HeldPair] = []

    mutating func hold(_ pair: HeldPair, _ reason: UnmeasuredReason, _ books: inout RedisBooks, _ budget: inout Budget)
    {
        guard pairs.count < budget.limits.held, budget.held < budget.limits.heldInAll else {
            return books.wire.countUnmeasured(reason)
        }
        pairs.append(pair)
        budget.held += 1
    }

    /// They are certain.
    mutating func count(_ books: inout RedisBooks, _ budget: inout Budget) {
        for pair in take(&budget) {
            books.answered(pair.command, pair.reply, isQueued: pair.isQueued, at: pair.stamp, by: pair.user)
        }
    }

    /// They cannot become certain any more.
    mutating func giveUp(_ reason: UnmeasuredReason, _ books: inout RedisBooks, _ budget: inout Budget) {
        let given = take(&budget)
        if !given.isEmpty { books.wire.countUnmeasured(reason, given.count) }
    }

    private mutating func take(_ budget: inout Budget) -> [HeldPair] {
        if pairs.isEmpty { return [] }
        let taken = pairs
        pairs = []
        budget.held -= taken.count
        return taken
    }
}
