"""Postgres and pools: statements, connections, locks, disk and replication, and the PgBouncer in front."""

from dashboard import Dashboard
from panels import WHERE, YES_NO, above, below, graph, least, limit, number, table, timeline, words
from promql import per, share, speed, top

dashboard = Dashboard(
    "sidelong-postgres",
    "Postgres and pools",
    "Whether Postgres and PgBouncer are well: statements, connections, locks, disk, replication and pools.",
    metric='{__name__=~"pg_up|pgbouncer_up"}',
    targets="pg_up",
)

# The databases that people use: templates and the console are not among them.
DATABASE = '{TARGET, datname!~"template.*"}'

dashboard.row(
    "Status",
    number(
        "Postgres",
        "none",
        "Whether the newest poll of Postgres worked. When it is down, /health/database and the log of Sidelong say"
        " why.",
        "pg_up{TARGET}",
        least(1),
        words((1, "Up", "green"), (0, "Down", "red")),
    ),
    number(
        "PgBouncer",
        "none",
        "Whether the newest poll of PgBouncer's console worked. Its user has to be one of stats_users.",
        "pgbouncer_up{INSTANCE}",
        least(1),
        words((1, "Up", "green"), (0, "Down", "red")),
        legend="{{instance}}",
    ),
    number(
        "Connections of their limit",
        "percentunit",
        "Connections in use out of those that ordinary roles can have. Near 100 % new ones are refused: see below who"
        " holds them idle, and put a pooler in front before raising max_connections.",
        per("pg_connections_used{TARGET}", "pg_connections_usable{TARGET}"),
        above(0.8, 0.95),
    ),
    number(
        "Longest transaction",
        "s",
        "Age of the oldest open transaction. A long one holds locks and keeps vacuum from cleaning up: find it in "
        "pg_stat_activity, and end it with pg_terminate_backend if nobody misses it.",
        "max by (instance, target) (pg_stat_activity_max_tx_duration{TARGET})",
        above(300, 3600),
    ),
    number(
        "Cache hits",
        "percentunit",
        "Blocks found in the buffer cache. When it falls while reads rise, the data in use has outgrown"
        " shared_buffers, or a new query reads whole tables.",
        share(
            speed("instance, target", f"pg_stat_database_blks_hit{DATABASE}"),
            speed("instance, target", f"pg_stat_database_blks_read{DATABASE}"),
        ),
        below(0.98, 0.9),
    ),
    number(
        "Clients waiting for a pool",
        "short",
        "Clients of PgBouncer that wait for a server connection. More than 0 for long: see 'Pools in use' for the"
        " pool, and why its connections are not given back.",
        "sum by (instance) (pgbouncer_pools_client_waiting_connections{INSTANCE})",
        above(1, 20),
        legend="{{instance}}",
    ),
)

# Statistics of statements are read every 30 seconds.
STATEMENTS = "30s"

dashboard.row(
    "Statements",
    graph(
        "Statements by kind",
        "ops",
        "Statements per second by their first keyword. Needs pg_stat_statements. A kind that multiplies is a loop in"
        " an application, or a cache in front of it that misses: see the hit rate of Redis.",
        ("rate(database_queries_total{TARGET}[RATE])", "{{type}} " + WHERE),
        stacked=True,
        step=STATEMENTS,
    ),
    graph(
        "Mean time by kind",
        "s",
        "Time per statement by its first keyword. When all kinds rise the server is short of processor, disk or"
        " memory; when one does, the table beside names the statement.",
        (
            per("rate(database_query_seconds_total{TARGET}[RATE])", "rate(database_queries_total{TARGET}[RATE])"),
            "{{type}} " + WHERE,
        ),
        thresholds=above(0.1, 0.5),
        step=STATEMENTS,
    ),
    graph(
        "Time spent by kind",
        "percentunit",
        "Processors' worth of time that statements take, waiting included. Above the number of processors statements "
        "wait for each other.",
        ("rate(database_query_seconds_total{TARGET}[RATE])", "{{type}} " + WHERE),
        stacked=True,
        step=STATEMENTS,
    ),
    table(
        "Statements that take most time",
        "percentunit",
        "The twenty statements with the largest share. Find the text with SELECT query FROM pg_stat_statements WHERE "
        "queryid = ..., and start with EXPLAIN (ANALYZE, BUFFERS) of the first.",
        top(speed("instance, target, datname, user, queryid", "pg_stat_statements_seconds_total{TARGET}"), 20),
        {
            "datname": "Database",
            "user": "User",
            "queryid": "Query id",
            "instance": "Instance",
            "target": "Target",
            "Value": "Processors",
        },
        step=STATEMENTS,
    ),
    table(
        "Slowest statements",
        "s",
        "Mean time of the twenty slowest statements that ran. Above half a second users notice: look for a missing "
        "index, or for rows that are fetched and thrown away.",
        top(
            per(
                speed("instance, target, datname, user, queryid", "pg_stat_statements_seconds_total{TARGET}"),
                speed("instance, target, datname, user, queryid", "pg_stat_statements_calls_total{TARGET}"),
            ),
            20,
        ),
        {
            "datname": "Database",
            "user": "User",
            "queryid": "Query id",
            "instance": "Instance",
            "target": "Target",
            "Value": "Mean time",
        },
        above(0.1, 0.5),
        step=STATEMENTS,
    ),
)

dashboard.row(
    "Transactions and rows",
    graph(
        "Transactions",
        "ops",
        "Commits and rollbacks per second. Rollbacks that rise are errors in an application: its log has them.",
        (
            speed("instance, target, datname", f"pg_stat_database_xact_commit{DATABASE}"),
            "{{datname}} " + WHERE,
        ),
        (
            speed("instance, target, datname", f"pg_stat_database_xact_rollback{DATABASE}"),
            "{{datname}} rolled back " + WHERE,
        ),
    ),
    graph(
        "Rows",
        "ops",
        "Rows read and written per second. Many rows returned by scans and few fetched by index: an index is"
        " missing.",
        (speed("instance, target", f"pg_stat_database_tup_returned{DATABASE}"), f"scanned {WHERE}"),
        (speed("instance, target", f"pg_stat_database_tup_fetched{DATABASE}"), f"fetched {WHERE}"),
        (speed("instance, target", f"pg_stat_database_tup_inserted{DATABASE}"), f"inserted {WHERE}"),
        (speed("instance, target", f"pg_stat_database_tup_updated{DATABASE}"), f"updated {WHERE}"),
        (speed("instance, target", f"pg_stat_database_tup_deleted{DATABASE}"), f"deleted {WHERE}"),
    ),
    graph(
        "Deadlocks and conflicts",
        "short",
        "Transactions ended by a deadlock, and queries cancelled on a standby. Deadlocks: let all code take locks in"
        " the same order; the server's log shows both statements.",
        (f"increase(pg_stat_database_deadlocks{DATABASE}[RATE])", "deadlocks {{datname}} " + WHERE),
        (f"increase(pg_stat_database_conflicts{DATABASE}[RATE])", "conflicts {{datname}} " + WHERE),
        thresholds=limit(1),
    ),
)

dashboard.row(
    "Connections and locks",
    graph(
        "Connections by state",
        "short",
        "Backends by state. Many 'idle in transaction' is an application that forgets to commit; many 'idle' with a "
        "full server wants a pooler.",
        (
            "sum by (instance, target, state) (pg_stat_activity_count{TARGET}) > 0",
            "{{state}} " + WHERE,
        ),
        stacked=True,
    ),
    graph(
        "Connections and limit",
        "short",
        "Connections in use, and how many ordinary roles can have. See the panel beside for what they do.",
        ("pg_connections_used{TARGET}", f"in use {WHERE}"),
        ("pg_connections_usable{TARGET}", f"limit {WHERE}"),
    ),
    graph(
        "Waiting backends",
        "short",
        "Backends at work that wait, by what for. Lock: see the panels on locks. IO: the disk. LWLock: contention"
        " inside the server. Client: the application is slow to read.",
        (
            "sum by (instance, target, wait_event_type) "
            '(pg_stat_activity_count{TARGET, state="active", wait_event_type!=""}) > 0',
            "{{wait_event_type}} " + WHERE,
        ),
        stacked=True,
    ),
    graph(
        "Longest transaction",
        "s",
        "Age of the oldest open transaction by state. 'idle in transaction' here is a forgotten one: "
        "idle_in_transaction_session_timeout ends them.",
        (
            "max by (instance, target, state) (pg_stat_activity_max_tx_duration{TARGET}) > 0",
            "{{state}} " + WHERE,
        ),
        thresholds=above(300, 3600),
    ),
    graph(
        "Waiting for locks",
        "short",
        "Lock requests that are not granted, by mode. pg_blocking_pids() names who holds what a backend waits for.",
        (
            "sum by (instance, target, datname, mode) (pg_locks_waiting{TARGET})",
            "{{mode}} {{datname}} " + WHERE,
        ),
        thresholds=above(1, 10),
    ),
    graph(
        "Longest wait for a lock",
        "s",
        "How long the oldest lock request has waited. Minutes are a migration behind a long transaction, with"
        " everybody else behind the migration: set lock_timeout for migrations.",
        (
            "max by (instance, target, datname, mode) (pg_locks_longest_wait_seconds{TARGET})",
            "{{mode}} {{datname}} " + WHERE,
        ),
        thresholds=above(5, 60),
    ),
)

dashboard.row(
    "Cache and disk",
    graph(
        "Cache hits",
        "percentunit",
        "Blocks found in the buffer cache by database. Below 98 % on a busy database: see which statements read most,"
        " or give shared_buffers more.",
        (
            share(
                speed("instance, target, datname", f"pg_stat_database_blks_hit{DATABASE}"),
                speed("instance, target, datname", f"pg_stat_database_blks_read{DATABASE}"),
            ),
            "{{datname}} " + WHERE,
        ),
        thresholds=below(0.98, 0.9),
        top=1,
    ),
    graph(
        "Temporary files",
        "Bps",
        "Bytes written to temporary files per second: sorts and joins that did not fit in work_mem. Raise it for"
        " those statements, or give them an index.",
        (f"rate(pg_stat_database_temp_bytes{DATABASE}[RATE])", "{{datname}} " + WHERE),
    ),
    graph(
        "Checkpoints",
        "ops",
        "Buffers written by checkpoints, the background writer and backends. Backends that write themselves wait for "
        "it: let checkpoints and the background writer do more (up to Postgres 16).",
        ("rate(pg_stat_bgwriter_buffers_checkpoint_total{TARGET}[RATE])", f"checkpoints {WHERE}"),
        ("rate(pg_stat_bgwriter_buffers_clean_total{TARGET}[RATE])", f"background writer {WHERE}"),
        ("rate(pg_stat_bgwriter_buffers_backend_total{TARGET}[RATE])", f"backends {WHERE}"),
    ),
    graph(
        "Write-ahead log",
        "Bps",
        "Bytes of WAL written per second. A jump without more rows is full page images after a checkpoint: make "
        "checkpoints rarer with max_wal_size.",
        ("rate(pg_stat_wal_bytes_total{TARGET}[RATE])", f"written {WHERE}"),
    ),
    graph(
        "Size of the write-ahead log",
        "bytes",
        "Bytes of WAL on disk. When it grows without end, a replication slot or the archiver holds it: see the"
        " retained bytes below and the failures of the archiver.",
        ("pg_wal_size_bytes{TARGET}", f"on disk {WHERE}"),
    ),
    graph(
        "Archiver",
        "short",
        "WAL files that could not be archived. Any failure means that the backup has a gap from here on: see "
        "archive_command and its disk.",
        ("increase(pg_stat_archiver_failed_count{TARGET}[RATE])", f"failed {WHERE}"),
        ("increase(pg_stat_archiver_archived_count{TARGET}[RATE])", f"archived {WHERE}"),
        thresholds=limit(1),
    ),
    graph(
        "Size of databases",
        "bytes",
        "Bytes on disk. Compare the slope with what is free on the disk.",
        ('pg_database_size_bytes{TARGET, datname!~"template.*"}', "{{datname}} " + WHERE),
    ),
    graph(
        "Age of the oldest transaction id",
        "short",
        "Transactions since the oldest row that is not frozen. Near 2 billion writes stop: above 200 million vacuum "
        "should be at work; if it is not, an old transaction or slot holds it back.",
        ('pg_database_frozen_xid_age{TARGET, datname!~"template.*"}', "{{datname}} " + WHERE),
        thresholds=above(500000000, 1500000000),
    ),
)

dashboard.row(
    "Replication",
    timeline(
        "Primary or standby",
        "Whether each server is a standby. A change is a failover: see whether clients have followed it.",
        "pg_replication_is_replica{TARGET}",
        words((1, "Standby", "blue"), (0, "Primary", "green")),
        WHERE,
        width=8,
    ),
    graph(
        "Lag of a standby",
        "s",
        "Age of the last replayed transaction while there is more to replay, as the standby sees it. Rising without"
        " end: the standby is stopped, or a long query holds replay up.",
        ("pg_replication_lag_seconds{TARGET}", WHERE),
        thresholds=above(30, 300),
    ),
    graph(
        "Bytes that standbys have not replayed",
        "bytes",
        "As the primary sees it, by standby. A standby that is missing here has lost its connection.",
        ("pg_stat_replication_pg_wal_lsn_diff{TARGET}", "{{application_name}} {{client_addr}} " + WHERE),
    ),
    graph(
        "Log kept for slots",
        "bytes",
        "Bytes of WAL that replication slots hold back. One that grows belongs to a standby or subscriber that is"
        " gone: drop it with pg_drop_replication_slot before the disk is full.",
        ("pg_replication_slot_retained_bytes{TARGET}", "{{slot_name}} " + WHERE),
        thresholds=above(1 << 30, 10 << 30),
        width=12,
    ),
    timeline(
        "Slots in use",
        "Whether somebody streams from each replication slot. One that is not in use keeps WAL on disk for ever.",
        "pg_replication_slot_slot_is_active{TARGET}",
        YES_NO,
        "{{slot_name}} " + WHERE,
    ),
)

POOL = "{{database}} {{user}} {{instance}}"

dashboard.row(
    "PgBouncer",
    graph(
        "Pools in use",
        "percentunit",
        "Server connections over pool size. At 100 % clients begin to wait: see whether transactions are long before "
        "you raise default_pool_size.",
        ("pgbouncer_pool_utilization_ratio{INSTANCE}", POOL),
        thresholds=above(0.8, 1),
    ),
    graph(
        "Clients",
        "short",
        "Clients that have a server connection, and clients that wait for one, by pool.",
        ("pgbouncer_pools_client_active_connections{INSTANCE}", f"active {POOL}"),
        ("pgbouncer_pools_client_waiting_connections{INSTANCE}", f"waiting {POOL}"),
    ),
    graph(
        "Longest wait of a client",
        "s",
        "How long the client waits that has waited longest. At query_wait_timeout it is dropped with an error.",
        ("pgbouncer_pools_client_maxwait_seconds{INSTANCE}", POOL),
        thresholds=above(1, 10),
    ),
    graph(
        "Server connections",
        "short",
        "Connections to Postgres by state. Many 'used' or 'testing' ones: server_check_delay and the reset query cost"
        " more than they should.",
        ("sum by (instance) (pgbouncer_pools_server_active_connections{INSTANCE})", "active {{instance}}"),
        ("sum by (instance) (pgbouncer_pools_server_idle_connections{INSTANCE})", "idle {{instance}}"),
        ("sum by (instance) (pgbouncer_pools_server_used_connections{INSTANCE})", "used {{instance}}"),
        ("sum by (instance) (pgbouncer_pools_server_testing_connections{INSTANCE})", "testing {{instance}}"),
        ("sum by (instance) (pgbouncer_pools_server_login_connections{INSTANCE})", "logging in {{instance}}"),
        stacked=True,
    ),
    graph(
        "Queries and transactions",
        "ops",
        "What passes the pools per second, by database. Equal numbers of both: no transaction has more than one"
        " query.",
        ("rate(pgbouncer_stats_queries_pooled_total{INSTANCE}[RATE])", "queries {{database}} {{instance}}"),
        (
            "rate(pgbouncer_stats_sql_transactions_pooled_total{INSTANCE}[RATE])",
            "transactions {{database}} {{instance}}",
        ),
    ),
    graph(
        "Time per query, transaction and wait",
        "s",
        "Mean duration by database. Transactions much longer than their queries sit idle in between; waiting that "
        "comes near the duration of a query doubles what users feel.",
        (
            per(
                "rate(pgbouncer_stats_queries_duration_seconds_total{INSTANCE}[RATE])",
                "rate(pgbouncer_stats_queries_pooled_total{INSTANCE}[RATE])",
            ),
            "query {{database}} {{instance}}",
        ),
        (
            per(
                "rate(pgbouncer_stats_server_in_transaction_seconds_total{INSTANCE}[RATE])",
                "rate(pgbouncer_stats_sql_transactions_pooled_total{INSTANCE}[RATE])",
            ),
            "transaction {{database}} {{instance}}",
        ),
        (
            per(
                "rate(pgbouncer_stats_client_wait_seconds_total{INSTANCE}[RATE])",
                "rate(pgbouncer_stats_queries_pooled_total{INSTANCE}[RATE])",
            ),
            "wait {{database}} {{instance}}",
        ),
        thresholds=above(0.1, 0.5),
    ),
    graph(
        "Traffic",
        "Bps",
        "Bytes between clients and PgBouncer, by database. A database that sends far more than it did returns larger "
        "results: see the statements above.",
        ("rate(pgbouncer_stats_received_bytes_total{INSTANCE}[RATE])", "received {{database}} {{instance}}"),
        ("rate(pgbouncer_stats_sent_bytes_total{INSTANCE}[RATE])", "sent {{database}} {{instance}}"),
        width=12,
    ),
    timeline(
        "State",
        "Whether PgBouncer serves. Paused or suspended is the work of an operator: RESUME ends it.",
        'pgbouncer_state{INSTANCE, state="active"}',
        words((1, "Active", "green"), (0, "Paused", "orange")),
        "{{instance}}",
    ),
)

dashboard.row(
    "Gateway",
    graph(
        "Redis instances",
        "short",
        "Instances in the gateway's database, from deploy/gateway-queries.yaml; empty without"
        " --postgres.queries-file. A jump of more than 10 that nobody ordered is a runaway script.",
        ("redis_instances_total{TARGET}", WHERE),
    ),
    graph(
        "Organisations and users",
        "short",
        "Accounts in the gateway's database. A fall means that somebody deletes them: see the gateway's own log.",
        ("organizations_total{TARGET}", f"organisations {WHERE}"),
        ("users_total{TARGET}", f"users {WHERE}"),
    ),
    graph(
        "API keys",
        "short",
        "API keys by what they can be used for. Many that have expired and are still tried show up as refused"
        " requests at the gateway.",
        ("api_keys_total{TARGET}", "{{state}} " + WHERE),
    ),
)
