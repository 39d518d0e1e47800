// What is known of open connections: how many each client has, what each is doing and until when it may. It decides
// which client is let in, which has to go, and when a stopping server has nothing left to finish. It touches no socket
// and reads no clock.

/// What is known of every open connection.
struct ConnectionTracker {
    /// A connection, by the number of its descriptor.
    typealias ID = Int32

    /// What to do with a client that wants to connect.
    enum Admission: Equatable {
        case welcome
        /// There is room once this connection is cut.
        case insteadOf(ID)
        case refused
    }

    /// What a connection is doing.
    ///
    ///     accepted ──► waiting ──► receiving ──► responding ─┐
    ///                     ▲     first line    answer made    │
    ///                     └────────── answer sent ───────────┘
    ///                     │             │             │
    ///                idle too long,  head or body  read too slowly,
    ///                or its place    too slow, or  or the server
    ///                is needed       its place is  stops
    ///                     │          needed           │
    ///                     └───────────► cut ◄─────────┘ ──► closed
    private enum Phase: Int {
        /// Nothing has been asked yet, or everything that was is answered.
        case waiting
        /// Its request line is here, its answer not.
        case receiving
        case responding
        /// It has been cut and will be closed.
        case cut
    }

    private struct Entry {
        /// Whose it is: an address, of IPv6 its network.
        let client: ClientAddress
        var phase: Phase
        /// When it came into that phase.
        let since: ContinuousClock.Instant
        let deadline: ContinuousClock.Instant
    }

    private let limits: HTTPLimits
    private var entries: [ID: Entry] = [:]
    private var clients: [ClientAddress: Int] = [:]
    /// Connections that have been cut and are not closed yet: they take no place any more.
    private var cutCount = 0

    init(limits: HTTPLimits) {
        self.limits = limits
    }

    var count: Int { entries.count }

    /// True while a request is coming in or an answer is going out.
    var isBusy: Bool { entries.values.contains { $0.phase == .receiving || $0.phase == .responding } }

    /// Whether one more connection of this client has a place.
    ///
    /// The newest gets in: a client that has all its places makes room among them. When all places are taken, the
    /// client with the most does, and among equals the slowest of all. So neither slow requests from many addresses nor
    /// many from one keep anybody out. An answer that is being read goes only when it is slow itself. Costs a look at
    /// every connection then, otherwise nothing to speak of.
    func admission(of client: ClientAddress, at now: ContinuousClock.Instant) -> Admission {
        let client = client.network
        let own = clients[client, default: 0]
        if client != .local && own >= limits.connectionsPerClient {
            return idlestOrSlowest(of: client, at: now).map { .insteadOf($0) } ?? .refused
        }
        guard entries.count - cutCount >= limits.connections else { return .welcome }
        // One more or less is no difference worth choosing anybody for.
        let greediest = clients.max { $0.value < $1.value }.flatMap { $0.value >= own + 2 ? $0.key : nil }
        return idlestOrSlowest(of: greediest, at: now).map { .insteadOf($0) } ?? .refused
    }

    /// The connection that has been idle longest.
    func longestWaiting() -> ID? {
        entries.filter { $0.value.phase == .waiting }.min { $0.value.since < $1.value.since }?.key
    }

    /// The connection that has been idle longest, of one client or of all. Without one the request that has been coming
    /// in longest, and without one the slow answer that has been going out longest.
    private func idlestOrSlowest(of client: ClientAddress?, at now: ContinuousClock.Instant) -> ID? {
        entries.filter { _, entry in
            entry.phase != .cut && (client == nil || entry.client == client)
                && (entry.phase != .responding || entry.since + ResponseTracker.slow <= now)
        }.min { ($0.value.phase.rawValue, $0.value.since) < ($1.value.phase.rawValue, $1.value.since) }?.key
    }

    mutating func open(_ id: ID, client: ClientAddress, at now: ContinuousClock.Instant) {
        let client = client.network
        entries[id] = Entry(client: client, phase: .waiting, since: now, deadline: now + limits.requestTime)
        clients[client, default: 0] += 1
    }

    /// The request line has arrived. On a new connection the clock has been running since it was opened.
    mutating func requestBegan(on id: ID, at now: ContinuousClock.Instant) {
        let deadline = now + limits.requestTime
        move(id, to: .receiving, at: now, until: min(deadline, entries[id]?.deadline ?? deadline))
    }

    /// The answer is on its way.
    ///
    /// - Returns: the answer that has been under way longest, where answers would take the places that are kept for
    ///   requests.
    mutating func responseBegan(on id: ID, at now: ContinuousClock.Instant) -> ID? {
        move(id, to: .responding, at: now, until: now + limits.responseTime)
        // Nearly always there are too few connections for that, and nothing to look through.
        guard entries.count > limits.connections - limits.keptForRequests else { return nil }
        let answers = entries.filter { $0.value.phase == .responding && $0.key != id }
        guard answers.count >= limits.connections - limits.keptForRequests else { return nil }
        return answers.min { $0.value.since < $1.value.since }?.key
    }

    /// The answer is out, or the request is given up.
    mutating func requestEnded(on id: ID, at now: ContinuousClock.Instant) {
        move(id, to: .waiting, at: now, until: now + limits.idleTime)
    }

    /// Notes that the connection is being shut down. It gives up its place at once.
    mutating func cut(_ id: ID) {
        guard let entry = entries[id], entry.phase != .cut else { return }
        entries[id]?.phase = .cut
        cutCount += 1
        leave(entry.client)
    }

    mutating func close(_ id: ID) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        if entry.phase == .cut {
            cutCount -= 1
        } else {
            leave(entry.client)
        }
    }

    /// The connections whose time is over.
    func overdue(at now: ContinuousClock.Instant) -> [ID] {
        entries.filter { $0.value.phase != .cut && $0.value.deadline <= now }.map(\.key)
    }

    /// When the time of the next connection is over.
    var nextDeadline: ContinuousClock.Instant? {
        entries.values.filter { $0.phase != .cut }.map(\.deadline).min()
    }

    /// The connections from which bytes are expected.
    var listening: [ID] {
        entries.filter { $0.value.phase == .waiting || $0.value.phase == .receiving }.map(\.key)
    }

    /// The connections on which nothing is under way.
    var waiting: [ID] {
        entries.filter { $0.value.phase == .waiting }.map(\.key)
    }

    private mutating func move(
        _ id: ID, to phase: Phase, at now: ContinuousClock.Instant, until deadline: ContinuousClock.Instant
    ) {
        guard let entry = entries[id], entry.phase != .cut else { return }
        entries[id] = Entry(client: entry.client, phase: phase, since: now, deadline: deadline)
    }

    private mutating func leave(_ client: ClientAddress) {
        let rest = clients[client, default: 0] - 1
        clients[client] = rest > 0 ? rest : nil
    }
}
