// A Postgres server as a collector: one connection, kept from poll to poll, and one round trip for everything that is
// ours. What the user's own queries ask comes after it.
public import Metrics
import System

/// Polls one Postgres server over one connection at most.
///
/// The connection is kept; one that turns out to be closed is replaced once within the same poll. A poll that finds no
/// time left gives the connection up and asks the server to stop what it is doing. That may take a tenth of a second
/// more than the deadline.
public actor PostgresTarget: Collector {
    public nonisolated let name = "postgres"
    public nonisolated let parts: [String]

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private nonisolated let executor: BlockingExecutor
    private let options: PostgresOptions
    private let queriedParts: [any PostgresPart]
    private let canceller = Canceller()
    private var connection: PostgresConnection?
    private var session: PostgresSession?
    /// What a session of ours asks for at its start.
    private var startupOptions: StartupOptions
    /// How transactions of the kept session begin.
    private var opening: TransactionOpening
    /// What the kept session's settings were when it began.
    private var settings: Rows?
    private var schedule = PartSchedule()
    /// Families that a query of the user's own fills, and that are therefore not filled from here.
    private let takenOver: Set<String>

    public init(_ options: PostgresOptions) {
        self.options = options
        startupOptions = StartupOptions(timeout: options.timeout, wishes: options.access.address.options)
        opening = TransactionOpening(startupOptions)
        executor = BlockingExecutor("postgres")
        queriedParts = Self.queriedParts(options)
        takenOver = Set(options.queries.flatMap(\.descriptors).map(\.name))
        parts = [PostgresSession.name] + queriedParts.map(\.name)
    }

    /// Every family that this collector may fill, but for those of a queries file and for `pg_settings_*`, which has
    /// one family for each setting of the server.
    public static let descriptors: [Descriptor] =
        PostgresSession.descriptors + PostgresParts.builtIn().flatMap(\.descriptors) + CustomQueryPart.ownDescriptors

    private static func queriedParts(_ options: PostgresOptions) -> [any PostgresPart] {
        let own = options.queries.map { CustomQueryPart($0, options) }
        return (PostgresParts.builtIn(options) + own).filter { !options.exclusions.leaveOut($0) }
    }

    public func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        let isKept = connection != nil
        do throws(CollectorFailure) {
            return try poll(before: deadline)
        } catch {
            // Closed between two polls, as by a restart: that is no failure of this poll yet.
            guard isKept, error.reason == .closed, !deadline.isOver else { throw error }
            return try poll(before: deadline)
        }
    }
}

// MARK: One poll

extension PostgresTarget {
    private typealias Asked = (part: any PostgresPart, statement: Statement)

    private func poll(before deadline: Deadline) throws(CollectorFailure) -> Collected {
        defer { connection?.endPoll() }
        let session =
            if let session { session } else { try connect(before: deadline) }
        let now = ContinuousClock.now
        var collected = Collected()
        var ours: [Asked] = []
        var users: [Asked] = []
        for part in queriedParts {
            switch part.query(for: session) {
            case .nothing:
                collected.skipped.append(part.name)
            case .denied(let failure):
                collected.partFailures.append(Collected.PartFailure(part: part.name, failure: failure))
            case .ask where !schedule.isDue(part.name, at: now):
                keepAnswer(of: part, in: &collected)
            case .ask(let statement) where part is CustomQueryPart:
                users.append((part, statement))
            case .ask(let statement):
                ours.append((part, statement))
            }
        }
        let first = [StartupOptions.query, PostgresSession.statement]
        var results = answers(first + ours.map(\.statement), before: deadline)
        try requireUnchanged(results.removeFirst())
        try refreshSession(results.removeFirst().get(), in: &collected)
        let further = further(ours, results, session, at: now)
        // The user's queries come last: what they call may change the session for whatever follows.
        var later = laterAnswers(further + users, results, before: deadline)
        for ((part, _), answer) in zip(further, later) { part.takeFollowUp(answer, at: now) }
        later.removeFirst(further.count)
        for (query, result) in zip(ours + users, results + later) {
            note(result, of: query.part, session, at: now, in: &collected)
        }
        let own = collected.partFailures.contains { $0.failure.reason == .denied && !isUsers($0.part) }
        let denied = zip(users, (results + later).suffix(users.count))
        collected.remedy = remedy(session, needsMonitor: own, denied, before: deadline)
        if connection?.isWornOut == true { disconnect() }
        return collected
    }

    /// Whether a part is a query of the user's own.
    private func isUsers(_ part: String) -> Bool {
        queriedParts.contains { $0.name == part && $0 is CustomQueryPart }
    }

    /// What our role has to be granted for all that was denied in this poll.
    private func remedy(
        _ session: PostgresSession, needsMonitor: Bool,
        _ users: some Sequence<(Asked, Result<Rows, CollectorFailure>)>, before deadline: Deadline
    ) -> String? {
        var missing = MissingGrants()
        missing.isMonitorMissing = needsMonitor && !(session.readsAllStatistics && session.listsWAL)
        for (query, result) in users {
            guard case .failure(let failure) = result, failure.reason == .denied else { continue }
            missing.deny(query.statement.text, failure.message)
        }
        let tables = missing.statement.flatMap { try? answers([$0], before: deadline).first?.get() }
        return missing.line(for: session.user, tables)
    }

    /// What the answers have left open; nothing in most polls.
    private func further(
        _ asked: [Asked], _ results: [Result<Rows, CollectorFailure>], _ session: PostgresSession,
        at now: ContinuousClock.Instant
    ) -> [Asked] {
        zip(asked, results).compactMap { query, result in
            guard let rows = try? result.get() else { return nil }
            return query.part.followUp(to: rows, of: session, at: now).map { (query.part, $0) }
        }
    }

    /// Asks in one more round trip what has to wait for the first. A connection that broke in the first has no answers.
    private func laterAnswers(
        _ asked: [Asked], _ results: [Result<Rows, CollectorFailure>], before deadline: Deadline
    ) -> [Result<Rows, CollectorFailure>] {
        guard !asked.isEmpty else { return [] }
        if connection == nil, let broken = results.last { return Array(repeating: broken, count: asked.count) }
        return answers(asked.map(\.statement), before: deadline)
    }

    /// Asks everything in one round trip. A connection that breaks on the way fails the statements it has not answered.
    private func answers(_ statements: [Statement], before deadline: Deadline) -> [Result<Rows, CollectorFailure>] {
        guard let answers = connection?.run(statements, opening, before: deadline) else { return [] }
        guard let broken = answers.broken else { return answers.results }
        if broken.reason == .timeout, let request = connection?.cancelRequest() { canceller.cancel(request) }
        disconnect()
        let missing = statements.count - answers.results.count
        return answers.results + Array(repeating: .failure(broken), count: missing)
    }

    private func refreshSession(_ rows: Rows, in collected: inout Collected) throws(CollectorFailure) {
        let current = try read(rows)
        if connection != nil { session = current }
        collected.samples.add(current.samples.without(takenOver))
        if let partFailure = current.partFailure { collected.partFailures.append(partFailure) }
        if let remark = current.remark { collected.remarks.append(remark) }
    }

    private func keepAnswer(of part: any PostgresPart, in collected: inout Collected) {
        collected.skipped.append(part.name)
        if let samples = schedule.lastAnswer(of: part.name) { collected.samples.add(samples) }
    }

    private func note(
        _ result: Result<Rows, CollectorFailure>, of part: any PostgresPart, _ session: PostgresSession,
        at now: ContinuousClock.Instant, in collected: inout Collected
    ) {
        switch result {
        case .success(let rows):
            var samples = part.samples(from: rows, of: session)
            if !(part is CustomQueryPart), !takenOver.isDisjoint(with: part.familyNames) {
                samples = samples.without(takenOver)
            }
            collected.samples.add(samples)
            if let failure = part.shortcoming(of: rows) {
                collected.partFailures.append(Collected.PartFailure(part: part.name, failure: failure))
            }
            schedule.note(part.name, samples, at: now, for: interval(of: part))
        case .failure(let failure):
            collected.partFailures.append(Collected.PartFailure(part: part.name, failure: failure))
            switch failure.reason {
            // The part is not to blame for a lost connection, and is asked again with the next one.
            case .closed: break
            case .unsupported where !(part is CustomQueryPart):
                schedule.rest(part.name, at: now, for: Self.restOfUnsupported)
            case .unsupported, .denied: schedule.rest(part.name, at: now, for: options.slowInterval)
            default: schedule.note(part.name, nil, at: now, for: interval(of: part))
            }
        }
    }

    /// How long the server is not asked again for what it does not have.
    private static let restOfUnsupported = Duration.seconds(3600)

    private func interval(of part: any PostgresPart) -> Duration {
        switch part.pace {
        case .everyPoll: .zero
        case .relaxed: options.relaxedInterval
        case .slow: options.slowInterval
        case .every(let interval): interval
        }
    }
}

// MARK: The connection

extension PostgresTarget {
    /// Connects and asks who is there; once more, with limits from the first moment on, where the server's own leave no
    /// time to ask.
    private func connect(before deadline: Deadline) throws(CollectorFailure) -> PostgresSession {
        schedule.forgetAnswers()
        startupOptions.startsLimited = false
        if let session = try begin(before: deadline) { return session }
        startupOptions.startsLimited = true
        guard let session = try begin(before: deadline) else {
            throw CollectorFailure(.timeout, "the server's own statement_timeout leaves no time for a statement")
        }
        return session
    }

    /// - Returns: nil where the server's own limit has ended what was asked, or may do so another time.
    private func begin(before deadline: Deadline) throws(CollectorFailure) -> PostgresSession? {
        disconnect()
        try open(before: deadline)
        opening = TransactionOpening(startupOptions)
        var answers = answers([StartupOptions.query, PostgresSession.statement], before: deadline)
        guard answers.count == 2 else { throw CollectorFailure(.malformed, "the server gave no answer") }
        do throws(CollectorFailure) {
            let settings = try answers.removeFirst().get()
            if !startupOptions.startsLimited, startupOptions.leavesNoTime(in: settings) { return nil }
            self.settings = settings
            opening = TransactionOpening(startupOptions, from: settings)
            let session = try read(answers.removeFirst().get())
            self.session = session
            return session
        } catch {
            // The server's word came, so it is not our own time that ran out.
            guard error.reason == .timeout, connection != nil else { throw error }
            return nil
        }
    }

    /// Makes the connection. A pooler that refuses the start-up options is asked again without them.
    private func open(before deadline: Deadline) throws(CollectorFailure) {
        do throws(ConnectFailure) {
            do throws(ConnectFailure) {
                connection = try options.access.connect(.pipeline, options: startupOptions, before: deadline)
            } catch {
                guard error.refusesOptions else { throw error }
                connection = try options.access.connect(.pipeline, before: deadline)
            }
        } catch {
            throw error.failure
        }
    }

    /// Gives the connection up when its settings are no longer those that it began with. A query of the user's own may
    /// have called a function that changes them, and what else it has changed is unknown.
    private func requireUnchanged(_ answer: Result<Rows, CollectorFailure>) throws(CollectorFailure) {
        if case .failure(let failure) = answer {
            // Such as a statement_timeout that somebody has set meanwhile: a new session finds a way around it.
            disconnect()
            throw failure
        }
        guard opening.isInForce, try answer.get() != settings else { return }
        disconnect()
        throw CollectorFailure(.closed, "a query of the queries file has changed the session's settings")
    }

    private func read(_ rows: Rows) throws(CollectorFailure) -> PostgresSession {
        try PostgresSession(
            from: rows, options: opening.isInForce ? startupOptions : nil, path: startupOptions.usersPath)
    }

    private func disconnect() {
        connection = nil
        session = nil
    }
}
