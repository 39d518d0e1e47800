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
        case length(Int, QueueKeyType)
        /// The first job with its time.
        case first(Int, QueueKeyType)
    }

    let pace: Duration
    var trips = RoundTrips<Purpose>()
    var stage = KeyLookStage.idle
    private let own: [OwnQueue]
    private var walks: KeyWalks
    /// The queue of each walk.
    private let walked: [Int]
    private var figures: QueueFigures
    /// The type that a queue's key had last, for the time when there is no job and so no key.
    private var types: [Int: QueueKeyType] = [:]
    private let known: KnownQueues

    /// The value of the `system` label.
    private static let system = "own"

    /// - Parameter known: gets the keys that are looked at.
    init(_ settings: KeySettings, _ known: KnownQueues = KnownQueues()) {
        self.known = known
        pace = settings.interval
        let own = settings.ownQueues
        let walked = own.indices.filter { own[$0].pattern.isPattern }
        (self.own, self.walked) = (own, walked)
        walks = KeyWalks(walked.map { KeyWalk(own[$0].pattern) })
        figures = QueueFigures(Self.system) { $0 }
    }

    var isWanted: Bool { !own.isEmpty }

    mutating func enter(_ stage: KeyLookStage, _ poll: RedisPoll) {
        if stage == .finding {
            for index in walks.begin(on: poll.server) { scan(index, walks.walks[index].query) }
            return
        }
        figures = QueueFigures(Self.system) { $0 }
        var looked: Set<String> = []
        for (index, queue) in own.enumerated() {
            let walk = walked.firstIndex(of: index).map { walks.walks[$0] }
            let keys = walk.map { $0.names.prefix(100).map { KeyPattern(database: queue.pattern.database, $0) } }
            if walk != nil { figures.add(jobs: 0, queue.name, queue.state ?? "waiting") }
            for key in keys ?? [queue.pattern] {
                looked.insert(key.text)
                trips.add(RedisQuery("TYPE", key.text), in: key.database, .type(index, key))
            }
        }
        known.note(looked, of: Self.name)
    }

    private mutating func scan(_ index: Int, _ query: RedisQuery) {
        trips.add(query, in: walks.walks[index].pattern.database, .scan(index), cost: KeyWalk.cost)
    }

    mutating func take(_ reply: RedisReply, for purpose: Purpose, in poll: RedisPoll) {
        switch purpose {
        case .scan(let index):
            if let query = walks.take(reply, of: index) { scan(index, query) }
        case .type(let index, let key): takeType(reply, index, key)
        case .length(let index, let type):
            guard let count = reply.integer else { return }
            figures.add(jobs: Double(count), own[index].name, own[index].state ?? type.state)
        case .first(let index, let type):
            if let age = type.age(reply, at: poll.serverTime) { figures.add(age: age, own[index].name) }
        }
    }

    /// A queue without jobs has no key.
    private mutating func takeType(_ reply: RedisReply, _ index: Int, _ key: KeyPattern) {
        if case .status("none") = reply {
            figures.add(jobs: 0, own[index].name, own[index].state ?? types[index]?.state ?? "waiting")
        }
        guard let type = QueueKeyType(reply) else { return }
        types[index] = type
        trips.add(type.length(of: key.text), in: key.database, .length(index, type))
        if let first = type.first(of: key.text) {
            trips.add(first, in: key.database, .first(index, type), cost: type.costOfFirst)
        }
    }

    func finish(_ poll: RedisPoll) -> Samples { figures.samples }
}
