// A Postgres server as a collector: one connection, kept from poll to poll, and one round trip for everything.
public import Metrics
import System

/// Polls one Postgres server over one connection at most.
///
/// The connection is kept; one that turns out to be closed is replaced once within the same poll. A poll that finds no
/// time left gives the connection up and asks the server to stop what it is doing, which may take a tenth of a second
/// more than the deadline.
public actor PostgresTarget: Collector {
    public nonisolated let name = "postgres"
    public nonisolated let parts: [String]

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private nonisolated let executor: BlockingExecutor
    private let options: PostgresOptions
    private let questions: [any PostgresPart]
    private let canceller = Canceller()
    private var connection: PostgresConnection?
    private var session: PostgresSession?
    /// What a session of ours asks for at its start.
    private let startupOptions: StartupOptions
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
        questions = Self.questions(options)
        takenOver = Set(options.queries.flatMap(\.descriptors).map(\.name))
        parts = [PostgresSession.name] + questions.map(\.name)
    }

    /// Every family that this collector may fill, but for those of a queries file and for `pg_settings_*`, which has
    /// one family for each setting of the server.
    public static let descriptors: [Descriptor] =
        PostgresSession.descriptors + PostgresParts.builtIn().flatMap(\.descriptors) + CustomQueryPart.ownDescriptors

    private static func questions(_ options: PostgresOptions) -> [any PostgresPart] {
        let own = options.queries.map { CustomQueryPart($0, options) }
        return (PostgresParts.builtIn(options) + own).filter { !options.exclusions.leaveOut($0) }
    }

    public func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        let isKept = connection != nil
        do throws(CollectorFailure) {
            return try poll(before: deadline)
        } catch {
            // Closed while nobody looked, as by a restart: that is no failure of this poll yet.
            guard isKept, error.reason == .closed, !deadline.isOver else { throw error }
            return try poll(before: deadline)
        }
    }
}

// MARK: One poll

extension PostgresTarget {
    private func poll(before deadline: Deadline) throws(CollectorFailure) -> Collected {
        let session =
            if let session { session } else { try connect(before: deadline) }
        let now = ContinuousClock.now
        var collected = Collected()
        var asked: [(part: any PostgresPart, statement: Statement)] = []
        for part in questions {
            switch part.question(for: session) {
            case .nothing:
                collected.unasked.append(part.name)
            case .denied(let failure):
                collected.setbacks.append(Collected.Setback(part: part.name, failure: failure))
            case .ask where !schedule.isDue(part.name, at: now):
                keepAnswer(of: part, in: &collected)
            case .ask(let statement):
                asked.append((part, statement))
            }
        }
        let first = [startupOptions.question, PostgresSession.statement]
        var results = try answers(first + asked.map(\.statement), before: deadline)
        try requireUnchanged(results.removeFirst().get())
        try refreshSession(results.removeFirst().get(), in: &collected)
        askFurther(asked.map(\.part), results, session, at: now, before: deadline)
        for (question, result) in zip(asked, results) {
            note(result, of: question.part, session, at: now, in: &collected)
        }
        return collected
    }

    /// Asks what the answers have left open, in one more round trip; most polls need none.
    private func askFurther(
        _ parts: [any PostgresPart], _ results: [Result<Rows, CollectorFailure>], _ session: PostgresSession,
        at now: ContinuousClock.Instant, before deadline: Deadline
    ) {
        let further = zip(parts, results).compactMap { part, result in
            (try? result.get()).flatMap { part.followUp(to: $0, of: session, at: now) }.map { (part, $0) }
        }
        guard !further.isEmpty, connection != nil else { return }
        do throws(CollectorFailure) {
            let answers = try answers(further.map(\.1), before: deadline)
            for ((part, _), answer) in zip(further, answers) { part.takeFollowUp(answer, at: now) }
        } catch {
            for (part, _) in further { part.takeFollowUp(.failure(error), at: now) }
        }
    }

    /// Asks everything in one round trip. A connection that breaks on the way fails the statements it has not answered.
    ///
    /// - Throws: when not even the first two statements were answered, which are about the session itself.
    private func answers(
        _ statements: [Statement], before deadline: Deadline
    ) throws(CollectorFailure) -> [Result<Rows, CollectorFailure>] {
        guard let answers = connection?.run(statements, opening, before: deadline) else { return [] }
        guard let broken = answers.broken else { return answers.results }
        if broken.reason == .timeout, let request = connection?.cancelRequest() { canceller.cancel(request) }
        disconnect()
        guard answers.results.count > 1 else { throw broken }
        let missing = statements.count - answers.results.count
        return answers.results + Array(repeating: .failure(broken), count: missing)
    }

    private func refreshSession(_ rows: Rows, in collected: inout Collected) throws(CollectorFailure) {
        let current = try read(rows)
        if connection != nil { session = current }
        collected.samples.add(current.samples.without(takenOver))
        if let setback = current.setback { collected.setbacks.append(setback) }
        if let remark = current.remark { collected.remarks.append(remark) }
    }

    private func keepAnswer(of part: any PostgresPart, in collected: inout Collected) {
        collected.unasked.append(part.name)
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
                collected.setbacks.append(Collected.Setback(part: part.name, failure: failure))
            }
            schedule.note(part.name, samples, at: now, for: interval(of: part))
        case .failure(let failure):
            collected.setbacks.append(Collected.Setback(part: part.name, failure: failure))
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
    /// Connects and asks who is there. A pooler that refuses the start-up options is asked again without them.
    private func connect(before deadline: Deadline) throws(CollectorFailure) -> PostgresSession {
        disconnect()
        schedule.forgetAnswers()
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
        opening = TransactionOpening(startupOptions)
        var answers = try answers([startupOptions.question, PostgresSession.statement], before: deadline)
        guard answers.count == 2 else { throw CollectorFailure(.malformed, "the server gave no answer") }
        let settings = try answers.removeFirst().get()
        self.settings = settings
        opening = TransactionOpening(startupOptions, from: settings)
        let session = try read(answers.removeFirst().get())
        self.session = session
        return session
    }

    /// Gives the connection up when its settings are no longer those that it began with: a query of the user's own may
    /// have called a function that changes them, and what else it has changed nobody knows.
    private func requireUnchanged(_ rows: Rows) throws(CollectorFailure) {
        guard opening.isInForce, rows != settings else { return }
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
