// A connection that was out of sync may seem to be in sync again and be one reply off. So what is paired at first is
// held back, and counts once it is certain.

/// A command and what seems to be its reply.
struct HeldPair: Equatable {
    let command: PendingCommand
    let reply: ReplyFacts
    let isQueued: Bool
    /// When the reply began, in nanoseconds since 1970.
    let stamp: UInt64
    let user: UserID
}

/// The pairs of one connection that are not certain yet. Those of a pipeline are mostly alike, and came in the same two
/// packets: such a run is held once. There is room for so many runs, on each connection and on all; pairs beyond count
/// as unmeasured.
struct HeldPairs {
    private struct Run {
        let pair: HeldPair
        var count = 1
    }

    private var runs: [Run] = []

    mutating func hold(_ pair: HeldPair, _ reason: UnmeasuredReason, _ books: inout RedisBooks, _ budget: inout Budget)
    {
        if let last = runs.indices.last, runs[last].pair == pair {
            runs[last].count += 1
            return
        }
        guard runs.count < budget.limits.held, budget.held < budget.limits.heldInAll else {
            return books.wire.countUnmeasured(reason)
        }
        runs.append(Run(pair: pair))
        budget.held += 1
    }

    /// They are certain.
    mutating func count(_ books: inout RedisBooks, _ budget: inout Budget) {
        for run in take(&budget) {
            let pair = run.pair
            for _ in 0..<run.count {
                books.answered(pair.command, pair.reply, isQueued: pair.isQueued, at: pair.stamp, by: pair.user)
            }
        }
    }

    /// They cannot become certain any more.
    mutating func giveUp(_ reason: UnmeasuredReason, _ books: inout RedisBooks, _ budget: inout Budget) {
        let pairs = take(&budget).reduce(0) { $0 + $1.count }
        if pairs > 0 { books.wire.countUnmeasured(reason, pairs) }
    }

    private mutating func take(_ budget: inout Budget) -> [Run] {
        if runs.isEmpty { return [] }
        let taken = runs
        runs = []
        budget.held -= taken.count
        return taken
    }
}
