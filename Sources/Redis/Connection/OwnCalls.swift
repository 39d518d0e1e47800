// How often the program itself has called each command. Redis counts our calls with those of clients, and what only we
// have called is worth less.

/// Calls of ours by command.
struct OwnCalls: Sendable {
    private var byTitle: [String: Double] = [:]

    mutating func count(_ queries: [RedisQuery]) {
        for query in queries { byTitle[query.title, default: 0] += 1 }
    }

    /// The calls of a command as INFO commandstats names it since Redis 7: `get`, `latency|latest`.
    subscript(command: String) -> Double {
        byTitle[String(command.uppercased().map { $0 == "|" ? " " : $0 })] ?? 0
    }
}
