// Looking at many keys takes more commands than one pipeline should have: Redis does nothing else while it works
// through one. They go out in short pipelines, each for one database, and each is over in less than a millisecond. So
// the cost of each command has to be known before it is sent, and what has no bound is not asked. Entries of streams
// are asked for all the same (XRANGE, XINFO STREAM); they are as long as clients have made them.

/// Commands that wait to be sent, and what each is for.
struct RoundTrips<Purpose: Sendable>: Sendable {
    private struct Command: Sendable {
        let query: RedisQuery
        let database: Int
        let purpose: Purpose
        let cost: Double
    }

    private var waiting: [Command] = []
    private var next = 0
    /// What was sent in the newest round trip; nil stands for a command about the connection.
    private var sent: [Purpose?] = []
    private var owesNoTouch = false

    /// Microseconds that Redis may need for one pipeline, as estimated.
    private static var budget: Double { 400 }

    /// Adds a command.
    ///
    /// - Parameter cost: microseconds that Redis needs for it, parsing included. One that is beyond the budget by
    ///   itself goes out alone.
    mutating func add(_ query: RedisQuery, in database: Int, _ purpose: Purpose, cost: Double = 1.5) {
        waiting.append(Command(query: query, database: database, purpose: purpose, cost: cost))
    }

    /// The next pipeline; empty when nothing waits. It leaves the connection in database 0.
    mutating func takeNext() -> [RedisQuery] {
        sent = []
        guard next < waiting.count else {
            (waiting, next) = ([], 0)
            return []
        }
        let database = waiting[next].database
        var queries = database == 0 ? [] : [RedisQuery("SELECT", String(database))]
        sent = queries.map { _ in nil }
        var cost = 0.0
        while next < waiting.count, waiting[next].database == database,
            cost == 0 || cost + waiting[next].cost <= Self.budget
        {
            queries.append(waiting[next].query)
            sent.append(waiting[next].purpose)
            cost += waiting[next].cost
            next += 1
        }
        if database != 0 { queries.append(RedisQuery("SELECT", "0")) }
        if owesNoTouch { queries.append(.noTouch) }
        owesNoTouch = false
        return queries
    }

    /// Takes note of a command that has gone out with those of others.
    mutating func noteSent(_ purpose: Purpose) {
        sent = [purpose]
    }

    /// What the newest round trip has brought, and takes it off the answers. A database that cannot be selected has
    /// nothing to say.
    mutating func take(_ answers: inout RedisAnswers) -> [(purpose: Purpose, reply: RedisReply)] {
        let replies = answers.takeReplies()
        guard let first = sent.first else { return [] }
        if case .none = first, replies.first?.isError == true { return [] }
        var taken: [(purpose: Purpose, reply: RedisReply)] = []
        for (purpose, reply) in zip(sent, replies) {
            if let purpose { taken.append((purpose, reply)) }
        }
        return taken
    }

    /// Begins a new connection. Keys that are looked at on it do not seem to be in use, where the server can do that.
    mutating func connected(to server: ServerIdentity) {
        (waiting, next, sent) = ([], 0, [])
        owesNoTouch = server.hasNoTouch
    }
}
