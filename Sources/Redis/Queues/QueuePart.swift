// The jobs of one queue system: which queues there are, how many jobs each has in which state, and for how long the
// oldest one waits. Nothing is written, and no job is taken or changed.

import Metrics

/// The part of a poll that looks at the queues of one system.
struct QueuePart<System: QueueSystem>: KeyLook {
    static var name: String { "redis_queues_" + System.name }
    static var descriptors: [Descriptor] { [] }

    enum Purpose: Sendable {
        case registry
        case members
        case scan
        case bindings
        case length(queue: String, state: String)
        case firstLength(queue: String)
        case job(queue: String)
        case jobTime(queue: String)
        case pausedQueues
        case isSuspended
        case isPaused(queue: String)
        case workers(queue: String)
        case processes
        case busy
        case counter(QueueCounter.Kind, queue: String)
    }

    let pace: Duration
    var trips = RoundTrips<Purpose>()
    var stage = KeyLookStage.idle
    private let isNamed: Bool
    private let otherParts: KnownQueues
    private let judge: @Sendable (String) -> String
    private var figures: QueueFigures
    private var walk: KeyWalks?
    private var queues: [String] = []
    private var known: Set<String> = []
    private var queuesLeftOut = 0
    /// Whether the system is in use, as far as is known.
    private var isPresent = false
    private var nextSearch = ContinuousClock.now

    /// Queues of one system that are looked at.
    static var mostQueues: Int { 100 }
    /// How often a system is looked for that was not there.
    private static var searchInterval: Duration { .seconds(600) }

    /// The keys of one queue may be on different nodes of a cluster, which these systems do not support.
    func concerns(_ server: ServerIdentity) -> Bool { server.mode != .sentinel && server.mode != .cluster }

    /// - Parameters:
    ///   - isNamed: whether the operator has named the system, and not left it to us to find it.
    ///   - known: gets the keys that are looked at.
    init(_ settings: KeySettings, isNamed: Bool, _ known: KnownQueues = KnownQueues()) {
        otherParts = known
        pace = settings.interval
        self.isNamed = isNamed
        judge = settings.queueLabel
        figures = QueueFigures(System.name, settings.queueLabel)
        switch System.discovery {
        case .members: break
        case .keys(let prefix, let suffix, let type):
            walk = KeyWalks([KeyWalk(KeyPattern(prefix + "*" + suffix), type: type)])
        case .bindings(let prefix, _): walk = KeyWalks([KeyWalk(KeyPattern(prefix + "*"), type: "set")])
        }
    }

    mutating func enter(_ stage: KeyLookStage, _ poll: RedisPoll) {
        if stage == .looking { return look() }
        guard isPresent || isNamed || poll.now >= nextSearch else { return }
        (queues, known, queuesLeftOut) = ([], [], 0)
        figures = QueueFigures(System.name, judge)
        switch System.discovery {
        case .keys: search(poll)
        case .members(let key, _), .bindings(_, let key):
            // It finds out whether there is such a key without counting as a miss.
            trips.add(RedisQuery("MEMORY USAGE", key), in: 0, .registry)
        }
    }

    private mutating func search(_ poll: RedisPoll) {
        if case .members(let key, _) = System.discovery {
            trips.add(RedisQuery("SMEMBERS", key, bound: Self.listBound), in: 0, .members, cost: 50)
        } else if var walk {
            for index in walk.begin(on: poll.server, at: poll.now) {
                trips.add(walk.walks[index].query, in: 0, .scan, cost: KeyWalk.cost)
            }
            self.walk = walk
        }
    }

    /// For names of queues and processes.
    private static var listBound: ReplyBound { ReplyBound(bytes: 256 << 10, isOptional: true) }

    private mutating func look() {
        guard isPresent else { return }
        var keys: Set<String> = []
        defer { otherParts.note(keys, of: name) }
        for collection in System.collections {
            for queue in collection.isOfQueue ? queues : [""] {
                keys.insert(collection.key.of(queue))
                let isFirst = collection.key == System.oldest?.list.key
                trips.add(
                    RedisQuery(collection.command, collection.key.of(queue)), in: 0,
                    isFirst ? .firstLength(queue: queue) : .length(queue: queue, state: collection.state))
            }
        }
        switch System.paused {
        case .member(let key): trips.add(RedisQuery("SMEMBERS", key, bound: Self.listBound), in: 0, .pausedQueues)
        case .key(let key): trips.add(RedisQuery("MEMORY USAGE", key), in: 0, .isSuspended)
        case .field(let field, let key):
            for queue in queues {
                trips.add(RedisQuery("HGET", key.of(queue), field), in: 0, .isPaused(queue: queue))
            }
        case nil: break
        }
        switch System.workers {
        case .members(let key):
            for queue in key.mentions("@") ? queues : [""] {
                trips.add(RedisQuery("SCARD", key.of(queue)), in: 0, .workers(queue: queue))
            }
        case .hashes(let key, _):
            trips.add(RedisQuery("SMEMBERS", key, bound: Self.listBound), in: 0, .processes, cost: 20)
        case nil: break
        }
        for counter in System.counters {
            for queue in counter.key.mentions("@") ? queues : [""] {
                let key = counter.key.of(queue)
                let query =
                    counter.field.map { RedisQuery("HGET", key, $0) } ?? RedisQuery("GETRANGE", key, "0", "31")
                trips.add(query, in: 0, .counter(counter.kind, queue: queue))
            }
        }
    }

    mutating func take(_ reply: RedisReply, for purpose: Purpose, in poll: RedisPoll) {
        switch purpose {
        case .registry: takeRegistry(reply, poll)
        case .members, .scan, .bindings: takeQueues(reply, purpose)
        case .length(let queue, let state):
            if let count = reply.integer { figures.add(jobs: Double(count), queue, state) }
        case .firstLength(let queue):
            guard let count = reply.integer else { return }
            figures.add(jobs: Double(count), queue, "waiting")
            if count > 0 { askOldest(queue) } else { figures.add(age: 0, queue) }
        case .job(let queue): takeJob(reply, queue, poll)
        case .jobTime(let queue):
            if let time = reply.bytes.flatMap(JobTime.seconds) {
                figures.add(age: max(0, poll.serverTime - time), queue)
            }
        case .pausedQueues:
            let paused = Set((reply.elements ?? []).compactMap(\.text))
            for queue in queues { figures.set(paused: paused.contains(queue), queue) }
        case .isSuspended:
            if reply.isError { return }
            for queue in queues { figures.set(paused: reply != .null, queue) }
        case .isPaused(let queue):
            if !reply.isError { figures.set(paused: reply.text.map { $0 != "0" } ?? false, queue) }
        case .workers(let queue):
            if let count = reply.integer { figures.add(workers: Double(count), queue) }
        case .processes, .busy: takeProcesses(reply, purpose)
        case .counter(let kind, let queue):
            if let count = reply.integer { figures.add(kind, Double(count), queue) }
        }
    }

    private mutating func takeRegistry(_ reply: RedisReply, _ poll: RedisPoll) {
        isPresent = reply.integer != nil
        nextSearch = poll.now + Self.searchInterval
        if isPresent { search(poll) }
    }

    private mutating func takeQueues(_ reply: RedisReply, _ purpose: Purpose) {
        switch System.discovery {
        case .members(_, let prefix):
            for name in (reply.elements ?? []).compactMap(\.text) where name.hasPrefix(prefix) {
                add(queue: String(name.dropFirst(prefix.count)))
            }
        case .keys(let prefix, let suffix, _):
            if let query = walk?.take(reply, of: 0) {
                return trips.add(query, in: 0, .scan, cost: KeyWalk.cost)
            }
            for key in walk?.walks[0].names ?? [] where key.count > prefix.count + suffix.count {
                add(queue: String(key.dropFirst(prefix.count).dropLast(suffix.count)))
            }
            isPresent = !queues.isEmpty
        case .bindings:
            if case .bindings = purpose { return takeBindings(reply) }
            if let query = walk?.take(reply, of: 0) { return trips.add(query, in: 0, .scan, cost: KeyWalk.cost) }
            for key in (walk?.walks[0].names ?? []).prefix(Self.mostQueues) where !Celery.isInternal(key) {
                trips.add(RedisQuery("SMEMBERS", key, bound: Self.listBound), in: 0, .bindings, cost: 5)
            }
        }
    }

    /// Each member of a binding ends with the name of a queue.
    private mutating func takeBindings(_ reply: RedisReply) {
        for member in (reply.elements ?? []).compactMap(\.text) {
            let parts = member.split(separator: "\u{16}", omittingEmptySubsequences: false)
            if let queue = parts.last, !queue.isEmpty { add(queue: String(queue)) }
        }
    }

    private mutating func add(queue: String) {
        guard known.insert(queue).inserted else { return }
        if queues.count < Self.mostQueues { queues.append(queue) } else { queuesLeftOut += 1 }
    }

    private mutating func askOldest(_ queue: String) {
        guard let (key, index) = System.oldest?.list else { return }
        trips.add(RedisQuery("LINDEX", [key.of(queue), String(index)], bound: .job), in: 0, .job(queue: queue))
    }

    private mutating func takeJob(_ reply: RedisReply, _ queue: String, _ poll: RedisPoll) {
        guard let bytes = reply.bytes else { return }
        switch System.oldest {
        case .inList(_, _, let field):
            if let time = JobTime.field(field, of: bytes).flatMap(JobTime.seconds) {
                figures.add(age: max(0, poll.serverTime - time), queue)
            }
        case .inHash(_, _, let hash, let field):
            guard bytes.count <= 256, let number = String(validating: bytes, as: UTF8.self) else { return }
            let key = hash.filling("#", with: number).of(queue)
            trips.add(RedisQuery("HGET", key, field), in: 0, .jobTime(queue: queue))
        case nil: break
        }
    }

    /// A process that has no hash any more is gone.
    private mutating func takeProcesses(_ reply: RedisReply, _ purpose: Purpose) {
        guard case .hashes(_, let field)? = System.workers else { return }
        if case .processes = purpose {
            let processes = (reply.elements ?? []).compactMap(\.text).prefix(Self.mostQueues)
            if !reply.isError { figures.add(workers: 0, "") }
            for process in processes { trips.add(RedisQuery("HGET", process, field), in: 0, .busy) }
        } else if let busy = reply.integer {
            figures.add(workers: 1, "")
            figures.add(jobs: Double(busy), "", "active")
        }
    }

    /// A system that the operator has not named, and that the user may not see, counts as one that is not there.
    func shortcoming(of answers: RedisAnswers) -> CollectorFailure? {
        isNamed || isPresent ? denial(in: answers) : nil
    }

    mutating func finish(_ poll: RedisPoll) -> Samples {
        guard isPresent else { return Samples() }
        var samples = figures.samples
        samples.add(QueueFamilies.leftOut, Double(queuesLeftOut), System.name)
        return samples
    }
}

extension Celery {
    /// Whether a binding serves the workers' own messages: control, replies and events.
    static func isInternal(_ key: String) -> Bool {
        key.hasSuffix(".pidbox") || key.hasSuffix("celeryev") || key.mentions(".reply.")
    }
}

extension ReplyBound {
    /// Of a single job, of which only its time is wanted. A larger one is passed over.
    static let job = ReplyBound(bytes: 64 << 10, isOptional: true)
}
