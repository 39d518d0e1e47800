// Where the time goes: the dearest statements, from the pg_stat_statements extension.
import Metrics

/// The statements with the most total time.
///
/// Calls `pg_stat_statements(false)`, which copies the counters of up to `pg_stat_statements.max` statements from
/// shared memory under a shared lock and leaves their texts on disk.
struct PostgresStatements: PostgresPart {
    let name = "postgres_statements"
    let pace = PostgresPace.relaxed
    /// How many statements are shown.
    private let limit: Int
    private let databases: DatabaseFilter
    /// How many statements the extension has, as far as that is known.
    private let statementCount: @Sendable () -> Int

    private static func counter(
        _ column: String, _ name: String, scale: Double = 1, _ help: String
    ) -> ColumnMetric {
        ColumnMetric(
            column, .counter, "pg_stat_statements_\(name)_total", labels: ["user", "datname", "queryid"], scale: scale,
            help: "\(help) (pg_stat_statements).")
    }

    static let metrics = [
        counter("calls", "calls", "Times that the statement was executed"),
        counter("time", "seconds", scale: 0.001, "Time spent executing the statement"),
        counter("rows", "rows", "Rows that it gave or changed"),
        counter("read_time", "block_read_seconds", scale: 0.001, "Time it spent reading blocks, with track_io_timing"),
        counter(
            "write_time", "block_write_seconds", scale: 0.001, "Time it spent writing blocks, with track_io_timing"),
    ]

    let descriptors = metrics.map(\.descriptor)

    init(limit: Int, _ databases: DatabaseFilter = .all, statementCount: @escaping @Sendable () -> Int = { 0 }) {
        self.limit = limit
        self.databases = databases
        self.statementCount = statementCount
    }

    func query(for session: PostgresSession) -> PostgresQuery {
        guard let statements = session.statements, limit > 0 else { return .nothing }
        guard session.readsAllStatistics else { return session.denied("other roles' statements") }
        return .ask(
            Statement(
                """
                SELECT r.rolname, d.datname, s.queryid, pg_catalog.sum(s.calls) AS calls,
                    pg_catalog.sum(s.\(statements.timeColumn)) AS time, pg_catalog.sum(s.rows) AS rows,
                    pg_catalog.sum(s.\(statements.blockTimePrefix)blk_read_time) AS read_time,
                    pg_catalog.sum(s.\(statements.blockTimePrefix)blk_write_time) AS write_time
                FROM \(statements.schema).pg_stat_statements(false) AS s
                LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = s.userid
                LEFT JOIN pg_catalog.pg_database AS d ON d.oid = s.dbid
                WHERE s.queryid IS NOT NULL\(databases.condition(on: "d.datname"))
                GROUP BY 1, 2, 3 ORDER BY 5 DESC LIMIT \(limit)
                """, workMemory: session.workMemory(forStatements: statementCount())))
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        let labelled = rows.map { row in
            (row: row, labels: [row.label("rolname"), row.label("datname"), row.label("queryid")])
        }
        // They come by their time, in which they overtake each other. Sorted once for all families, each has its place.
        for (row, labels) in labelled.sorted(by: { $0.labels.lexicographicallyPrecedes($1.labels) }) {
            samples.add(Self.metrics, from: row, labels: labels)
        }
        return samples
    }
}

extension PostgresSession.StatementsExtension {
    /// Called `total_time` before 1.8, which is Postgres 13's.
    var timeColumn: String { minorVersion >= 8 ? "total_exec_time" : "total_time" }

    /// From 1.11, Postgres 17's, the times of shared and local blocks are apart.
    fileprivate var blockTimePrefix: String { minorVersion >= 11 ? "shared_" : "" }

    /// A condition that leaves out statements inside functions, where they are told apart.
    var onlyTopLevel: String { minorVersion >= 9 ? " AND s.toplevel" : "" }
}

extension PostgresSession {
    /// `work_mem` in bytes with which the counters of that many statements, some 450 bytes each, need no temporary
    /// file. Nil where that of any server will do, and through a pooler, where nothing is set.
    func workMemory(forStatements count: Int) -> Int? {
        hasOwnLimits && count > 1000 ? StatementTexts.workMemory : nil
    }
}
