// A queue of which only the key is known. The key's type tells how its jobs are counted, and how long the first one
// waits.

/// The types of key that can be queues.
enum QueueKeyType: String, Sendable {
    case list
    case sortedSet = "zset"
    case stream

    /// The type that TYPE has answered with; nil for a key that can be no queue, and for none.
    init?(_ reply: RedisReply) {
        guard let type = reply.keyType.flatMap(Self.init(rawValue:)) else { return nil }
        self = type
    }

    /// The state of what it holds: a sorted set is ordered by the time at which jobs are due.
    var state: String { self == .sortedSet ? "delayed" : "waiting" }

    func length(of key: String) -> RedisQuery {
        switch self {
        case .list: RedisQuery("LLEN", key)
        case .sortedSet: RedisQuery("ZCARD", key)
        case .stream: RedisQuery("XLEN", key)
        }
    }

    /// Asks for the first job with its time; nil for a list, which keeps none.
    func first(of key: String) -> RedisQuery? {
        switch self {
        case .list: nil
        case .sortedSet: RedisQuery("ZRANGE", [key, "0", "0", "WITHSCORES"], bound: .job)
        case .stream: RedisQuery("XRANGE", [key, "-", "+", "COUNT", "1"], bound: .job)
        }
    }

    /// Microseconds that it takes.
    var costOfFirst: Double { self == .stream ? 3 : 1.5 }

    /// How long the first job waits, in seconds; 0 where there is none, nil where nothing tells.
    ///
    /// - Parameter now: the server's time of day in seconds since 1970.
    func age(_ reply: RedisReply, at now: Double) -> Double? {
        guard let elements = reply.elements else { return nil }
        if elements.isEmpty { return 0 }
        switch self {
        case .list: return nil
        case .sortedSet:
            let time = elements.count == 2 ? elements[1].bytes.flatMap(JobTime.seconds) : nil
            return time.map { max(0, now - $0) }
        case .stream: return elements[0].entryID?.age(at: now)
        }
    }
}
