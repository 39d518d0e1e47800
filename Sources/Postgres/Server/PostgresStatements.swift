// Where the time goes: the dearest statements, and all statements by their kind, from the pg_stat_statements extension.
import Metrics

/// The statements with the most total time.
///
/// Calls `pg_stat_statements(false)`, which copies the counters of up to `pg_stat_statements.max` statements from
/// shared memory under a shared lock and leaves their texts on disk.
struct PostgresStatements: PostgresPart {
    let name = "postgres_statements"
    let pace = PostgresPace.relaxed
    /// How many statements are shown.
    let limit: Int

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

    init(limit: Int) {
        self.limit = limit
    }

    func question(for session: PostgresSession) -> PostgresQuestion {
        guard let statements = session.statements, limit > 0 else { return .nothing }
        guard session.readsAllStatistics else { return session.denied("other roles' statements") }
        return .ask(
            """
            SELECT r.rolname, d.datname, s.queryid, sum(s.calls) AS calls, sum(s.\(statements.timeColumn)) AS time,
                sum(s.rows) AS rows, sum(s.\(statements.blockTimePrefix)blk_read_time) AS read_time,
                sum(s.\(statements.blockTimePrefix)blk_write_time) AS write_time
            FROM \(statements.schema).pg_stat_statements(false) AS s
            LEFT JOIN pg_roles AS r ON r.oid = s.userid LEFT JOIN pg_database AS d ON d.oid = s.dbid
            WHERE s.queryid IS NOT NULL
            GROUP BY 1, 2, 3 ORDER BY 5 DESC LIMIT \(limit)
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows {
            samples.add(
                Self.metrics, from: row, labels: [row.label("rolname"), row.label("datname"), row.label("queryid")])
        }
        return samples
    }
}

/// All statements by their first keyword.
///
/// Reads `pg_stat_statements` with its texts: the server reads its text file from disk, some kilobytes for each hundred
/// statements. Statements inside functions are left out where the extension tells them apart (from 1.9).
///
/// The sums shrink when the extension forgets a statement to make room; the target turns them into counters that only
/// grow, and what was forgotten in between is lost.
struct PostgresQueries: PostgresPart {
    let name = "postgres_queries"
    let pace = PostgresPace.relaxed
    let sumsMayShrink = true

    static let count = Descriptor(
        .counter, "database_queries_total", labels: ["type"],
        help: "Statements executed, by first keyword (pg_stat_statements calls), all databases together.")
    static let seconds = Descriptor(
        .counter, "database_query_seconds_total", labels: ["type"],
        help: "Time spent executing statements, by first keyword (pg_stat_statements), all databases together.")

    let descriptors = [count, seconds]

    private static let types = ["select", "insert", "update", "delete"]

    func question(for session: PostgresSession) -> PostgresQuestion {
        guard let statements = session.statements else { return .nothing }
        guard session.readsAllStatistics else { return session.denied("other roles' statements") }
        // A statement may begin with blanks, comments and opening brackets.
        return .ask(
            #"""
            SELECT lower(substring(left(query, 1024) FROM '^(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*([A-Za-z]+)')) AS keyword,
                sum(calls) AS calls, sum(\#(statements.timeColumn)) AS time
            FROM \#(statements.schema).pg_stat_statements \#(statements.minorVersion >= 9 ? "WHERE toplevel" : "")
            GROUP BY 1
            """#)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var calls: [String: Double] = [:]
        var seconds: [String: Double] = [:]
        for row in rows {
            let type = row["keyword"].flatMap { Self.types.contains($0) ? $0 : nil } ?? "other"
            calls[type, default: 0] += row.number("calls") ?? 0
            seconds[type, default: 0] += (row.number("time") ?? 0) / 1000
        }
        var samples = Samples()
        for type in Self.types + ["other"] {
            samples.add(Self.count, calls[type] ?? 0, type)
            samples.add(Self.seconds, seconds[type] ?? 0, type)
        }
        return samples
    }
}

extension PostgresSession.StatementsExtension {
    /// Called `total_time` before 1.8, which is Postgres 13's.
    fileprivate var timeColumn: String { minorVersion >= 8 ? "total_exec_time" : "total_time" }

    /// From 1.11, Postgres 17's, the times of shared and local blocks are apart.
    fileprivate var blockTimePrefix: String { minorVersion >= 11 ? "shared_" : "" }
}
