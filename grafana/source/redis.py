"""Redis overview: is it well, and if not, which part of it."""

from dashboard import Dashboard
from panels import YES_NO, WHERE, above, below, graph, least, limit, number, plain, table, timeline, words
from promql import per, share, speed, top

dashboard = Dashboard(
    "sidelong-redis",
    "Redis overview",
    "Whether Redis is well: memory, clients, commands, errors, persistence and replication.",
    metric="redis_up",
    targets="redis_up",
)

dashboard.row(
    "Status",
    number(
        "Redis",
        "none",
        "Whether the newest poll of Redis worked. When it is down, the log of Sidelong and /health/redis say why: "
        "refused, timed out, wrong password, still loading.",
        "redis_up{TARGET}",
        least(1),
        words((1, "Up", "green"), (0, "Down", "red")),
    ),
    number(
        "Age of the data",
        "s",
        "Time since Redis last answered a poll. When it grows past a few intervals, Redis hangs or the network is"
        " cut; series older than that vanish from the page instead of freezing.",
        'time() - sidelong_collector_last_success_timestamp_seconds{TARGET, collector="redis"}',
        above(15, 60),
    ),
    number(
        "Up for",
        "s",
        "Time since Redis started. A short time that nobody planned is a crash or an OOM kill: look at the log of"
        " Redis and at the container's OOM kills on the machine's dashboard.",
        "redis_uptime_in_seconds{TARGET}",
        below(3600, 300),
    ),
    number(
        "Role and release",
        "none",
        "What each instance is. When a replica shows up as a primary, a failover has happened: see whether clients"
        " have followed it.",
        "redis_instance_info{TARGET}",
        plain(),
        legend="{{role}} {{redis_version}} {{target}}",
        name=True,
    ),
    number(
        "Memory of its limit",
        "percentunit",
        "Memory in use out of maxmemory; empty where there is no limit. Near 100 % Redis evicts keys or refuses"
        " writes, as maxmemory-policy says: raise the limit, or find what grows with the panels on memory.",
        per("redis_memory_used_bytes{TARGET}", "redis_memory_max_bytes{TARGET}"),
        above(0.8, 0.9),
    ),
    number(
        "Clients of their limit",
        "percentunit",
        "Connections out of maxclients. Near 100 % new clients are refused: look for a leaking connection pool before"
        " you raise maxclients.",
        per("redis_connected_clients{TARGET}", "redis_config_maxclients{TARGET}"),
        above(0.8, 0.95),
    ),
    number(
        "Commands",
        "ops",
        "Commands that Redis executes per second. A sudden zero while Redis is up means that its clients are gone; a "
        "sudden multiple is often a retry loop.",
        speed("instance, target", "redis_commands_processed_total{TARGET}"),
        least(0.001),
    ),
    number(
        "Hit rate",
        "percentunit",
        "Look-ups that found their key. When it falls, see on the dashboard of the keys which group misses: expired"
        " too early, evicted, or never written.",
        share(
            speed("instance, target", "redis_keyspace_hits_total{TARGET}"),
            speed("instance, target", "redis_keyspace_misses_total{TARGET}"),
        ),
        below(0.8, 0.7),
    ),
    number(
        "Failing commands",
        "percentunit",
        "Share of calls that failed or were refused. The panels on errors below name the command and the error.",
        per(
            speed("instance, target", "redis_command_errors_total{TARGET}"),
            speed("instance, target", "redis_commands_total{TARGET}"),
        ),
        above(0.05, 0.2),
    ),
    number(
        "Main thread busy",
        "percentunit",
        "Share of one processor that Redis' main thread uses. Near 100 % it is the limit: every further command"
        " waits. Find the costly commands under 'Time spent by command'.",
        "sum by (instance, target) (rate(redis_cpu_user_main_thread_seconds_total{TARGET}[RATE]) + "
        "rate(redis_cpu_sys_main_thread_seconds_total{TARGET}[RATE]))",
        above(0.7, 0.9),
    ),
    number(
        "Last save",
        "s",
        "Time since the last snapshot succeeded. When it is longer than your save points allow, see whether snapshots"
        " fail under 'Persistence'. Without snapshots this is the time since the start.",
        "time() - redis_rdb_last_save_timestamp_seconds{TARGET}",
        above(86400, 172800),
    ),
    number(
        "Replicas",
        "none",
        "Replicas connected to this instance. When one is missing, its log says why it lost its primary; a replica of"
        " its own shows 0.",
        "redis_connected_slaves{TARGET}",
        plain(),
    ),
)

dashboard.row(
    "Alerts",
    table(
        "Active alerts",
        "s",
        "Alerts that fire for these instances now, and for how long. The runbook named in the alert says what to do. "
        "Empty is good, provided that prometheus/alerts.yml is loaded.",
        '(time() - ALERTS_FOR_STATE{INSTANCE}) and ignoring(alertstate) ALERTS{INSTANCE, alertstate="firing"}',
        {
            "severity": "Severity",
            "alertname": "Alert",
            "instance": "Instance",
            "target": "Target",
            "Value": "Active for",
        },
    ),
    timeline(
        "History of alerts",
        "When each alert was pending and when it fired. Alerts that flap need a longer 'for', or a cause that"
        " somebody mends.",
        "max by (alertname, severity, instance, target) "
        '(ALERTS{INSTANCE, alertstate="pending"} or 2 * ALERTS{INSTANCE, alertstate="firing"})',
        words((1, "Pending", "orange"), (2, "Firing", "red")),
        "{{alertname}} {{instance}} {{target}}",
    ),
)

dashboard.row(
    "Memory and keys",
    graph(
        "Memory",
        "bytes",
        "What Redis uses, what the system has given it, and the limit. Resident far above used is fragmentation; used"
        " near the limit means evictions or refused writes.",
        ("redis_memory_used_bytes{TARGET}", f"used {WHERE}"),
        ("redis_memory_used_rss_bytes{TARGET}", f"resident {WHERE}"),
        ("redis_memory_used_peak_bytes{TARGET}", f"peak {WHERE}"),
        ("redis_memory_max_bytes{TARGET} > 0", f"limit {WHERE}"),
    ),
    graph(
        "Where it goes",
        "bytes",
        "Used memory by purpose. Growing clients are slow readers with full output buffers, growing replication is a "
        "slow replica, growing scripts are scripts built with their arguments inside.",
        ("sum by (instance, target) (redis_memory_used_dataset_bytes{TARGET})", f"data {WHERE}"),
        ("sum by (instance, target) (redis_mem_clients_normal{TARGET})", f"clients {WHERE}"),
        ("sum by (instance, target) (redis_mem_total_replication_buffers_bytes{TARGET})", f"replication {WHERE}"),
        ("sum by (instance, target) (redis_mem_aof_buffer_bytes{TARGET})", f"append-only file {WHERE}"),
        ("sum by (instance, target) (redis_memory_used_scripts_bytes{TARGET})", f"scripts {WHERE}"),
        stacked=True,
    ),
    graph(
        "Fragmentation",
        "none",
        "Resident in proportion to used memory. Above 1.5 with much memory in use: switch on activedefrag or restart."
        " Below 1 Redis has been swapped out: give the machine memory. On an almost empty Redis it is always high.",
        "redis_mem_fragmentation_ratio{TARGET}",
        thresholds=limit(1.5),
    ),
    graph(
        "Keys",
        "short",
        "Keys per database, and those among them that expire. A steady rise of keys without a time to live is a"
        " leak.",
        ("sum by (instance, target, db) (redis_db_keys{TARGET}) > 0", "{{db}} " + WHERE),
        ("sum by (instance, target, db) (redis_db_keys_expiring{TARGET}) > 0", "{{db}} expiring " + WHERE),
    ),
    graph(
        "Evicted and expired keys",
        "ops",
        "Keys removed per second. Expired is normal; evicted means that memory is full and data goes which somebody "
        "wanted: raise maxmemory or shorten times to live.",
        ("rate(redis_evicted_keys_total{TARGET}[RATE])", f"evicted {WHERE}"),
        ("rate(redis_expired_keys_total{TARGET}[RATE])", f"expired {WHERE}"),
    ),
    graph(
        "Hit rate",
        "percentunit",
        "Look-ups that found their key, and what it should not fall below. See 'Keys and latency' for the hit rate of"
        " each key group.",
        share(
            speed("instance, target", "redis_keyspace_hits_total{TARGET}"),
            speed("instance, target", "redis_keyspace_misses_total{TARGET}"),
        ),
        thresholds=below(0.8, 0.7),
        top=1,
    ),
)

dashboard.row(
    "Clients",
    graph(
        "Connections",
        "short",
        "Connected and blocked clients beside the limit. A staircase that never goes down is a connection leak;"
        " CLIENT LIST shows by name and address whose.",
        ("redis_connected_clients{TARGET}", f"connected {WHERE}"),
        ("redis_blocked_clients{TARGET}", f"blocked {WHERE}"),
        ("redis_config_maxclients{TARGET}", f"limit {WHERE}"),
    ),
    graph(
        "New and rejected connections",
        "ops",
        "Connections accepted and refused per second. Many new ones with few connected mean clients without a pool;"
        " any rejected one means that maxclients is reached.",
        ("rate(redis_connections_received_total{TARGET}[RATE])", f"new {WHERE}"),
        ("rate(redis_rejected_connections_total{TARGET}[RATE])", f"rejected {WHERE}"),
    ),
    graph(
        "Largest client buffers",
        "bytes",
        "Largest buffers of the last seconds. A large output buffer is a client that asks for more than it reads, and"
        " is cut off at client-output-buffer-limit.",
        ("redis_client_recent_max_output_buffer_bytes{TARGET}", f"output {WHERE}"),
        ("redis_client_recent_max_input_buffer_bytes{TARGET}", f"input {WHERE}"),
    ),
)

dashboard.row(
    "Commands",
    graph(
        "Commands",
        "ops",
        "The ten commands that are called most. Look here first when the load has changed: a new name, or one that "
        "multiplied.",
        (
            top(speed("instance, target, cmd", "redis_commands_total{TARGET}")),
            "{{cmd}} " + WHERE,
        ),
    ),
    graph(
        "Time spent by command",
        "percentunit",
        "Share of one processor that each command keeps busy. What stands highest is what to make cheaper; commands"
        " run one after the other, so 100 % in all is the end.",
        (
            top(speed("instance, target, cmd", "redis_commands_duration_seconds_total{TARGET}")),
            "{{cmd}} " + WHERE,
        ),
        stacked=True,
    ),
    graph(
        "Mean time per call",
        "s",
        "What one call takes on the server, waiting excluded. A rise with the same load means larger values or "
        "collections: look for KEYS, SMEMBERS, HGETALL, LRANGE and scripts.",
        (
            top(
                per(
                    speed("instance, target, cmd", "redis_commands_duration_seconds_total{TARGET}"),
                    speed("instance, target, cmd", "redis_commands_total{TARGET}"),
                )
            ),
            "{{cmd}} " + WHERE,
        ),
    ),
    graph(
        "Network",
        "Bps",
        "Bytes per second in and out. Output that outgrows the number of commands means large values; compare with"
        " the network of the machine.",
        ("rate(redis_net_input_bytes_total{TARGET}[RATE])", f"in {WHERE}"),
        ("rate(redis_net_output_bytes_total{TARGET}[RATE])", f"out {WHERE}"),
    ),
    graph(
        "Slow commands",
        "ops",
        "New entries of the slow log per second by command and key group. SLOWLOG GET shows their arguments; "
        "slowlog-log-slower-than sets what counts as slow.",
        (
            speed("instance, target, command, key_group", "redis_slow_commands_total{TARGET}"),
            "{{command}} {{key_group}} " + WHERE,
        ),
    ),
    graph(
        "Latency spikes",
        "s",
        "The latest event of each kind that took longer than latency-monitor-threshold. 'fork' and 'aof' point to the"
        " disk or to huge pages, 'expire-cycle' to many keys that end at once; LATENCY DOCTOR says more.",
        ("redis_latency_spike_duration_seconds{TARGET}", "{{event_name}} " + WHERE),
    ),
)

dashboard.row(
    "Errors",
    graph(
        "Failing commands",
        "percentunit",
        "Share of calls that failed or were refused. Above 5 % some client is broken; above 20 % most are.",
        per(
            speed("instance, target", "redis_command_errors_total{TARGET}"),
            speed("instance, target", "redis_commands_total{TARGET}"),
        ),
        thresholds=above(0.05, 0.2),
    ),
    graph(
        "Errors by kind",
        "ops",
        "Error replies by their first word. OOM: memory is full. NOPERM, WRONGPASS, NOAUTH: users. READONLY: writes"
        " to a replica. MISCONF: snapshots fail. WRONGTYPE, ERR: a bug in a client.",
        (speed("instance, target, err", "redis_errors_total{TARGET}"), "{{err}} " + WHERE),
    ),
    graph(
        "Errors by command",
        "ops",
        "Failed and refused calls of the ten worst commands. Together with the kind this usually names the code to "
        "look at.",
        (
            top(speed("instance, target, command", "redis_command_errors_total{TARGET}")),
            "{{command}} " + WHERE,
        ),
    ),
    graph(
        "Refused by access rules",
        "ops",
        "Refused logins and refusals for want of permission (Redis from 7.2, Valkey). Many refused logins are an "
        "attack or a rotated password; ACL LOG names user and address.",
        ("rate(redis_acl_access_denied_auth_total{TARGET}[RATE])", f"login {WHERE}"),
        ("rate(redis_acl_access_denied_cmd_total{TARGET}[RATE])", f"command {WHERE}"),
        ("rate(redis_acl_access_denied_key_total{TARGET}[RATE])", f"key {WHERE}"),
        ("rate(redis_acl_access_denied_channel_total{TARGET}[RATE])", f"channel {WHERE}"),
        thresholds=limit(10),
    ),
)

dashboard.row(
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

dashboard.row(
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
