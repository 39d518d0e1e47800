// Checkpoints and the background writer. Postgres 17 moved the checkpoint columns into a view of their own; here they
// stay under the names that dashboards know, and stand under the new ones beside them.
import Metrics

/// What the background writer and the checkpointer have done.
///
/// Reads `pg_stat_bgwriter` and, from Postgres 17, `pg_stat_checkpointer`: shared memory, no lock.
struct PostgresBackgroundWriter: PostgresPart {
    let name = "postgres_bgwriter"
    let pace = PostgresPace.everyPoll

    private static func counter(_ column: String, _ name: String, _ help: String) -> ColumnMetric {
        ColumnMetric(column, .counter, "pg_stat_\(name)_total", help: "\(help).")
    }

    /// Both times are in milliseconds, and both `stats_reset` in seconds since 1970, as in postgres_exporter.
    static let metrics = [
        counter("checkpoints_timed", "bgwriter_checkpoints_timed", "Checkpoints begun because it was time"),
        counter("checkpoints_req", "bgwriter_checkpoints_req", "Checkpoints begun because one was requested"),
        counter(
            "checkpoint_write_time", "bgwriter_checkpoint_write_time", "Milliseconds that checkpoints spent writing"),
        counter("checkpoint_sync_time", "bgwriter_checkpoint_sync_time", "Milliseconds that checkpoints spent syncing"),
        counter("buffers_checkpoint", "bgwriter_buffers_checkpoint", "Buffers written by checkpoints"),
        counter("buffers_clean", "bgwriter_buffers_clean", "Buffers written by the background writer"),
        counter(
            "maxwritten_clean", "bgwriter_maxwritten_clean", "Times that the background writer stopped at its limit"),
        counter("buffers_backend", "bgwriter_buffers_backend", "Buffers written by backends, up to Postgres 16"),
        counter("buffers_backend_fsync", "bgwriter_buffers_backend_fsync", "Syncs done by backends, up to Postgres 16"),
        counter("buffers_alloc", "bgwriter_buffers_alloc", "Buffers allocated"),
        counter("bgwriter_reset_time", "bgwriter_stats_reset", "When these statistics began"),
        counter("num_timed", "checkpointer_num_timed", "Checkpoints begun because it was time"),
        counter("num_requested", "checkpointer_num_requested", "Checkpoints begun because one was requested"),
        counter("restartpoints_timed", "checkpointer_restartpoints_timed", "Restartpoints begun because it was time"),
        counter("restartpoints_req", "checkpointer_restartpoints_req", "Restartpoints begun on request"),
        counter("restartpoints_done", "checkpointer_restartpoints_done", "Restartpoints completed"),
        counter("write_time", "checkpointer_write_time", "Milliseconds that checkpoints spent writing"),
        counter("sync_time", "checkpointer_sync_time", "Milliseconds that checkpoints spent syncing"),
        counter("buffers_written", "checkpointer_buffers_written", "Buffers written by checkpoints"),
        counter("checkpointer_reset_time", "checkpointer_stats_reset", "When the checkpointer's statistics began"),
    ]

    let descriptors = metrics.map(\.descriptor)

    func query(for session: PostgresSession) -> PostgresQuery {
        guard session.isAtLeast(17) else {
            return .ask("SELECT *, extract(epoch FROM stats_reset) AS bgwriter_reset_time FROM pg_stat_bgwriter")
        }
        return .ask(
            """
            SELECT b.*, c.*, c.num_timed AS checkpoints_timed, c.num_requested AS checkpoints_req,
                c.write_time AS checkpoint_write_time, c.sync_time AS checkpoint_sync_time,
                c.buffers_written AS buffers_checkpoint, extract(epoch FROM b.stats_reset) AS bgwriter_reset_time,
                extract(epoch FROM c.stats_reset) AS checkpointer_reset_time
            FROM pg_stat_bgwriter AS b, pg_stat_checkpointer AS c
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        if let row = rows.first { samples.add(Self.metrics, from: row) }
        return samples
    }
}
