// A PgBouncer as a collector. From 1.23 a console session counts as a client that a graceful shutdown waits for, so
// none is left open between polls.
public import Metrics
import System

/// What can be chosen about one PgBouncer target.
public struct PgBouncerOptions: Sendable {
    /// The user must be one of `stats_users` or `admin_users`; the database is `pgbouncer` unless the address names
    /// one.
    public var access: PostgresAccess
    /// How often the list of clients is asked for.
    public var relaxedInterval: Duration

    public init(_ access: PostgresAccess, relaxedInterval: Duration = .seconds(30)) {
        self.access = access
        self.relaxedInterval = relaxedInterval
    }
}

/// Polls one PgBouncer's console: connects, asks, and closes the connection.
public actor PgBouncerTarget: Collector {
    public nonisolated let name = "pgbouncer"
    public nonisolated var parts: [String] { Self.queriedParts.map(\.name) }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private nonisolated let executor: BlockingExecutor
    private let options: PgBouncerOptions
    private var schedule = PartSchedule()
    private var identities = PgBouncerIdentities()
    /// What SHOW VERSION said, of a session that began with this release.
    private var known: (release: String, version: PgBouncerVersion)?

    public init(_ options: PgBouncerOptions) {
        self.options = options
        executor = BlockingExecutor("pgbouncer")
    }

    static let version = Descriptor(
        .info, "pgbouncer_version_info", labels: ["version"], help: "The release of PgBouncer (SHOW VERSION).")

    /// Every family that this collector may fill.
    public static let descriptors: [Descriptor] =
        [version, PgBouncerIdentities.processes] + queriedParts.flatMap(\.descriptors)

    static let queriedParts: [any PgBouncerPart] = [
        PgBouncerPools(),
        PgBouncerStats(),
        PgBouncerDatabases(),
        PgBouncerLists(),
        PgBouncerConfiguration(),
        PgBouncerState(),
        PgBouncerClients(),
    ]

    public func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        var console = try connect(before: deadline)
        let version = try version(&console, before: deadline)
        let now = ContinuousClock.now
        var collected = Collected()
        collected.samples.add(Self.version, 1, version.text)
        var asked: [(part: any PgBouncerPart, commands: [String])] = []
        for part in Self.queriedParts {
            let commands = part.commands(for: version)
            guard !commands.isEmpty, schedule.isDue(part.name, at: now) else {
                collected.skipped.append(part.name)
                if let samples = schedule.lastAnswer(of: part.name) { collected.samples.add(samples) }
                continue
            }
            asked.append((part, commands))
        }
        // Two parts may need one command; it is sent once.
        var commands: [String] = []
        var statements: [Statement] = []
        for (part, wanted) in asked {
            for command in wanted where !commands.contains(command) {
                commands.append(command)
                statements.append(part.statement(for: command))
            }
        }
        let answers = console.run(statements, nil, before: deadline)
        guard let first = answers.results.first else { throw answers.broken ?? Self.noAnswer }
        if case .failure(let failure) = first, answers.results.allSatisfy({ $0.isFailure }) { throw failure }

        let configuration = try? answers.rows(for: "SHOW CONFIG", of: commands)
        let processes = configuration.map { identities.note($0, at: now) }
        collected.samples.add(PgBouncerIdentities.processes, ifKnown: processes.map(Double.init))
        for (part, wanted) in asked {
            do throws(CollectorFailure) {
                if let processes, processes > 1, part is PgBouncerStats { throw PgBouncerIdentities.failure }
                var rows: [Rows] = []
                for command in wanted { rows.append(try answers.rows(for: command, of: commands)) }
                let samples = part.samples(from: rows)
                collected.samples.add(samples)
                if part.isRelaxed { schedule.note(part.name, samples, at: now, for: options.relaxedInterval) }
            } catch {
                collected.partFailures.append(Collected.PartFailure(part: part.name, failure: error))
            }
        }
        return collected
    }

    private func connect(before deadline: Deadline) throws(CollectorFailure) -> PostgresConnection {
        do throws(ConnectFailure) {
            return try options.access.connect(.simple, defaultDatabase: "pgbouncer", before: deadline)
        } catch {
            throw error.failure
        }
    }

    /// Asks for the version where the session begins with another release than the last one.
    private func version(
        _ console: inout PostgresConnection, before deadline: Deadline
    ) throws(CollectorFailure) -> PgBouncerVersion {
        let release = console.release
        if let known, known.release == release { return known.version }
        let answers = console.run([Statement("SHOW VERSION")], nil, before: deadline)
        guard let answer = answers.results.first else { throw answers.broken ?? Self.noAnswer }
        do throws(CollectorFailure) {
            let version = PgBouncerVersion(try answer.get().first?["version"] ?? "")
            known = release.map { ($0, version) }
            return version
        } catch {
            throw CollectorFailure(
                error.reason,
                "this is no PgBouncer console (\(error.message)); the address must name the database pgbouncer")
        }
    }

    private static let noAnswer = CollectorFailure(.malformed, "the console gave no answer")
}

extension Answers {
    /// One command's rows.
    fileprivate func rows(for command: String, of commands: [String]) throws(CollectorFailure) -> Rows {
        guard let position = commands.firstIndex(of: command), position < results.count else {
            throw broken ?? CollectorFailure(.malformed, "\(command) was not answered")
        }
        return try results[position].get()
    }
}

extension Result {
    fileprivate var isFailure: Bool {
        switch self {
        case .success: false
        case .failure: true
        }
    }
}
