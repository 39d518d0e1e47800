// One lane for each protocol. Another protocol is a lane here, and a line in each of these functions.

/// The lanes of all protocols, and what they share.
struct Lanes: ~Copyable, Sendable {
    var redis: Lane<RedisBooks>
    var postgres: Lane<PostgresBooks>
    var http: Lane<HTTPBooks>
    private(set) var budget: Budget
    private var own = OwnConnections()

    init(_ settings: TrafficSettings) {
        budget = Budget(settings.limits)
        redis = Lane(settings.redis.targets, settings.limits) { RedisBooks(settings) }
        let ports = settings.ports.ports(of: .postgres).map { TrafficTarget(name: "\($0)", port: $0) }
        postgres = Lane(ports, settings.limits) { PostgresBooks(settings) }
        http = Lane([], settings.limits) {
            HTTPBooks(
                settings.http, ports: settings.ports.ports(of: .http), seed: settings.seed,
                lineRoom: settings.limits.unfinishedInAll)
        }
    }

    /// Gives a segment to the lane of its protocol.
    @inline(__always)
    mutating func take(_ captured: CapturedSegment, in frame: Span<UInt8>, of kind: WireProtocolKind) {
        switch kind {
        case .redis: redis.take(captured, in: frame, &own, &budget)
        case .postgres: postgres.take(captured, in: frame, &own, &budget)
        case .http: http.take(captured, in: frame, &own, &budget)
        }
        if budget.isOverdrawn { makeRoom() }
    }

    /// Whether a connection is followed.
    mutating func follow(_ key: FlowKey, hash: UInt64, of kind: WireProtocolKind) -> Bool {
        switch kind {
        case .redis: redis.follows(key, hash: hash)
        case .postgres: postgres.follows(key, hash: hash)
        case .http: http.follows(key, hash: hash)
        }
    }

    @inline(never)
    private mutating func makeRoom() {
        if budget.hasTooManyConnections {
            budget.shedFlows &+= 1
            evictOldest()
        }
        if budget.hasTooLargeQueues { shedQueues() }
    }

    /// Gives back queues that are empty. Where that is not enough the connections with the largest ones go.
    ///
    /// Costs passes over all connections. It ends with half of the room free, and so comes once for tens of thousands
    /// of requests.
    private mutating func shedQueues() {
        giveBackQueues()
        let enough = budget.limits.queueBytes / 2
        while budget.queueBytes > enough {
            let largest = max(redis.largestQueue, postgres.largestQueue, http.largestQueue)
            guard largest > 0 else { return }
            redis.evictQueues(from: largest, until: enough, &budget)
            postgres.evictQueues(from: largest, until: enough, &budget)
            http.evictQueues(from: largest, until: enough, &budget)
        }
    }

    private mutating func giveBackQueues() {
        redis.giveBackQueues(&budget)
        postgres.giveBackQueues(&budget)
        http.giveBackQueues(&budget)
    }

    /// Forgets, of all connections, the one that was quiet for longest.
    private mutating func evictOldest() {
        let oldest = WireProtocolKind.allCases.min { oldestStamp($0) < oldestStamp($1) }
        switch oldest {
        case .redis?: redis.evictOldest(&budget)
        case .postgres?: postgres.evictOldest(&budget)
        case .http?: http.evictOldest(&budget)
        case nil: break
        }
    }

    private func oldestStamp(_ kind: WireProtocolKind) -> UInt64 {
        let stamp =
            switch kind {
            case .redis: redis.oldestStamp
            case .postgres: postgres.oldestStamp
            case .http: http.oldestStamp
            }
        return stamp ?? .max
    }

    /// Lets a second begin; see ``Lane/beginSecond(at:wasSetBack:_:)``.
    mutating func beginSecond(at stamp: UInt64, wasSetBack: Bool) {
        redis.beginSecond(at: stamp, wasSetBack: wasSetBack, &budget)
        postgres.beginSecond(at: stamp, wasSetBack: wasSetBack, &budget)
        http.beginSecond(at: stamp, wasSetBack: wasSetBack, &budget)
        if budget.queueBytes > budget.limits.idleQueueBytes { giveBackQueues() }
    }

    /// Lets a minute begin; see ``Lane/turnMinute(isFirst:ages:_:)``.
    mutating func turnMinute(isFirst: Bool, ages: Bool) {
        redis.turnMinute(isFirst: isFirst, ages: ages, &budget)
        postgres.turnMinute(isFirst: isFirst, ages: ages, &budget)
        http.turnMinute(isFirst: isFirst, ages: ages, &budget)
    }

    /// Takes note that the capture is over.
    mutating func finish() {
        redis.rest(until: nil, &budget)
        postgres.rest(until: nil, &budget)
        http.rest(until: nil, &budget)
    }

    /// What is held at this moment, and what had to be given up.
    var memory: TrafficMemory {
        let lines = budget.limits.unfinishedInAll - http.books.lineRoom
        let unfinished = lines + postgres.sum { $0.keptBytes }
        return TrafficMemory(
            flows: TrafficMemory.Use(held: budget.flowBytes, shed: budget.shedFlows),
            exchanges: TrafficMemory.Use(held: budget.queueBytes, shed: budget.shedQueues),
            fragments: TrafficMemory.Use(
                held: budget.earlyBytes + TrafficLimits.earlySegmentCost * budget.earlySegments + unfinished,
                shed: budget.shedFragments))
    }

    /// The counts of all protocols together.
    var totals: TrafficTotals { redis.totals.adding(postgres.totals).adding(http.totals) }
}

// Connections of the program itself, whatever they speak.
extension Lanes {
    /// Leaves a connection out, and what has been seen of it.
    mutating func leaveOut(_ client: Endpoint) {
        own.open(client)
        // Its SYN may have passed; or its end belonged to a connection whose end was not seen.
        redis.leaveOut(client, &budget)
        postgres.leaveOut(client, &budget)
        http.leaveOut(client, &budget)
    }

    /// A connection that was left out was closed at this moment.
    mutating func hasClosed(_ client: Endpoint, at stamp: UInt64) {
        own.close(client, at: stamp)
    }
}

// Where the targets are.
extension Lanes {
    mutating func learnServers(_ endpoints: [Endpoint], of target: Int, _ kind: WireProtocolKind) {
        switch kind {
        case .redis: redis.learnServers(endpoints, of: target, &budget)
        case .postgres: postgres.learnServers(endpoints, of: target, &budget)
        case .http: http.learnServers(endpoints, of: target, &budget)
        }
    }
}
