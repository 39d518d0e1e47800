// INFO replication, INFO cluster and INFO sentinel, as far as they are plain numbers. CLUSTER INFO uses the same rows.

extension InfoFields {
    static let replication: [InfoField] = [
        connectedReplicas,
        .gauge(
            "min_slaves_good_slaves", "redis_min_slaves_good_slaves", "Replicas that count for min-replicas-to-write"),
        .gauge(
            "replicas_waiting_psync", "redis_replicas_waiting_psync",
            "Replicas that wait for a partial synchronisation"),
        .gauge(
            "master_current_sync_attempts", "redis_master_current_sync_attempts",
            "Attempts to synchronise since the link to the primary broke"),
        .counter(
            "master_total_sync_attempts", "redis_master_sync_attempts_total",
            "Attempts to synchronise with the primary"),
        .gauge(
            "master_link_up_since_seconds", "redis_master_link_up_since_seconds",
            "Time since the link to the primary came up, -1 while it is down"),
        .counter(
            "total_disconnect_time_sec", "redis_master_disconnect_seconds_total",
            "Time that the replica was without its primary"),
        .gauge("repl_backlog_size", "redis_replication_backlog_bytes", "Size of the replication backlog"),
        .gauge("repl_backlog_active", "redis_repl_backlog_is_active", "Whether there is a replication backlog"),
        .gauge(
            "repl_backlog_first_byte_offset", "redis_repl_backlog_first_byte_offset",
            "Replication offset at which the backlog begins"),
        .gauge("repl_backlog_histlen", "redis_repl_backlog_history_bytes", "Bytes of history in the backlog"),
        .gauge("master_repl_offset", "redis_master_repl_offset", "Replication offset of the server"),
        .gauge(
            "second_repl_offset", "redis_second_repl_offset",
            "Offset up to which the previous replication history is accepted"),
        .gauge("slave_priority", "redis_slave_priority", "Priority of the replica in a failover"),
        .gauge("sync_full", "redis_replica_resyncs_full", "Full synchronisations with replicas"),
        .gauge(
            "sync_partial_ok", "redis_replica_partial_resync_accepted", "Partial synchronisations that were granted"),
        .gauge("sync_partial_err", "redis_replica_partial_resync_denied", "Partial synchronisations that were refused"),
    ]

    static let cluster: [InfoField] = [
        clusterEnabled,
        .gauge(
            "cluster_state", "redis_cluster_state",
            "Whether the node takes queries: 1 for ok, 0 for fail", of: "CLUSTER INFO"),
        .gauge(
            "cluster_slots_assigned", "redis_cluster_slots_assigned",
            "Hash slots that belong to some node", of: "CLUSTER INFO"),
        .gauge("cluster_slots_ok", "redis_cluster_slots_ok", "Hash slots of nodes that are well", of: "CLUSTER INFO"),
        .gauge(
            "cluster_slots_pfail", "redis_cluster_slots_pfail",
            "Hash slots of nodes that this node cannot reach", of: "CLUSTER INFO"),
        .gauge(
            "cluster_slots_fail", "redis_cluster_slots_fail", "Hash slots of nodes that the cluster holds for failed",
            of: "CLUSTER INFO"),
        .gauge("cluster_known_nodes", "redis_cluster_known_nodes", "Nodes that this node knows of", of: "CLUSTER INFO"),
        .gauge("cluster_size", "redis_cluster_size", "Primaries that serve at least one slot", of: "CLUSTER INFO"),
        .gauge(
            "cluster_current_epoch", "redis_cluster_current_epoch", "The cluster's current epoch", of: "CLUSTER INFO"),
        .gauge("cluster_my_epoch", "redis_cluster_my_epoch", "This node's configuration epoch", of: "CLUSTER INFO"),
        .counter(
            "cluster_stats_messages_sent", "redis_cluster_messages_sent_total", "Messages sent over the cluster bus",
            of: "CLUSTER INFO"),
        .counter(
            "cluster_stats_messages_received", "redis_cluster_messages_received_total",
            "Messages received over the cluster bus", of: "CLUSTER INFO"),
        .counter(
            "total_cluster_links_buffer_limit_exceeded", "redis_cluster_links_buffer_limit_exceeded_total",
            "Links of the cluster bus that were cut for a buffer over its limit", of: "CLUSTER INFO"),
    ]

    static let sentinel: [InfoField] = [
        sentinelMasters,
        .gauge("sentinel_tilt", "redis_sentinel_tilt", "Whether this Sentinel is in tilt mode and does not act"),
        .gauge("sentinel_running_scripts", "redis_sentinel_running_scripts", "Notification scripts that run"),
        .gauge(
            "sentinel_scripts_queue_length", "redis_sentinel_scripts_queue_length", "Notification scripts that wait"),
        .gauge(
            "sentinel_simulate_failure_flags", "redis_sentinel_simulate_failure_flags",
            "Failures that this Sentinel simulates, as a bit mask"),
    ]
}
