// INFO stats and INFO cpu: what the server has done since it started or since CONFIG RESETSTAT.

extension InfoFields {
    static let stats: [InfoField] = [
        connectionsReceived,
        commandsProcessed,
        .gauge(
            "instantaneous_ops_per_sec", "redis_instantaneous_ops_per_second",
            "Commands per second over the last moments, as the server counts them"),
        .gauge(
            "instantaneous_input_kbps", "redis_instantaneous_input_bytes_per_second",
            "Bytes received per second over the last moments", .factor(1024)),
        .gauge(
            "instantaneous_output_kbps", "redis_instantaneous_output_bytes_per_second",
            "Bytes sent per second over the last moments", .factor(1024)),
        .gauge(
            "instantaneous_input_repl_kbps", "redis_instantaneous_input_repl_bytes_per_second",
            "Bytes received for replication per second over the last moments", .factor(1024)),
        .gauge(
            "instantaneous_output_repl_kbps", "redis_instantaneous_output_repl_bytes_per_second",
            "Bytes sent for replication per second over the last moments", .factor(1024)),
        rejectedConnections,
        .counter("total_net_input_bytes", "redis_net_input_bytes_total", "Bytes that were received"),
        .counter("total_net_output_bytes", "redis_net_output_bytes_total", "Bytes that were sent"),
        .counter("total_net_repl_input_bytes", "redis_net_repl_input_bytes_total", "Bytes received for replication"),
        .counter("total_net_repl_output_bytes", "redis_net_repl_output_bytes_total", "Bytes sent for replication"),
        .counter(
            "total_net_cluster_slot_import_bytes", "redis_net_cluster_slot_import_bytes_total",
            "Bytes received for slot migrations"),
        .counter(
            "total_net_cluster_slot_export_bytes", "redis_net_cluster_slot_export_bytes_total",
            "Bytes sent for slot migrations"),
        .counter("expired_keys", "redis_expired_keys_total", "Keys that expired"),
        .counter("expired_subkeys", "redis_expired_subkeys_total", "Hash fields that expired"),
        .counter("expired_fields", "redis_expired_fields_total", "Hash fields that expired, as Valkey calls them"),
        .gauge(
            "expired_stale_perc", "redis_expired_stale_percentage",
            "Share of keys that have expired and are still there, in percent, as the server estimates"),
        .gauge(
            "expired_keys_with_volatile_items_stale_perc", "redis_expired_keys_with_volatile_items_stale_ratio",
            "Share of keys with expired items that are still there, as Valkey estimates", .percent),
        .counter(
            "expired_time_cap_reached_count", "redis_expired_time_cap_reached_total",
            "Expire cycles that ended for lack of time"),
        .counter(
            "expire_cycle_cpu_milliseconds", "redis_expire_cycle_cpu_time_ms_total",
            "Milliseconds of processor time for expiring keys"),
        .counter("evicted_keys", "redis_evicted_keys_total", "Keys evicted because of maxmemory"),
        .counter("evicted_clients", "redis_evicted_clients_total", "Clients evicted because of maxmemory-clients"),
        .counter("evicted_scripts", "redis_evicted_scripts_total", "EVAL scripts evicted from the cache"),
        .counter(
            "total_eviction_exceeded_time", "redis_eviction_exceeded_time_ms_total",
            "Milliseconds in which memory was above maxmemory"),
        .gauge(
            "current_eviction_exceeded_time", "redis_current_eviction_exceeded_time_ms",
            "Milliseconds since memory rose above maxmemory, 0 when it is below"),
        keyspaceHits,
        keyspaceMisses,
        .gauge("pubsub_channels", "redis_pubsub_channels", "Channels with subscribers"),
        .gauge("pubsub_patterns", "redis_pubsub_patterns", "Patterns with subscribers"),
        .gauge("pubsubshard_channels", "redis_pubsubshard_channels", "Shard channels with subscribers"),
        .gauge("latest_fork_usec", "redis_latest_fork_seconds", "Time that the last fork took", .divisor(1_000_000)),
        .counter("total_forks", "redis_forks_total", "Child processes that were started"),
        .gauge("migrate_cached_sockets", "redis_migrate_cached_sockets_total", "Sockets kept open for MIGRATE"),
        .gauge(
            "slave_expires_tracked_keys", "redis_slave_expires_tracked_keys",
            "Keys whose expiry a writable replica tracks"),
        .gauge("tracking_total_keys", "redis_tracking_total_keys", "Keys that are tracked for client-side caching"),
        .gauge("tracking_total_items", "redis_tracking_total_items", "Pairs of key and client that are tracked"),
        .gauge(
            "tracking_total_prefixes", "redis_tracking_total_prefixes",
            "Prefixes that clients track in broadcast mode"),
        .counter("unexpected_error_replies", "redis_unexpected_error_replies", "Errors that should never occur"),
        errorReplies,
        .counter(
            "dump_payload_sanitizations", "redis_dump_payload_sanitizations",
            "Payloads of RESTORE that were checked deeply"),
        .counter("total_reads_processed", "redis_total_reads_processed", "Times that the server read from a client"),
        .counter("total_writes_processed", "redis_total_writes_processed", "Times that the server wrote to a client"),
        .counter("io_threaded_reads_processed", "redis_io_threaded_reads_processed", "Reads done by I/O threads"),
        .counter("io_threaded_writes_processed", "redis_io_threaded_writes_processed", "Writes done by I/O threads"),
        .counter("io_threaded_freed_objects", "redis_io_threaded_freed_objects_total", "Objects freed by I/O threads"),
        .counter(
            "io_threaded_accept_processed", "redis_io_threaded_accepts_total", "Connections accepted by I/O threads"),
        .counter("io_threaded_poll_processed", "redis_io_threaded_polls_total", "Polls done by I/O threads"),
        .counter(
            "io_threaded_total_prefetch_batches", "redis_io_threaded_prefetch_batches_total",
            "Batches of keys that were prefetched"),
        .counter(
            "io_threaded_total_prefetch_entries", "redis_io_threaded_prefetch_entries_total",
            "Keys that were prefetched"),
        .counter(
            "client_query_buffer_limit_disconnections", "redis_client_query_buffer_limit_disconnections_total",
            "Clients cut off for a query buffer over its limit"),
        .counter(
            "client_output_buffer_limit_disconnections", "redis_client_output_buffer_limit_disconnections_total",
            "Clients cut off for an output buffer over its limit"),
        .counter(
            "reply_buffer_shrinks", "redis_reply_buffer_shrinks_total", "Times that a reply buffer was made smaller"),
        .counter(
            "reply_buffer_expands", "redis_reply_buffer_expands_total", "Times that a reply buffer was made larger"),
        .counter("acl_access_denied_auth", "redis_acl_access_denied_auth_total", "Authentications that were refused"),
        .counter("acl_access_denied_cmd", "redis_acl_access_denied_cmd_total", "Commands that ACL rules refused"),
        .counter(
            "acl_access_denied_key", "redis_acl_access_denied_key_total", "Commands refused because of their keys"),
        .counter(
            "acl_access_denied_channel", "redis_acl_access_denied_channel_total",
            "Commands refused because of their channels"),
        .counter(
            "acl_access_denied_tls_cert", "redis_acl_access_denied_tls_cert_total",
            "Client certificates that name no user"),
        .counter(
            "acl_access_denied_db", "redis_acl_access_denied_db_total", "Commands refused because of their database"),
    ]

    /// What came with Redis 8.8 and 8.10.
    static let laterStats: [InfoField] = [
        .counter("slowlog_commands_count", "redis_slowlog_commands_total", "Commands that went into the slow log"),
        .counter(
            "slowlog_commands_time_ms_sum", "redis_slowlog_commands_seconds_total",
            "Time of the commands that went into the slow log", .divisor(1000)),
        .gauge(
            "slowlog_commands_time_ms_max", "redis_slowlog_commands_max_seconds",
            "Longest command that went into the slow log", .divisor(1000)),
        .counter(
            "total_client_processing_events", "redis_client_processing_events_total",
            "Times that the server worked on what a client had sent"),
        .counter(
            "commands_per_parse_batch_sum", "redis_parse_batch_commands_total",
            "Commands that were parsed together with others of their client"),
        .counter("commands_per_parse_batch_cnt", "redis_parse_batches_total", "Batches of commands that were parsed"),
        .gauge(
            "commands_per_parse_batch_avg", "redis_parse_batch_commands_average",
            "Commands per batch, as the server computes it"),
        .gauge("hash_templates", "redis_hash_templates", "Templates of hashes with the same fields"),
        .gauge("hash_template_keys", "redis_hash_template_keys", "Hashes that share a template"),
    ]

    static let eventLoop: [InfoField] = [
        .counter("eventloop_cycles", "redis_eventloop_cycles_total", "Turns of the event loop"),
        .counter(
            "eventloop_duration_sum", "redis_eventloop_duration_sum_usec_total",
            "Microseconds that the event loop was at work"),
        .counter(
            "eventloop_duration_cmd_sum", "redis_eventloop_duration_cmd_sum_usec_total",
            "Microseconds of the event loop that went into commands"),
        .counter(
            "eventloop_duration_aof_sum", "redis_eventloop_duration_aof_seconds_total",
            "Time of the event loop that went into the append-only file", .divisor(1_000_000)),
        .counter(
            "eventloop_duration_cron_sum", "redis_eventloop_duration_cron_seconds_total",
            "Time of the event loop that went into the server's timer", .divisor(1_000_000)),
        .gauge(
            "eventloop_duration_max", "redis_eventloop_duration_max_seconds",
            "Longest turn of the event loop", .divisor(1_000_000)),
        .gauge(
            "eventloop_cmd_per_cycle_max", "redis_eventloop_commands_per_cycle_max",
            "Most commands in one turn of the event loop"),
        .gauge(
            "instantaneous_eventloop_cycles_per_sec", "redis_instantaneous_eventloop_cycles_per_sec",
            "Turns of the event loop per second over the last moments"),
        .gauge(
            "instantaneous_eventloop_duration_usec", "redis_instantaneous_eventloop_duration_usec",
            "Microseconds of one turn of the event loop over the last moments"),
    ]

    static let processor: [InfoField] = [
        .counter("used_cpu_sys", "redis_cpu_sys_seconds_total", "Processor time of the server in the kernel"),
        .counter("used_cpu_user", "redis_cpu_user_seconds_total", "Processor time of the server in its own code"),
        .counter(
            "used_cpu_sys_children", "redis_cpu_sys_children_seconds_total",
            "Processor time of ended child processes in the kernel"),
        .counter(
            "used_cpu_user_children", "redis_cpu_user_children_seconds_total",
            "Processor time of ended child processes in their own code"),
        .counter(
            "used_cpu_sys_main_thread", "redis_cpu_sys_main_thread_seconds_total",
            "Processor time of the main thread in the kernel"),
        .counter(
            "used_cpu_user_main_thread", "redis_cpu_user_main_thread_seconds_total",
            "Processor time of the main thread in its own code"),
        .counter(
            "used_active_time_main_thread", "redis_active_time_main_thread_seconds_total",
            "Time in which Valkey's main thread was at work"),
    ]
}
