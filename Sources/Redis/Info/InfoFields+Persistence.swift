// INFO persistence: snapshots (RDB), the append-only file (AOF), and loading after a start.

extension InfoFields {
    static let persistence: [InfoField] = [
        loading,
        .gauge("async_loading", "redis_async_loading", "Whether a replica loads data while it serves the old"),
        .gauge("loading_start_time", "redis_loading_start_timestamp_seconds", "When the loading of the data began"),
        .gauge("loading_total_bytes", "redis_loading_total_bytes", "Size of the file that is being loaded"),
        .gauge(
            "loading_rdb_used_mem", "redis_loading_rdb_used_memory_bytes",
            "Memory that the server used which wrote the file being loaded"),
        .gauge("loading_loaded_bytes", "redis_loading_loaded_bytes", "Bytes of the file that are loaded"),
        .gauge("loading_loaded_perc", "redis_loading_loaded_ratio", "Share of the file that is loaded", .percent),
        .gauge(
            "loading_eta_seconds", "redis_loading_eta_seconds", "Time that loading still takes, as the server expects"),
        .gauge(
            "current_cow_peak", "redis_current_cow_peak_bytes",
            "Most memory copied while the current child process runs"),
        .gauge(
            "current_cow_size", "redis_current_cow_size_bytes", "Memory copied while the current child process runs"),
        .gauge(
            "current_cow_size_age", "redis_current_cow_size_age_seconds", "Age of the current figure of copied memory"),
        .gauge("current_fork_perc", "redis_current_fork_ratio", "Progress of the current child process", .percent),
        .gauge(
            "current_save_keys_processed", "redis_current_save_keys_processed", "Keys that the current save has written"
        ),
        .gauge("current_save_keys_total", "redis_current_save_keys_expected", "Keys that the current save began with"),
        changesSinceSave,
        .gauge("rdb_bgsave_in_progress", "redis_rdb_bgsave_in_progress", "Whether a snapshot is being written"),
        .gauge("rdb_last_save_time", "redis_rdb_last_save_timestamp_seconds", "When the last snapshot succeeded"),
        lastSave,
        .gauge(
            "rdb_last_bgsave_time_sec", "redis_rdb_last_bgsave_duration_sec",
            "Seconds that the last snapshot took, -1 before the first"),
        .gauge(
            "rdb_current_bgsave_time_sec", "redis_rdb_current_bgsave_duration_sec",
            "Seconds that the current snapshot takes so far, -1 when there is none"),
        .counter("rdb_saves", "redis_rdb_saves_total", "Snapshots that were written"),
        .gauge("rdb_last_cow_size", "redis_rdb_last_cow_size_bytes", "Memory copied during the last snapshot"),
        .gauge(
            "rdb_last_load_keys_expired", "redis_rdb_last_load_expired_keys",
            "Keys that were dropped as expired in the last load"),
        .gauge("rdb_last_load_keys_loaded", "redis_rdb_last_load_loaded_keys", "Keys that the last load brought"),
        appendOnlyFile,
        .gauge(
            "aof_rewrite_in_progress", "redis_aof_rewrite_in_progress",
            "Whether the append-only file is being rewritten"),
        .gauge("aof_rewrite_scheduled", "redis_aof_rewrite_scheduled", "Whether a rewrite waits for a snapshot to end"),
        .gauge(
            "aof_last_rewrite_time_sec", "redis_aof_last_rewrite_duration_sec",
            "Seconds that the last rewrite took, -1 before the first"),
        .gauge(
            "aof_current_rewrite_time_sec", "redis_aof_current_rewrite_duration_sec",
            "Seconds that the current rewrite takes so far, -1 when there is none"),
        .counter("aof_rewrites", "redis_aof_rewrites_total", "Rewrites of the append-only file"),
        .gauge(
            "aof_rewrites_consecutive_failures", "redis_aof_rewrites_consecutive_failures",
            "Rewrites that have failed one after the other"),
        .gauge("aof_last_cow_size", "redis_aof_last_cow_size_bytes", "Memory copied during the last rewrite"),
        .gauge("aof_current_size", "redis_aof_current_size_bytes", "Size of the append-only file"),
        .gauge("aof_base_size", "redis_aof_base_size_bytes", "Size of the append-only file after its last rewrite"),
        .gauge("aof_pending_rewrite", "redis_aof_pending_rewrite", "Whether a rewrite waits for a snapshot to end"),
        .gauge("aof_buffer_length", "redis_aof_buffer_length", "Bytes in the buffer of the append-only file"),
        .gauge(
            "aof_rewrite_buffer_length", "redis_aof_rewrite_buffer_length",
            "Bytes in the buffer of the rewrite, before Redis 7"),
        .gauge(
            "aof_pending_bio_fsync", "redis_aof_pending_bio_fsync",
            "Calls of fsync that wait in the background"),
        .gauge("aof_delayed_fsync", "redis_aof_delayed_fsync", "Calls of fsync that came late"),
        lastRewrite,
        lastWrite,
        .gauge("module_fork_in_progress", "redis_module_fork_in_progress", "Whether a module's child process runs"),
        .gauge(
            "module_fork_last_cow_size", "redis_module_fork_last_cow_size",
            "Bytes of memory copied during the last child process of a module"),
        .gauge(
            "slot_migration_fork_in_progress", "redis_slot_migration_fork_in_progress",
            "Whether a child process of a slot migration runs"),
    ]
}
