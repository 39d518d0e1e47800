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

    public nonisolated let address: RedisAddress
    /// The value of the `target` label.
    public nonisolated var label: String { address.label }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }
    private nonisolated let executor: BlockingExecutor
    private nonisolated let status = Mutex(RedisTargetStatus())

    private let settings: RedisSettings
    private let companion: RedisCompanion
    private var connection: RedisConnection?
    private var agenda = Agenda()
    private var infoDetail = InfoDetail.everything
    private var slowlog: Slowlog
    private var config: ConfigParameters?
    private var histograms: Samples?
    private var percentiles: LatencyPercentiles?
    /// Commands that were carried out on earlier connections.
    private var executedEarlier: UInt64 = 0
    private var runID = ""

    /// - Parameter companion: what somebody else wants to know of the server besides its samples.
    public init(_ address: RedisAddress, _ settings: RedisSettings, companion: RedisCompanion = RedisCompanion()) {
        self.address = address
        self.settings = settings
        self.companion = companion
        parts =
            [
                Self.infoPart, LatencySpikes.part, LatencyHistograms.part, LatencyPercentiles.part, Slowlog.part,
                ClusterInfo.part, ConfigParameters.part,
            ] + companion.parts
        slowlog = Slowlog(keyGroup: companion.keyGroup)
        executor = BlockingExecutor("redis \(address.label.suffix(9))")
    }

    /// What is known besides the samples; may be asked at any time, also during a poll.
    public nonisolated var currentStatus: RedisTargetStatus { status.withLock { $0 } }

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
        agenda = Agenda()
        config = nil
        histograms = nil
        percentiles = nil
    }

    private func poll(before deadline: Deadline) throws(CollectorFailure) -> Collected {
        let isKept = connection != nil && connection?.isSpent() == false
        if !isKept { try connect(before: deadline) }
        do throws(CollectorFailure) {
            return try ask(before: deadline)
        } catch {
            guard isKept, error.reason == .closed || error.reason == .auth else { throw error }
            beginCount()
            try connect(before: deadline)
            return try ask(before: deadline)
        }
    }

    private func connect(before deadline: Deadline) throws(CollectorFailure) {
        disconnect()
        let start = ContinuousClock.now
        connection = try RedisConnection.open(to: address, settings, before: deadline.orAfter(settings.connectTimeout))
        let server = connection?.server ?? ServerIdentity()
        infoDetail = InfoDetail(for: server)
        if server.runID != runID { beginCount() }
        runID = server.runID
        let duration = ContinuousClock.now - start
        status.withLock {
            $0.connects &+= 1
            $0.lastConnectDuration = duration
        }
        companion.onConnect?()
    }

    /// One poll on the connection that there is.
    private func ask(before deadline: Deadline) throws(CollectorFailure) -> Collected {
        let deadline = deadline.orAfter(settings.timeout)
        let server = connection?.server ?? ServerIdentity()
        let questions = agenda.due(on: server, at: .now).filter(companion.wants)
        let executedBefore = executed
        let replies = try pipeline(questions.map { command(for: $0, on: server) }, before: deadline)
        noteCount(executedBefore)
        let probed = try probe(before: deadline)
        var answers = Answers(replies + probed, to: questions + probed.map { _ in .probe })
        try askForLessInfo(&answers, before: deadline)

        keep(&config, for: settings.configInterval, .config, &answers) { reply throws(CollectorFailure) in
            try ConfigParameters(reply)
        }
        let info = answers.take(.info, decodeInfo)
        let usage = info?.commands.usage ?? [:]
        keep(&histograms, for: settings.histogramInterval, .latencyHistograms, &answers) {
            reply throws(CollectorFailure) in try LatencyHistograms.decode(reply, usage: usage)
        }
        keep(&percentiles, for: settings.percentilesInterval, .latencyPercentiles, &answers) {
            reply throws(CollectorFailure) in try LatencyPercentiles(reply)
        }
        answers.add(info?.samples)
        answers.add(config?.samples)
        answers.add(histograms)
        answers.add(percentiles?.samples(usage: usage))
        answers.add(answers.take(.latencySpikes, LatencySpikes.decode))
        answers.add(answers.take(.clusterInfo, ClusterInfo.decode))
        try takeSlowlog(&answers, runID: server.runID, before: deadline)
        tellCompanion(&answers)
        _ = answers.take(.probe) { _ in }

        for question in answers.refused { agenda.rest(question, until: .now + settings.refusalInterval) }
        note(info)
        return try answers.collected(parts: parts)
    }

    private func command(for question: Question, on server: ServerIdentity) -> [String] {
        switch question {
        case .info: infoDetail.command
        case .latencySpikes: LatencySpikes.command
        case .latencyHistograms: LatencyHistograms.command
        case .latencyPercentiles: LatencyPercentiles.command
        case .slowlogLength: Slowlog.lengthCommand
        case .slowlogEntries: Slowlog.command(for: Slowlog.usualCount)
        case .clusterInfo: ClusterInfo.command
        case .config: ConfigParameters.command(for: server)
        case .commands: CommandCatalogue.command
        case .clients: ClientList.command
        case .probe: []
        }
    }

    /// Passes on the table of commands, once per connection, and the list of clients, now and then.
    private func tellCompanion(_ answers: inout Answers) {
        if let commands = answers.take(.commands, CommandCatalogue.decode) {
            companion.onCommands?(commands)
            agenda.rest(.commands, until: .now + settings.commandsInterval)
        }
        if let clients = answers.take(.clients, ClientList.decode) {
            companion.onClients?(clients)
            agenda.rest(.clients, until: .now + settings.clientsInterval)
        }
    }

    /// Times TYPE of each probed key, in a round trip of its own.
    ///
    /// - Returns: the reply to the last key that was asked; the first error ends the round. Empty without keys.
    private func probe(before deadline: Deadline) throws(CollectorFailure) -> [Reply] {
        var last: [Reply] = []
        for key in companion.probedKeys {
            let start = ContinuousClock.now
            last = try pipeline([["TYPE", key]], before: deadline)
            let duration = ContinuousClock.now - start
            if case .error? = last.first { break }
            companion.onProbe?(key, duration)
        }
        return last
    }

    private func pipeline(_ commands: [[String]], before deadline: Deadline) throws(CollectorFailure) -> [Reply] {
        let replies = try connection?.pipeline(commands, before: deadline) ?? []
        for case .error(let text) in replies where text.hasPrefix("NOAUTH") {
            throw CollectorFailure(serverError: text, to: "")
        }
        return replies
    }

    /// Falls back to shorter forms of INFO on servers and proxies that do not know the longer ones.
    private func askForLessInfo(_ answers: inout Answers, before deadline: Deadline) throws(CollectorFailure) {
        while answers.wantsLessInfo, let next = infoDetail.next {
            infoDetail = next
            let executedBefore = executed
            answers.replace(.info, by: try pipeline([next.command], before: deadline)[0])
            noteCount(executedBefore)
        }
    }

    /// Takes the answer to a question that is not asked in every poll; without a new one the last one stands.
    private func keep<Kept>(
        _ kept: inout Kept?, for interval: Duration, _ question: Question, _ answers: inout Answers,
        _ decode: (Reply) throws(CollectorFailure) -> Kept
    ) {
        guard answers.has(question) else { return }
        kept = answers.take(question, decode)
        if kept != nil { agenda.rest(question, until: .now + interval) }
    }

    private func decodeInfo(_ reply: Reply) throws(CollectorFailure) -> InfoReply {
        guard case .bulk(let text) = reply, !text.isEmpty else {
            throw CollectorFailure(.malformed, "INFO answered with something else than a text")
        }
        let databases = connection?.server.mode == .cluster ? 1 : config?.databases
        return InfoReply(text, databases: databases, now: Double(time(nil)))
    }

    private func takeSlowlog(
        _ answers: inout Answers, runID: String, before deadline: Deadline
    ) throws(CollectorFailure) {
        let length = answers.take(.slowlogLength) { reply throws(CollectorFailure) in
            guard let length = reply.integer else {
                throw CollectorFailure(.malformed, "SLOWLOG LEN answered with something else than a number")
            }
            return length
        }
        let newest = answers.take(.slowlogEntries, Slowlog.decode)
        guard let length, var entries = newest else { return }
        if let count = slowlog.missing(after: entries, runID: runID) {
            answers.replace(.slowlogEntries, by: try pipeline([Slowlog.command(for: count)], before: deadline)[0])
            entries = answers.take(.slowlogEntries, Slowlog.decode) ?? entries
        }
        let new = slowlog.take(entries, length: length, capacity: config?.slowlogCapacity, runID: runID)
        answers.add(slowlog.samples(length: length, entries: entries))
        if !new.isEmpty { companion.onSlowCommands?(new) }
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
    private func note(_ info: InfoReply?) {
        let facts = info.map(RedisFacts.init)
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
