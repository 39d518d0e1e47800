// A PgBouncer as a collector. From 1.23 a console session counts as a client that a graceful shutdown waits for, so
// none is left open between polls.
public import Metrics
import System

/// What can be chosen about one PgBouncer target.
public struct PgBouncerOptions: Sendable {
    /// The user must be one of `stats_users` or `admin_users`; the database is `pgbouncer` unless the address names
    /// one.
    public var access: PostgresAccess

    public init(_ access: PostgresAccess) {
        self.access = access
    }
}

/// Polls one PgBouncer's console: connects, asks, and closes the connection.
public actor PgBouncerTarget: Collector {
    public nonisolated let name = "pgbouncer"
    public nonisolated var parts: [String] { Self.questions.map(\.name) }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private nonisolated let executor: BlockingExecutor
    private let access: PostgresAccess

    public init(_ options: PgBouncerOptions) {
        access = options.access
        executor = BlockingExecutor("pgbouncer")
    }

    static let version = Descriptor(
        .info, "pgbouncer_version_info", labels: ["version"], help: "The release of PgBouncer (SHOW VERSION).")

    /// Every family that this collector may fill.
    public static let descriptors: [Descriptor] = [version] + questions.flatMap(\.descriptors)

    static let questions: [any PgBouncerPart] = [
        PgBouncerPools(),
        PgBouncerStats(),
        PgBouncerDatabases(),
        PgBouncerLists(),
        PgBouncerConfiguration(),
        PgBouncerState(),
    ]

    public func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        let console = try connect(before: deadline)
        let version = try version(console, before: deadline)
        let asked = Self.questions.map { (part: $0, commands: $0.commands(for: version)) }
        // Two parts may need one command; it is sent once.
        var commands: [String] = []
        for command in asked.flatMap(\.commands) where !commands.contains(command) { commands.append(command) }
        let answers = console.run(commands.map { Statement($0) }, before: deadline)
        guard let first = answers.results.first else { throw answers.broken ?? Self.noAnswer }
        if case .failure(let failure) = first, answers.results.allSatisfy({ $0.isFailure }) { throw failure }

        var collected = Collected()
        collected.samples.add(Self.version, 1, version.text)
        for (part, wanted) in asked {
            guard !wanted.isEmpty else {
                collected.unasked.append(part.name)
                continue
            }
            do throws(CollectorFailure) {
                var rows: [Rows] = []
                for command in wanted { rows.append(try answers.rows(for: command, of: commands)) }
                collected.samples.add(part.samples(from: rows))
            } catch {
                collected.setbacks.append(Collected.Setback(part: part.name, failure: error))
            }
        }
        return collected
    }

    private func connect(before deadline: Deadline) throws(CollectorFailure) -> PostgresConnection {
        do throws(ConnectFailure) {
            return try access.connect(.simple, defaultDatabase: "pgbouncer", before: deadline)
        } catch {
            throw error.failure
        }
    }

    private func version(
        _ console: borrowing PostgresConnection, before deadline: Deadline
    ) throws(CollectorFailure) -> PgBouncerVersion {
        let answers = console.run([Statement("SHOW VERSION")], before: deadline)
        guard let answer = answers.results.first else { throw answers.broken ?? Self.noAnswer }
        do throws(CollectorFailure) {
            return PgBouncerVersion(try answer.get().first?["version"] ?? "")
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
