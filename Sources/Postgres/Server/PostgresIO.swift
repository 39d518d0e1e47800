// Reads and writes by backends, the checkpointer and vacuum, and from Postgres 18 on of the WAL as well.
import Metrics

/// Reads, writes and their time by process, object and purpose.
///
/// Reads `pg_stat_io`, from Postgres 16: some eighty rows of shared memory, no lock. A kind of process that has not
/// touched a kind of object yet has no series. Postgres 18 has moved the writing of WAL here from `pg_stat_wal`; the
/// families that dashboards know for it are filled from here.
struct PostgresIO: PostgresPart {
    let name = "postgres_io"
    let pace = PostgresPace.relaxed

    private static let labels = ["backend_type", "object", "context"]

    private static func counter(
        _ column: String, as name: String? = nil, scale: Double = 1, _ help: String
    ) -> ColumnMetric {
        ColumnMetric(
            column, .counter, "pg_stat_io_\(name ?? column)_total", labels: labels, scale: scale,
            help: "\(help) (pg_stat_io \(column)).")
    }

    /// Bytes have columns of their own from 18 on; before, each operation is one block of `op_bytes`.
    static let metrics = [
        counter("reads", "Read operations"),
        counter("read_bytes", "Bytes read"),
        counter("read_time", as: "read_seconds", scale: 0.001, "Time spent reading, with track_io_timing"),
        counter("writes", "Write operations"),
        counter("write_bytes", "Bytes written"),
        counter("write_time", as: "write_seconds", scale: 0.001, "Time spent writing, with track_io_timing"),
        counter("writebacks", "Blocks that the system was asked to write to disk"),
        counter("writeback_time", as: "writeback_seconds", scale: 0.001, "Time spent asking so, with track_io_timing"),
        counter("extends", "Operations that extended a relation"),
        counter("extend_bytes", "Bytes by which relations were extended"),
        counter("extend_time", as: "extend_seconds", scale: 0.001, "Time spent extending, with track_io_timing"),
        counter("hits", "Blocks found in a shared buffer"),
        counter("evictions", "Blocks written out or dropped to make room in a buffer"),
        counter("reuses", "Buffers of a ring used again"),
        counter("fsyncs", "Syncs"),
        counter("fsync_time", as: "fsync_seconds", scale: 0.001, "Time spent syncing, with track_io_timing"),
    ]

    let descriptors = metrics.map(\.descriptor)

    func query(for session: PostgresSession) -> PostgresQuery {
        guard session.isAtLeast(16) else { return .nothing }
        let bytes =
            session.isAtLeast(18)
            ? ""
            : ", reads * op_bytes AS read_bytes, writes * op_bytes AS write_bytes, extends * op_bytes AS extend_bytes"
        return .ask("SELECT *\(bytes) FROM pg_catalog.pg_stat_io")
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows {
            if Self.metrics.contains(where: { row.number($0.column) ?? 0 > 0 }) {
                samples.add(Self.metrics, from: row, labels: Self.labels.map(row.label))
            }
        }
        return samples
    }
}
