// What the commands of a transaction did, read off EXEC's reply.

extension RedisConversation {
    /// EXEC's reply has begun. Its elements belong to the commands that were queued, if those are as many; they are not
    /// where the capture has missed some.
    mutating func beginResults(_ books: inout RedisBooks, _ budget: inout Budget) {
        if replies.elementsToCome != Int64(transaction.count) { transaction.clear(&budget) }
    }

    /// Takes one element of EXEC's reply.
    mutating func takeResult(_ result: ReplyFacts, _ books: inout RedisBooks, _ budget: inout Budget) {
        if result.isError { books.counts.users.countError(session.user, result.word) }
        if !transaction.isEmpty { books.ran(transaction.takeFirst(&budget), result) }
    }

    /// EXEC's reply was lost within its elements: the commands whose results are missing ran all the same.
    mutating func missResults(_ books: inout RedisBooks, _ budget: inout Budget) {
        while !transaction.isEmpty { books.ran(transaction.takeFirst(&budget), nil) }
    }
}
