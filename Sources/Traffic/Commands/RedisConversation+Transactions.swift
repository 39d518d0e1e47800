// What the commands of a transaction did, read off EXEC's reply.

extension RedisConversation {
    /// EXEC's reply has begun. Its elements belong to the commands that were queued, if those are as many; they are not
    /// where the capture has missed some.
    mutating func beginResults(_ ledger: inout Ledger) {
        if replies.elementsToCome != Int64(transaction.count) { transaction.clear(&ledger) }
    }

    /// Takes one element of EXEC's reply.
    mutating func takeResult(_ result: Reply, _ ledger: inout Ledger) {
        if result.isError { ledger.counts.users.countError(session.user, result.word) }
        if !transaction.isEmpty { ledger.ran(transaction.takeFirst(&ledger), result) }
    }

    /// EXEC's reply was lost within its elements: the commands whose results are missing ran all the same.
    mutating func missResults(_ ledger: inout Ledger) {
        while !transaction.isEmpty { ledger.ran(transaction.takeFirst(&ledger), nil) }
    }
}
