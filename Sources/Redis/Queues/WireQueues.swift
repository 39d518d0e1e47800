// The queues that the traffic shows to be in use are asked for their length: no SCAN, and nothing to configure. What a
// queue system that was found or the operator has named already is left to those.

import Metrics

/// The part of a poll that looks at the busiest queues of the traffic.
struct WireQueues: KeyLook {
    static let name = "redis_queues_wire"
    static let descriptors = QueueFamilies.all

    enum Purpose: Sendable {
        /// Whether a database has the key.
        case presence(BusyKey, database: Int)
        case type(BusyKey, database: Int)
        case length(BusyKey, QueueKeyType)
        case first(BusyKey, QueueKeyType)
    }

    let pace: Duration
    let isWanted: Bool
    var trips = RoundTrips<Purpose>()
    var stage = KeyLookStage.idle
    private let busiest: @Sendable () -> [BusyKey]
    private let known: KnownQueues
    private var figures = QueueFigures(Self.system) { $0 }
    /// The type that a key had last, for the time when there is no job and so no key.
    private var types: [String: QueueKeyType] = [:]

    /// The value of the `system` label.
    private static let system = "wire"
    /// Databases that are looked at.
    private static let mostDatabases = 16

    /// - Parameters:
    ///   - busiest: the queues that clients use most; nil where the traffic is not seen.
    ///   - known: those that other parts look at.
    init(_ settings: KeySettings, _ busiest: (@Sendable () -> [BusyKey])?, except known: KnownQueues) {
        pace = settings.interval
        isWanted = settings.queues == .auto && busiest != nil
        self.busiest = busiest ?? { [] }
        self.known = known
    }

    mutating func enter(_ stage: KeyLookStage, _ poll: RedisPoll) {
        guard stage == .looking else { return }
        figures = QueueFigures(Self.system) { $0 }
        let keys = busiest().prefix(BusyKey.most).filter { !known.contain($0.name) }
        types = types.filter { type in keys.contains { $0.name == type.key } }
        for key in keys { figures.add(jobs: 0, key.label, types[key.name]?.state ?? "waiting") }
        // The traffic does not tell which database a client has selected. This finds out where the key is without
        // counting as a hit or a miss.
        for database in poll.info.keyspace.databases.prefix(Self.mostDatabases) {
            for key in keys {
                trips.add(RedisQuery("MEMORY USAGE", key.name), in: database, .presence(key, database: database))
            }
        }
    }

    mutating func take(_ reply: RedisReply, for purpose: Purpose, in poll: RedisPoll) {
        switch purpose {
        case .presence(let key, let database):
            guard case .integer = reply else { return }
            trips.add(RedisQuery("TYPE", key.name), in: database, .type(key, database: database))
        case .type(let key, let database):
            guard let type = QueueKeyType(reply) else { return }
            types[key.name] = type
            trips.add(type.length(of: key.name), in: database, .length(key, type))
            // The entries of a stream stay when they were read: the first one is no job that waits.
            if type != .stream, let first = type.first(of: key.name) {
                trips.add(first, in: database, .first(key, type), cost: type.costOfFirst)
            }
        case .length(let key, let type):
            if let count = reply.integer { figures.add(jobs: Double(count), key.label, type.state) }
        case .first(let key, let type):
            if let age = type.age(reply, at: poll.serverTime) { figures.add(age: age, key.label) }
        }
    }

    /// Nobody has asked for it: a user that may not see these keys sees none.
    func shortcoming(of answers: RedisAnswers) -> CollectorFailure? { nil }

    func finish(_ poll: RedisPoll) -> Samples { figures.samples }
}
