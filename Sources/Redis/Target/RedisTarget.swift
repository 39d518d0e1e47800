// One Redis that is watched: keeps a connection to it, asks all that is due in one round trip per poll, and puts the
// answers together. A part that is refused costs its own families only.

import Glibc
public import Metrics
import Synchronization
import System

/// Polls one Redis, Valkey or Sentinel.
///
/// Each poll is one pipeline on a connection that is kept open. A kept connection that turns out to be closed is
/// replaced once within the same poll, so that a restart or a CLIENT KILL between polls is no failure.
public actor RedisTarget: Collector {
    public nonisolated let name = "redis"
    public nonisolated let parts: [String]
    static let infoPart = "redis_info"

    /// The value of the `target` label.
    public nonisolated let label: String

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }
    private nonisolated let executor: BlockingExecutor
    private nonisolated let status = Mutex(RedisTargetStatus())

    private nonisolated let isToAskAgain = Atomic(false)

    private let route: ServerRoute
    private var roleWatch = RoleWatch()
    private let settings: RedisSettings
    private let companion: RedisCompanion
    var connection: RedisConnection?
    private var agenda = Agenda()
    var infoForm = InfoForm(for: ServerIdentity())
    var configForm = ConfigForm.all
    /// How many parameters that form is known to bring.
    var configWorth = Int.max
    private var slowlog: Slowlog
    private var config: ConfigParameters?
    private var histograms: Samples?
    private var slots: Samples?
    private var roles = RoleChanges()
    private var clients = ClientFamilies()
    private var percentiles: LatencyPercentiles?
    /// Commands that were carried out on earlier connections.
    private var executedEarlier: UInt64 = 0
    private var runID = ""

    /// - Parameter companion: what somebody else wants to know of the server besides its samples.
    public init(_ address: RedisAddress, _ settings: RedisSettings, companion: RedisCompanion = RedisCompanion()) {
        self.init(address.label, .server(at: address, settings), settings, companion)
    }

    /// Watches the primary that Sentinels name, wherever it is; each poll asks them first.
    public init(_ group: SentinelAddress, _ settings: RedisSettings, companion: RedisCompanion = RedisCompanion()) {
        self.init(group.name, .primary(of: group, settings), settings, companion)
    }

    private init(
        _ label: String, _ route: ServerRoute, _ settings: RedisSettings, _ companion: RedisCompanion
    ) {
        self.label = label
        self.route = route
        self.settings = settings
        self.companion = companion
        parts =
            [
                Self.infoPart, LatencySpikes.part, LatencyHistograms.part, LatencyPercentiles.part, Slowlog.part,
                ClusterInfo.part, ConfigParameters.part, ClientList.part, CommandLog.part, SlotStatistics.part,
                SentinelDetails.part,
            ] + route.parts + companion.parts
        slowlog = Slowlog(keyGroup: companion.keyGroup)
        executor = BlockingExecutor("redis \(label.suffix(9))")
    }

    /// What is known besides the samples; may be asked at any time, also during a poll.
    public nonisolated var currentStatus: RedisTargetStatus { status.withLock { $0 } }

    /// Lets the next poll ask everything, also what the server has refused: the operator may have granted it.
    public nonisolated func askAgain() {
        isToAskAgain.store(true, ordering: .relaxed)
    }

    public func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        do throws(CollectorFailure) {
            return try poll(before: deadline)
        } catch {
            disconnect()
            beginCount()
            status.withLock { $0.facts = nil }
            throw error
        }
    }

    /// Closes the connection; the next poll opens another.
    public func disconnect() {
        executedEarlier = executed
        connection = nil
        agenda.startAgain()
        config = nil
        histograms = nil
        slots = nil
        clients.forget()
        percentiles = nil
    }

    private func poll(before deadline: Deadline) throws(CollectorFailure) -> Collected {
        if isToAskAgain.exchange(false, ordering: .relaxed) { agenda.startAgain() }
        let address = try route.destination(before: deadline)
        let isKept = isCurrent(for: address) && connection?.isSpent() == false
        if !isKept { try connect(to: address, before: deadline) }
        do throws(CollectorFailure) {
            return try ask(before: deadline)
        } catch {
            guard isKept, error.reason == .closed || error.reason == .auth else { throw error }
            beginCount()
            try connect(to: address, before: deadline)
            return try ask(before: deadline)
        }
    }

    /// Whether there is a connection that leads where it should.
    private func isCurrent(for address: RedisAddress) -> Bool {
        guard let connected = connection?.address, let peer = connection?.peer else { return false }
        return connected == address && route.leads(to: peer) && !roleWatch.isOutdated
    }

    private func connect(to address: RedisAddress, before deadline: Deadline) throws(CollectorFailure) {
        disconnect()
        let start = ContinuousClock.now
        connection = try RedisConnection.open(to: address, settings, before: deadline.orAfter(settings.connectTimeout))
        route.connected()
        roleWatch.connected()
        let server = connection?.server ?? ServerIdentity()
        if server.runID != runID { beginCount() }
        infoForm = InfoForm(for: server)
        (configForm, configWorth) = (ConfigForm(for: server), .max)
        // What one server cannot bear, another may.
        if server.runID.isEmpty || server.runID != runID { agenda = Agenda() }
        runID = server.runID
        let duration = ContinuousClock.now - start
        status.withLock {
            $0.address = address
            $0.connects &+= 1
            $0.lastConnectDuration = duration
        }
        companion.onConnect?(address)
    }

    /// One poll on the connection that there is.
    private func ask(before deadline: Deadline) throws(CollectorFailure) -> Collected {
        let deadline = deadline.orAfter(settings.timeout)
        let server = connection?.server ?? ServerIdentity()
        let questions = agenda.due(on: server, at: .now).filter { question in
            companion.wants(question) || (question == .clients && clients.areDue(at: .now))
        }
        let executedBefore = executed
        var answers = try ask(questions, before: deadline)
        noteCount(executedBefore)
        for question in [Question.clusterInfo, .slots] where answers.saysNotConcerned(question) {
            // A server may be no node of a cluster after all, or keep no statistics of its slots.
            guard question == .slots || server.isSilent else { continue }
            answers.withdraw(question)
            agenda.rest(question, until: .now + settings.refusalInterval)
        }
        try probe(&answers, before: deadline)
        let parameters = try takeConfig(&answers, before: deadline)
        if answers[.config] != nil {
            config = parameters
            if config != nil { agenda.rest(.config, until: .now + settings.configInterval) }
        }
        let info = try takeInfo(&answers, databases: config?.databases, before: deadline)
        if info.mode != .unknown { connection?.server.mode = info.mode }
        if let role = RedisFacts(info).role {
            try route.check(role)
            roleWatch.see(role, at: .now, patience: settings.nameInterval * 2)
        }
        let usage = info.commands.usage
        keep(&histograms, for: settings.histogramInterval, .latencyHistograms, &answers) {
            reply throws(CollectorFailure) in try LatencyHistograms.decode(reply, usage: usage)
        }
        keep(&percentiles, for: settings.percentilesInterval, .latencyPercentiles, &answers) {
            reply throws(CollectorFailure) in try LatencyPercentiles(reply)
        }
        keep(&slots, for: settings.slotsInterval, .slots, &answers, SlotStatistics.decode)
        answers.add(info.samples)
        answers.add(roles.samples(after: info.mode == .sentinel ? "sentinel" : info.instance["role"]))
        answers.add(slots)
        answers.add(config?.samples)
        answers.add(histograms)
        answers.add(percentiles?.samples(usage: usage))
        answers.add(answers.take(.latencySpikes, LatencySpikes.decode))
        answers.add(answers.take(.clusterInfo, ClusterInfo.decode))
        answers.add(answers.take(.commandLog, CommandLog.decode))
        try takeSlowlog(&answers, of: server, info, before: deadline)
        try takeSentinel(&answers, before: deadline)
        tellCompanion(&answers)
        answers.add(clients.samples)

        for question in answers.failed { agenda.rest(question, until: .now + settings.refusalInterval) }
        if let question = answers.breakingPoint { agenda.avoid(question, until: .now + settings.refusalInterval) }
        note(info)
        var collected = answers.collected(parts: parts, user: connection?.user ?? "default")
        route.report(to: &collected)
        return collected
    }

    /// Asks all questions in one round trip.
    private func ask(_ questions: [Question], before deadline: Deadline) throws(CollectorFailure) -> Answers {
        let commands = questions.map(commands)
        let bounds = zip(questions, commands).flatMap { question, own in own.map { _ in question.bound } }
        let answer = try pipeline(commands.flatMap(\.self), bounds, before: deadline)
        var rest = answer.replies[...]
        var replies: [Reply] = []
        for own in commands {
            guard rest.count >= own.count else { break }
            replies.append(Reply(joining: rest.prefix(own.count)))
            rest = rest.dropFirst(own.count)
        }
        return Answers(replies, to: questions, interruption: answer.interruption)
    }

    private func commands(for question: Question) -> [[String]] {
        switch question {
        case .info: [infoForm.detail.command]
        case .latencySpikes: [LatencySpikes.command]
        case .latencyHistograms: [LatencyHistograms.command]
        case .latencyPercentiles: [LatencyPercentiles.command]
        case .slowlogLength: [Slowlog.lengthCommand]
        case .slowlogEntries: [Slowlog.command(for: Slowlog.usualCount)]
        case .clusterInfo: [ClusterInfo.command]
        case .config: configForm.commands
        case .commands: [CommandCatalogue.command]
        case .clients: [ClientList.command]
        case .commandLog: CommandLog.commands
        case .slots: [SlotStatistics.command]
        case .sentinelMasters: [SentinelDetails.command]
        case .probe: []
        }
    }

    /// Passes on the table of commands, once per connection, and the list of clients, now and then.
    private func tellCompanion(_ answers: inout Answers) {
        if let commands = answers.take(.commands, CommandCatalogue.decode) {
            companion.onCommands?(commands)
            agenda.rest(.commands, until: .now + settings.commandsInterval)
        }
        if answers[.clients] == nil { return }
        let list = answers.take(.clients, ClientList.decode)
        clients.take(list, at: .now, interval: settings.clientCountsInterval)
        if let list {
            // Servers before Redis 6 have no users to learn.
            let isWanted = companion.wants(.clients)
            companion.onClients?(list.filter { !$0.user.isEmpty })
            // What was asked for the counts alone does not keep the capture waiting.
            if isWanted { agenda.rest(.clients, until: .now + settings.clientsInterval) }
        }
    }

    /// Asks something more in a round trip of its own.
    ///
    /// - Returns: fewer replies than commands where the connection is at its end, which is noted then.
    func ask(
        _ commands: [[String]], for question: Question, _ answers: inout Answers, before deadline: Deadline
    ) throws(CollectorFailure) -> [Reply] {
        if answers.isInterrupted { return [] }
        let executedBefore = executed
        let answer = try pipeline(commands, commands.map { _ in question.bound }, before: deadline)
        if question == .info { noteCount(executedBefore) }
        if let interruption = answer.interruption { answers.interrupt(question, interruption) }
        return answer.replies
    }

    /// Times TYPE of each probed key, in a round trip of its own. The first error ends the round.
    private func probe(_ answers: inout Answers, before deadline: Deadline) throws(CollectorFailure) {
        guard agenda.isDue(.probe, at: .now) else { return }
        var last: Reply?
        for key in companion.probedKeys {
            let start = ContinuousClock.now
            last = try ask([["TYPE", key]], for: .probe, &answers, before: deadline).first
            let duration = ContinuousClock.now - start
            guard let last else { return }
            if case .error = last { break }
            companion.onProbe?(key, duration)
        }
        guard let last else { return }
        answers.add(.probe, last)
        _ = answers.take(.probe) { _ in }
    }

    /// - Throws: also when the server wants a password all of a sudden.
    private func pipeline(
        _ commands: [[String]], _ bounds: [ReplyBound], before deadline: Deadline
    ) throws(CollectorFailure) -> RedisConnection.Answer {
        guard let answer = try connection?.pipeline(commands, bounds: bounds, before: deadline) else {
            throw CollectorFailure(.closed, "there is no connection")
        }
        for case .error(let text) in answer.replies where text.hasPrefix("NOAUTH") {
            throw CollectorFailure(serverError: text, to: "")
        }
        return answer
    }

    /// Takes the answer to a question that is not asked in every poll; without a new one the last one stands.
    private func keep<Kept>(
        _ kept: inout Kept?, for interval: Duration, _ question: Question, _ answers: inout Answers,
        _ decode: (Reply) throws(CollectorFailure) -> Kept
    ) {
        guard answers[question] != nil else { return }
        kept = answers.take(question, decode)
        if kept != nil { agenda.rest(question, until: .now + interval) }
    }

    private func takeSlowlog(
        _ answers: inout Answers, of server: ServerIdentity, _ info: InfoReply, before deadline: Deadline
    ) throws(CollectorFailure) {
        let length = answers.take(.slowlogLength) { reply throws(CollectorFailure) in
            guard let length = reply.integer else {
                throw CollectorFailure(.malformed, "SLOWLOG LEN answered with something else than a number")
            }
            return length
        }
        let newest = answers.take(.slowlogEntries, Slowlog.decode)
        guard let length, var entries = newest else { return }
        if let count = slowlog.missing(after: entries, length: length, runID: server.runID) {
            let more = try ask([Slowlog.command(for: count)], for: .slowlogEntries, &answers, before: deadline)
            if let reply = more.first { answers.replace(.slowlogEntries, by: reply) }
            entries = answers.take(.slowlogEntries, Slowlog.decode) ?? entries
        }
        let slowCalls = info.commands.slowCalls
        let new = slowlog.take(
            entries, length: length, capacity: config?.slowlogCapacity, served: slowCalls.isEmpty ? nil : slowCalls,
            from: SlowlogWriter(server, info, at: Int64(time(nil))))
        answers.add(slowlog.samples(length: length, entries: entries))
        if !new.isEmpty { companion.onSlowCommands?(new) }
    }

    /// Asks a Sentinel about all of its primaries, in a second round trip.
    private func takeSentinel(_ answers: inout Answers, before deadline: Deadline) throws(CollectorFailure) {
        guard let primaries = answers.take(.sentinelMasters, SentinelDetails.decode), !primaries.isEmpty else { return }
        let questions = primaries.map(SentinelDetails.commands)
        let commands = Array(questions.joined())
        var replies = try ask(commands, for: .sentinelMasters, &answers, before: deadline)[...]
        guard replies.count == commands.count else { return }
        var samples = Samples()
        for (primary, questions) in zip(primaries, questions) {
            SentinelDetails.add(primary, replies.prefix(questions.count), to: &samples)
            replies = replies.dropFirst(questions.count)
        }
        answers.add(samples)
    }

    /// Commands of ours that the server has carried out.
    private var executed: UInt64 { executedEarlier &+ (connection?.commandsExecuted ?? 0) }

    /// From here on our commands are counted anew.
    private func beginCount() {
        status.withLock { $0.count &+= 1 }
    }

    /// Notes how many commands of ours came before an INFO that has just been answered.
    private func noteCount(_ executed: UInt64) {
        let now = ContinuousClock.now
        status.withLock {
            $0.ownCommands = executed
            $0.counted = now
        }
    }

    /// Updates what the rest of the program may ask.
    private func note(_ info: InfoReply) {
        let facts = RedisFacts(info)
        let roundTrips = connection?.roundTrips ?? 0
        let traffic = connection?.traffic ?? ByteStream.Traffic()
        status.withLock {
            $0.facts = facts
            $0.roundTrips = roundTrips
            $0.bytesSent = traffic.sent
            $0.bytesReceived = traffic.received
        }
    }
}
