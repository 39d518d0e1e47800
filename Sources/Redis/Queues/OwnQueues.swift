// Lists, streams and sorted sets of the operator's own, under the names that queue systems have. Dramatiq, arq, huey
// and many a gateway use Redis as a queue without being one of the known systems.

import Metrics

/// The part of a poll that looks at queues of the operator's own.
struct OwnQueues: KeyLook {
    static let name = "redis_queues_own"
    static let descriptors = QueueFamilies.all

    enum Purpose: Sendable {
        case scan(Int)
        case type(Int, KeyPattern)
        case length(Int, state: String)
        /// The first member of a sorted set with its score.
        case first(Int)
        /// The first entry of a stream.
        case entry(Int)
    }

    let pace: Duration
    var trips = RoundTrips<Purpose>()
    var stage = KeyLookStage.idle
    private let own: [OwnQueue]
    private var walks: KeyWalks
    /// The queue of each walk.
    private let walked: [Int]
    private var figures: QueueFigures
    /// The state that the type of a key has told, for the time when there is no job and so no key.
    private var lastStates: [Int: String] = [:]

    /// The value of the `system` label.
    private static let system = "own"

    init(_ settings: KeySettings) {
        pace = settings.interval
        let own = settings.ownQueues
        let walked = own.indices.filter { own[$0].pattern.isPattern }
        (self.own, self.walked) = (own, walked)
        walks = KeyWalks(walked.map { KeyWalk(own[$0].pattern) })
        figures = QueueFigures(Self.system) { $0 }
    }

    mutating func enter(_ stage: KeyLookStage, _ poll: RedisPoll) {
        if stage == .finding {
            for index in walks.begin(on: poll.server, at: poll.now) { scan(index, walks.walks[index].query) }
            return
        }
        figures = QueueFigures(Self.system) { $0 }
        for (index, queue) in own.enumerated() {
            let walk = walked.firstIndex(of: index).map { walks.walks[$0] }
            let keys = walk.map { $0.names.prefix(100).map { KeyPattern(database: queue.pattern.database, $0) } }
            if walk != nil { figures.add(jobs: 0, queue.name, queue.state ?? "waiting") }
            for key in keys ?? [queue.pattern] {
                trips.add(RedisQuery("TYPE", key.text), in: key.database, .type(index, key))
            }
        }
    }

    private mutating func scan(_ index: Int, _ query: RedisQuery) {
        trips.add(query, in: walks.walks[index].pattern.database, .scan(index), cost: KeyWalk.cost)
    }

    mutating func take(_ reply: RedisReply, for purpose: Purpose, in poll: RedisPoll) {
        switch purpose {
        case .scan(let index):
            if let query = walks.take(reply, of: index) { scan(index, query) }
        case .type(let index, let key): takeType(reply, index, key)
        case .length(let index, let state):
            guard let count = reply.integer else { return }
            figures.add(jobs: Double(count), own[index].name, own[index].state ?? state)
        case .first(let index):
            guard let pair = reply.elements else { return }
            if pair.isEmpty { return figures.add(age: 0, own[index].name) }
            if pair.count == 2, let time = pair[1].bytes.flatMap(JobTime.seconds) {
                figures.add(age: max(0, poll.serverTime - time), own[index].name)
            }
        case .entry(let index):
            guard let entries = reply.elements else { return }
            let age = entries.isEmpty ? 0 : entries[0].entryID?.age(at: poll.serverTime)
            if let age { figures.add(age: age, own[index].name) }
        }
    }

    /// A queue without jobs has no key.
    private mutating func takeType(_ reply: RedisReply, _ index: Int, _ key: KeyPattern) {
        lastStates[index] = reply.keyType.map { $0 == "zset" ? "delayed" : "waiting" } ?? lastStates[index]
        switch reply {
        case .status("list"):
            trips.add(RedisQuery("LLEN", key.text), in: key.database, .length(index, state: "waiting"))
        case .status("zset"):
            trips.add(RedisQuery("ZCARD", key.text), in: key.database, .length(index, state: "delayed"))
            let first = RedisQuery("ZRANGE", [key.text, "0", "0", "WITHSCORES"], bound: .job)
            trips.add(first, in: key.database, .first(index))
        case .status("stream"):
            trips.add(RedisQuery("XLEN", key.text), in: key.database, .length(index, state: "waiting"))
            let first = RedisQuery("XRANGE", [key.text, "-", "+", "COUNT", "1"], bound: .job)
            trips.add(first, in: key.database, .entry(index), cost: 3)
        case .status("none"): figures.add(jobs: 0, own[index].name, own[index].state ?? lastStates[index] ?? "waiting")
        default: break
        }
    }

    func finish(_ poll: RedisPoll) -> Samples { figures.samples }
}
