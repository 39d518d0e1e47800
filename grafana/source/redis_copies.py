"""Rows of the Redis overview: what is on disk and on replicas, and the cluster."""

from panels import WHERE, YES_NO, above, graph, limit, timeline, words

PERSISTENCE = (
    "Persistence",
    timeline(
        "Last writes to disk",
        "Whether the last snapshot, rewrite and append succeeded. After a failure Redis refuses writes (MISCONF)"
        " unless told otherwise: look for a full disk, missing rights, or too little memory to fork.",
        'label_replace(redis_rdb_last_bgsave_status{TARGET}, "what", "snapshot", "", "") or '
        'label_replace(redis_aof_last_bgrewrite_status{TARGET}, "what", "rewrite", "", "") or '
        'label_replace(redis_aof_last_write_status{TARGET}, "what", "append", "", "")',
        words((1, "Succeeded", "green"), (0, "Failed", "red")),
        "{{what}} " + WHERE,
        width=8,
    ),
    graph(
        "Changes not in a snapshot",
        "short",
        "Changes since the last snapshot: what a crash would lose where there is no append-only file. It should fall"
        " to 0 with every save point.",
        "redis_rdb_changes_since_last_save{TARGET}",
    ),
    graph(
        "Time of snapshots and forks",
        "s",
        "What the last snapshot and the last fork took. Redis answers nobody during a fork: above 1 s look at huge "
        "pages and at the size of the data.",
        ("redis_rdb_last_bgsave_duration_sec{TARGET} >= 0", f"snapshot {WHERE}"),
        ("redis_latest_fork_seconds{TARGET}", f"fork {WHERE}"),
        thresholds=limit(60),
    ),
    graph(
        "Append-only file",
        "bytes",
        "Size of the file and of its base. When it grows without being rewritten, the rewrite fails or is switched"
        " off: see auto-aof-rewrite-percentage.",
        ("redis_aof_current_size_bytes{TARGET}", f"file {WHERE}"),
        ("redis_aof_base_size_bytes{TARGET}", f"after the last rewrite {WHERE}"),
    ),
    graph(
        "Late syncs",
        "short",
        "Calls of fsync that came late since the start. Each one delayed clients: the disk is too slow for"
        " appendfsync, or busy with a rewrite.",
        "redis_aof_delayed_fsync{TARGET}",
    ),
    graph(
        "Copied while saving",
        "bytes",
        "Memory that the last snapshot and the last rewrite copied because it was written to meanwhile. Leave that"
        " much free beside maxmemory, or a save ends in an OOM kill.",
        ("redis_rdb_last_cow_size_bytes{TARGET}", f"snapshot {WHERE}"),
        ("redis_aof_last_cow_size_bytes{TARGET}", f"rewrite {WHERE}"),
    ),
)

REPLICATION = (
    "Replication and cluster",
    timeline(
        "Link to the primary",
        "Whether each replica is connected to its primary. When the link is down it serves old data: its log says "
        "whether network, password or backlog is the cause.",
        "redis_master_link_up{TARGET}",
        words((1, "Up", "green"), (0, "Down", "red")),
        "{{master_host}}:{{master_port}} " + WHERE,
        width=8,
    ),
    graph(
        "Lag of replicas",
        "s",
        "Time since each replica last reported to its primary. Above a few seconds: a slow network, a replica that is"
        " busy, or one that is gone.",
        ("redis_connected_slave_lag_seconds{TARGET}", "{{slave_ip}}:{{slave_port}} " + WHERE),
        thresholds=above(5, 30),
    ),
    graph(
        "Bytes behind",
        "bytes",
        "What each replica has not yet acknowledged. When it nears the size of the backlog, a broken link costs a"
        " full synchronisation: raise repl-backlog-size.",
        (
            "redis_master_repl_offset{TARGET} - on (job, instance, target) group_right "
            "redis_connected_slave_offset_bytes{TARGET}",
            "{{slave_ip}}:{{slave_port}} " + WHERE,
        ),
    ),
    graph(
        "Synchronisations",
        "short",
        "Synchronisations with replicas since the start. Full ones that repeat mean links that break for longer than "
        "the backlog lasts.",
        ("redis_replica_resyncs_full{TARGET}", f"full {WHERE}"),
        ("redis_replica_partial_resync_accepted{TARGET}", f"partial {WHERE}"),
        ("redis_replica_partial_resync_denied{TARGET}", f"partial refused {WHERE}"),
    ),
    timeline(
        "Cluster",
        "Whether each node of a cluster takes queries. When one does not, slots are not served: CLUSTER NODES shows "
        "which nodes have failed.",
        "redis_cluster_state{TARGET}",
        YES_NO,
        WHERE,
        width=8,
    ),
    graph(
        "Slots not served",
        "short",
        "Hash slots whose node has failed, may have failed, or that belong to nobody. Above 0 a part of the keys"
        " cannot be reached: bring the node back or fail over by hand.",
        ("redis_cluster_slots_fail{TARGET}", f"failed {WHERE}"),
        ("redis_cluster_slots_pfail{TARGET}", f"unreachable {WHERE}"),
        ("16384 - redis_cluster_slots_assigned{TARGET}", f"unassigned {WHERE}"),
        thresholds=limit(1),
    ),
)
