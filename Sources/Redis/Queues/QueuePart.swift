// The jobs of one queue system: which queues there are, how many jobs each has in which state, and for how long the
// oldest one waits. Nothing is written, and no job is taken or changed.

import Metrics

/// The part of a poll that looks at the queues of one system.
struct QueuePart: KeyLook {
    static let name = "redis_queues"
    static var descriptors: [Descriptor] { QueueFamilies.all }

    enum Purpose: Sendable {
        case registry
        case registryType
        case registrySize
        case scan
        case set(MemberKind, key: String, page: Int)
        case length(queue: String, state: String)
        case firstLength(queue: String)
        case job(queue: String)
        case jobTime(queue: String)
        case isSuspended
        case isPaused(queue: String)
        case workers(queue: String)
        case busy
        case counter(QueueCounter.Kind, queue: String)
    }

    /// What the members of a set are.
    enum MemberKind: Sendable {
        case queues, bindings, pausedQueues, processes
    }

    let name: String
    let pace: Duration
    let isWanted: Bool
    private let system: QueueSystem
    var trips = RoundTrips<Purpose>()
    var stage = KeyLookStage.idle
    /// Whether the operator has named the system, and not left it to us to find it.
    private let isNamed: Bool
    private let otherParts: KnownQueues
    private let judge: @Sendable (String) -> String
    private var figures: QueueFigures
    private var walk: KeyWalks?
    private var names = QueueNames()
    /// Those that were found in this look: one may be on several pages.
    private var processes: Set<String> = []
    /// Whether the system is in use, as far as is known.
    private var isPresent = false
    /// Whether a key has turned out to be something else than the system would have there.
    private var isForeign = false
    private var nextSearch = ContinuousClock.now

    private var queues: [String] { names.all }

    /// Pages of one set that are read, 200 members each.
    private static let mostPages = 5
    /// How often a system is looked for that was not there.
    private static let searchInterval = Duration.seconds(600)

    /// The keys of one queue may be on different nodes of a cluster, which these systems do not support.
    func concerns(_ server: ServerIdentity) -> Bool { server.mode != .sentinel && server.mode != .cluster }

    /// - Parameter known: gets the keys that are looked at.
    init(_ system: QueueSystem, _ settings: KeySettings, _ known: KnownQueues) {
        self.system = system
        name = "\(Self.name)_\(system.name)"
        otherParts = known
        pace = settings.interval
        isWanted = settings.queues.include(system.name)
        isNamed = settings.queues != .auto
        judge = settings.queueLabel
        figures = QueueFigures(system.name, settings.queueLabel)
        switch system.discovery {
        case .members: break
        case .keys(let prefix, let suffix, let type):
            walk = KeyWalks([KeyWalk(KeyPattern(prefix + "*" + suffix), type: type)])
        case .bindings(let prefix, _): walk = KeyWalks([KeyWalk(KeyPattern(prefix + "*"), type: "set")])
        }
    }

    mutating func enter(_ stage: KeyLookStage, _ poll: RedisPoll) {
        if stage == .looking { return look() }
        guard isToSearch(at: poll.now) else { return }
        (names, isForeign) = (QueueNames(), false)
        figures = QueueFigures(system.name, judge)
        if system.discovery.registry == nil { search(poll) }
    }

    /// Finds out whether there is a registry without counting as a miss.
    var opening: (query: RedisQuery, purpose: Purpose)? {
        guard isToSearch(at: .now), let key = system.discovery.registry else { return nil }
        return (RedisQuery("MEMORY USAGE", key), .registry)
    }

    private func isToSearch(at now: ContinuousClock.Instant) -> Bool { isPresent || isNamed || now >= nextSearch }

    private mutating func search(_ poll: RedisPoll) {
        if case .members(let key, _) = system.discovery {
            read(.queues, of: key)
        } else if var walk {
            for index in walk.begin(on: poll.server) {
                trips.add(walk.walks[index].query, in: 0, .scan, cost: KeyWalk.cost)
            }
            self.walk = walk
        }
    }

    private mutating func read(_ kind: MemberKind, of key: String, page: Int = 0, from cursor: String = SetPage.start) {
        let query = SetPage.query(key, from: cursor)
        trips.add(query, in: 0, .set(kind, key: key, page: page), cost: SetPage.cost)
    }

    private mutating func look() {
        processes = []
        guard isPresent else { return }
        var keys: Set<String> = []
        defer { otherParts.note(keys, of: name) }
        for collection in system.collections {
            for queue in collection.isOfQueue ? queues : [""] {
                keys.insert(collection.key.of(queue))
                let isFirst = collection.key == system.oldest?.list.key
                trips.add(
                    RedisQuery(collection.command, collection.key.of(queue)), in: 0,
                    isFirst ? .firstLength(queue: queue) : .length(queue: queue, state: collection.state))
            }
        }
        switch system.paused {
        case .member(let key): read(.pausedQueues, of: key)
        case .key(let key): trips.add(RedisQuery("MEMORY USAGE", key), in: 0, .isSuspended)
        case .field(let field, let key):
            for queue in queues {
                trips.add(RedisQuery("HGET", key.of(queue), field), in: 0, .isPaused(queue: queue))
            }
        case nil: break
        }
        switch system.workers {
        case .members(let key):
            for queue in key.mentions("@") ? queues : [""] {
                trips.add(RedisQuery("SCARD", key.of(queue)), in: 0, .workers(queue: queue))
            }
        case .hashes(let key, _): read(.processes, of: key)
        case nil: break
        }
        for counter in system.counters {
            for queue in counter.key.mentions("@") ? queues : [""] {
                let key = counter.key.of(queue)
                let query =
                    counter.field.map { RedisQuery("HGET", key, $0) } ?? RedisQuery("GETRANGE", key, "0", "31")
                trips.add(query, in: 0, .counter(counter.kind, queue: queue))
            }
        }
    }

    mutating func take(_ reply: RedisReply, for purpose: Purpose, in poll: RedisPoll) {
        if case .error(let text) = reply, text.hasPrefix("WRONGTYPE") { isForeign = true }
        switch purpose {
        case .registry, .registryType: takeRegistry(reply, purpose, poll)
        case .registrySize: names.note(total: reply.integer.map { Int($0) } ?? 0)
        case .scan: takeKeys(reply)
        case .set(let kind, let key, let page):
            if let found = SetPage(reply) { take(found, kind, of: key, page) }
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
        case .isSuspended:
            if reply.isError { return }
            for queue in queues { figures.set(paused: reply != .null, queue) }
        case .isPaused(let queue):
            if !reply.isError { figures.set(paused: reply.text.map { $0 != "0" } ?? false, queue) }
        case .workers(let queue):
            if let count = reply.integer { figures.add(workers: Double(count), queue) }
        case .busy:
            // A process that has no hash any more is gone.
            guard let busy = reply.integer else { return }
            figures.add(workers: 1, "")
            figures.add(jobs: Double(busy), "", "active")
        case .counter(let kind, let queue):
            if let count = reply.integer { figures.add(kind, Double(count), queue) }
        }
    }

    /// A key of the registry's name may be anything, until its type is known.
    private mutating func takeRegistry(_ reply: RedisReply, _ purpose: Purpose, _ poll: RedisPoll) {
        nextSearch = poll.now + Self.searchInterval
        if case .registryType = purpose {
            isPresent = reply.keyType == "set"
        } else if reply.integer == nil {
            isPresent = false
        } else if !isPresent, let key = system.discovery.registry {
            return trips.add(RedisQuery("TYPE", key), in: 0, .registryType)
        }
        if isPresent { search(poll) }
    }

    private mutating func takeKeys(_ reply: RedisReply) {
        if let query = walk?.take(reply, of: 0) { return trips.add(query, in: 0, .scan, cost: KeyWalk.cost) }
        let keys = walk?.walks[0].names ?? []
        switch system.discovery {
        case .members: break
        case .keys(let prefix, let suffix, _):
            for key in keys where key.count > prefix.count + suffix.count {
                names.add(String(key.dropFirst(prefix.count).dropLast(suffix.count)))
            }
            isPresent = !queues.isEmpty
        case .bindings:
            for key in keys.prefix(QueueNames.most) where !Self.isInternal(key) { read(.bindings, of: key) }
        }
    }

    /// Whether a binding of Celery's serves the workers' own messages: control, replies and events.
    private static func isInternal(_ key: String) -> Bool {
        key.hasSuffix(".pidbox") || key.hasSuffix("celeryev") || key.mentions(".reply.")
    }

    private mutating func take(_ found: SetPage, _ kind: MemberKind, of key: String, _ page: Int) {
        switch kind {
        case .queues:
            let prefix = system.discovery.prefix
            for name in found.members where name.hasPrefix(prefix) { names.add(String(name.dropFirst(prefix.count))) }
        case .bindings:
            // Each ends with the name of a queue.
            for member in found.members {
                let parts = member.split(separator: "\u{16}", omittingEmptySubsequences: false)
                if let queue = parts.last, !queue.isEmpty { names.add(String(queue)) }
            }
        case .pausedQueues:
            let paused = Set(found.members)
            for queue in queues { figures.set(paused: paused.contains(queue), queue) }
        case .processes:
            guard case .hashes(_, let field)? = system.workers else { return }
            figures.add(workers: 0, "")
            for process in found.members where processes.insert(process).inserted {
                trips.add(RedisQuery("HGET", process, field), in: 0, .busy)
            }
        }
        guard let next = found.next else { return }
        let isEnough = page + 1 == Self.mostPages || kind == .queues && names.isFull
        if !isEnough { return read(kind, of: key, page: page + 1, from: next) }
        if kind == .queues { trips.add(RedisQuery("SCARD", key), in: 0, .registrySize) }
    }

    private mutating func askOldest(_ queue: String) {
        guard let (key, index) = system.oldest?.list else { return }
        trips.add(RedisQuery("LINDEX", [key.of(queue), String(index)], bound: .job), in: 0, .job(queue: queue))
    }

    private mutating func takeJob(_ reply: RedisReply, _ queue: String, _ poll: RedisPoll) {
        guard let bytes = reply.bytes else { return }
        switch system.oldest {
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

    /// A system that the operator has not named, and that the user may not see, counts as one that is not there.
    func shortcoming(of answers: RedisAnswers) -> CollectorFailure? {
        isNamed || isPresent ? denial(in: answers) : nil
    }

    mutating func finish(_ poll: RedisPoll) -> Samples {
        // It is not what it seemed to be; each query of another look would count as an error.
        if isForeign, !isNamed {
            isPresent = false
            otherParts.note([], of: name)
        }
        guard isPresent else { return Samples() }
        var samples = figures.samples
        samples.add(QueueFamilies.leftOut, Double(names.leftOut), system.name)
        return samples
    }
}

extension ReplyBound {
    /// Of a single job, of which only its time is wanted. A larger one is passed over.
    static let job = ReplyBound(bytes: 64 << 10, isOptional: true)
}
