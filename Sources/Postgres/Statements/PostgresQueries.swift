// How many statements of which kind the server executes, and how long it is busy with them.
import Metrics
import Synchronization

/// All statements by their first keyword, Sidelong's own left out.
///
/// Calls `pg_stat_statements(false)`, which copies the counters of all statements from shared memory and leaves their
/// texts on disk. The texts are read once for each new statement, in a second round trip of the same poll. Statements
/// inside functions are left out where the extension tells them apart (from 1.9).
struct PostgresQueries: PostgresPart {
    let name = "postgres_queries"
    let pace = PostgresPace.relaxed

    static let count = SharedFamilies.databaseQueries
    static let seconds = Descriptor(
        .counter, "database_query_seconds_total", labels: ["type"],
        help: "Time spent executing statements, by first keyword (pg_stat_statements), all databases together.")

    let descriptors = [count, seconds]

    private let databases: DatabaseFilter
    private let memory = Memory()

    /// What is kept from poll to poll.
    private final class Memory: Sendable {
        let state = Mutex((counters: StatementCounters(), texts: StatementTexts()))
    }

    init(_ databases: DatabaseFilter = .all) {
        self.databases = databases
    }

    /// How many statements the extension had at the last look; before the first, more than any has.
    var statementCount: Int { memory.state.withLock { $0.counters.hasBegun ? $0.counters.count : .max } }

    func query(for session: PostgresSession) -> PostgresQuery {
        guard let statements = session.statements else { return .nothing }
        guard session.readsAllStatistics else { return session.denied("other roles' statements") }
        return .ask(
            Statement(
                """
                SELECT s.queryid, \(Self.isOwnRole) AS own, pg_catalog.sum(s.calls) AS calls,
                    pg_catalog.sum(s.\(statements.timeColumn)) AS time
                FROM \(statements.schema).pg_stat_statements(false) AS s
                WHERE s.queryid IS NOT NULL\(statements.onlyTopLevel)\(databases.condition(onID: "s.dbid"))
                GROUP BY 1, 2
                """, rowLimit: StatementCounters.mostStatements,
                workMemory: session.workMemory(forStatements: statementCount)))
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        memory.state.withLock { state in
            var samples = Samples()
            for kind in StatementKind.allCases {
                samples.add(Self.count, state.counters.calls[kind] ?? 0, kind.rawValue, "server", "")
                samples.add(Self.seconds, state.counters.seconds[kind] ?? 0, kind.rawValue)
            }
            return samples
        }
    }

    func shortcoming(of rows: Rows) -> CollectorFailure? {
        guard rows.dropped == 0 else {
            return CollectorFailure(
                .overflow, "pg_stat_statements has \(rows.dropped) statements more than are counted here")
        }
        return memory.state.withLock { $0.texts.failure }
    }

    private static let isOwnRole =
        "s.userid = (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user)"
}

// MARK: Learning

extension PostgresQueries {
    func followUp(to rows: Rows, of session: PostgresSession, at now: ContinuousClock.Instant) -> Statement? {
        guard let statements = session.statements else { return nil }
        return memory.state.withLock { state in
            state.counters.take(rows, serverStarted: session.startTime)
            guard state.counters.hasUnknown else { return nil }
            switch state.texts.origin(at: now) {
            case .all:
                return Statement(
                    Self.allTexts(statements), rowLimit: StatementCounters.mostStatements,
                    workMemory: session.workMemory(forStatements: .max))
            case .sessions where session.isAtLeast(14):
                return Statement(Self.sessionTexts, rowLimit: StatementCounters.mostStatements)
            case .sessions:
                state.counters.giveUpWaiting()
                return nil
            case nil: return nil
            }
        }
    }

    func takeFollowUp(_ result: Result<Rows, CollectorFailure>, at now: ContinuousClock.Instant) {
        memory.state.withLock { state in
            switch (result, state.texts.origin(at: now)) {
            case (.success(let rows), let source):
                for row in rows { state.counters.learn(row) }
                if source == .all { state.texts.read(rows.reduce(0) { $0 + ($1.integer("bytes") ?? 0) }, at: now) }
            case (.failure(let failure), .all) where failure.reason != .closed:
                state.texts.failed(failure, at: now)
            case (.failure, _): break
            }
            if state.texts.origin(at: now) == .sessions { state.counters.giveUpWaiting() }
        }
    }

    /// Each statement's keyword, whether it is Sidelong's own, and the size of its text.
    private static func allTexts(_ statements: PostgresSession.StatementsExtension) -> String {
        """
        SELECT s.queryid, \(isOwnRole) AS own, pg_catalog.min(\(StatementKind.keyword(of: "s.query"))) AS keyword,
            pg_catalog.bool_and(\(StatementMark.isIn("s.query"))) AS marked,
            pg_catalog.sum(pg_catalog.octet_length(s.query)) AS bytes
        FROM \(statements.schema).pg_stat_statements(true) AS s WHERE s.queryid IS NOT NULL GROUP BY 1, 2
        """
    }

    /// The same of what sessions run or ran last. A text with several statements may have the identifier of any.
    private static let sessionTexts =
        """
        SELECT s.query_id AS queryid, s.usename = current_user AS own,
            pg_catalog.min(\(StatementKind.keyword(of: "s.query"))) AS keyword,
            pg_catalog.bool_and(\(StatementMark.isIn("s.query"))) AS marked
        FROM pg_catalog.pg_stat_activity AS s
        WHERE s.query_id IS NOT NULL AND pg_catalog.strpos(pg_catalog.rtrim(s.query, '; '), ';') = 0
        GROUP BY 1, 2
        """
}

extension StatementCounters {
    /// Learns from a row with `queryid`, `own`, `keyword` and `marked`.
    fileprivate mutating func learn(_ row: Rows.Row) {
        guard let key = StatementKey(row) else { return }
        let isOwn = key.isOwnRole && row.flag("marked") == true
        learn(key, is: isOwn ? .own : .kind(StatementKind(keyword: row["keyword"])))
    }
}
