// The write-ahead log: how much is written, how much lies on disk, and whether it gets archived.
import Metrics

/// What has been written to the WAL. Reads `pg_stat_wal`, from Postgres 14, and from 18 on `pg_stat_io` for what has
/// moved there: shared memory, no lock.
struct PostgresWAL: PostgresPart {
    let name = "postgres_wal"
    let pace = PostgresPace.everyPoll

    private static func counter(
        _ column: String, _ name: String, scale: Double = 1, _ help: String
    ) -> ColumnMetric {
        ColumnMetric(
            column, .counter, "pg_stat_wal_\(name)_total", scale: scale, help: "\(help) (pg_stat_wal \(column)).")
    }

    /// Postgres 18 has moved the last four to `pg_stat_io`, with track_wal_io_timing.
    static let metrics = [
        counter("wal_records", "records", "WAL records written"),
        counter("wal_fpi", "full_page_images", "Full page images written to the WAL"),
        counter("wal_bytes", "bytes", "Bytes of WAL written"),
        counter("wal_buffers_full", "buffers_full", "Times that WAL was written because its buffers were full"),
        counter("wal_write", "write", "Times that WAL buffers were written to disk"),
        counter("wal_sync", "sync", "Times that WAL files were synced to disk"),
        counter("wal_write_time", "write_seconds", scale: 0.001, "Time spent writing WAL, with track_wal_io_timing"),
        counter("wal_sync_time", "sync_seconds", scale: 0.001, "Time spent syncing WAL, with track_wal_io_timing"),
    ]

    let descriptors = metrics.map(\.descriptor)

    func query(for session: PostgresSession) -> PostgresQuery {
        guard session.isAtLeast(14) else { return .nothing }
        guard session.isAtLeast(18) else { return .ask("SELECT * FROM pg_catalog.pg_stat_wal") }
        // What pg_stat_wal counted: the WAL that is written, and not new segments being filled with zeros.
        return .ask(
            """
            SELECT w.*, i.*
            FROM pg_catalog.pg_stat_wal AS w CROSS JOIN (
                SELECT pg_catalog.sum(writes) AS wal_write, pg_catalog.sum(fsyncs) AS wal_sync,
                    pg_catalog.sum(write_time) AS wal_write_time, pg_catalog.sum(fsync_time) AS wal_sync_time
                FROM pg_catalog.pg_stat_io WHERE object = 'wal' AND context = 'normal') AS i
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        if let row = rows.first { samples.add(Self.metrics, from: row) }
        return samples
    }
}

/// The WAL on disk. `pg_ls_waldir()` reads the directory and looks at each file; it locks nothing.
struct PostgresWALFiles: PostgresPart {
    let name = "postgres_wal_files"
    let pace = PostgresPace.relaxed

    static let metrics = [
        ColumnMetric("segments", .gauge, "pg_wal_segments", help: "WAL files on disk (pg_ls_waldir)."),
        ColumnMetric("size", .gauge, "pg_wal_size_bytes", help: "Bytes of these files (pg_ls_waldir)."),
    ]

    let descriptors = metrics.map(\.descriptor)

    func query(for session: PostgresSession) -> PostgresQuery {
        guard session.listsWAL else { return session.denied("the WAL directory") }
        return .ask("SELECT count(*) AS segments, sum(size) AS size FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'")
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        if let row = rows.first { samples.add(Self.metrics, from: row) }
        return samples
    }
}

/// The archiver. Reads `pg_stat_archiver`: shared memory, no lock.
struct PostgresArchiver: PostgresPart {
    let name = "postgres_archiver"
    let pace = PostgresPace.everyPoll

    static let metrics = [
        ColumnMetric(
            "archived_count", .counter, "pg_stat_archiver_archived_count",
            help: "WAL files archived (pg_stat_archiver archived_count)."),
        ColumnMetric(
            "failed_count", .counter, "pg_stat_archiver_failed_count",
            help: "Attempts to archive a WAL file that failed (pg_stat_archiver failed_count)."),
        ColumnMetric(
            "last_archive_age", .gauge, "pg_stat_archiver_last_archive_age",
            help:
                "Seconds since a WAL file was archived; absent before the first (pg_stat_archiver last_archived_time)."),
    ]

    let descriptors = metrics.map(\.descriptor)

    func query(for session: PostgresSession) -> PostgresQuery {
        .ask(
            """
            SELECT archived_count, failed_count, extract(epoch FROM clock_timestamp() - last_archived_time) AS last_archive_age
            FROM pg_stat_archiver
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        if let row = rows.first { samples.add(Self.metrics, from: row) }
        return samples
    }
}
