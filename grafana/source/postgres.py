"""Postgres and pools: statements, connections, locks, disk and replication, and the PgBouncer in front."""

from dashboard import Dashboard
from panels import WHERE, above, below, graph, least, limit, number, table, words
from pools import GATEWAY, POOLS
from promql import per, share, speed, top
from sql import WIRE
from storage import DATABASE, REPLICATION, STORAGE

dashboard = Dashboard(
    "sidelong-postgres",
    "Postgres and pools",
    "Whether Postgres and PgBouncer are well: statements, connections, locks, disk, replication and pools.",
    metric='{__name__=~"pg_up|pgbouncer_up"}',
    targets="pg_up",
)

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

dashboard.row(*WIRE)

# Statistics of statements are read every 30 seconds.
STATEMENTS = "30s"

dashboard.row(
    "Statements",
    graph(
        "Statements by kind",
        "ops",
        "Statements per second by their first keyword. Needs pg_stat_statements. A kind that multiplies is a loop in"
        " an application, or a cache in front of it that misses: see the hit rate of Redis.",
        ('rate(database_queries_total{TARGET, source="server"}[RATE])', "{{type}} " + WHERE),
        stacked=True,
        step=STATEMENTS,
    ),
    graph(
        "Mean time by kind",
        "s",
        "Time per statement by its first keyword. When all kinds rise the server is short of processor, disk or"
        " memory; when one does, the table beside names the statement.",
        (
            per(
                "rate(database_query_seconds_total{TARGET}[RATE])",
                'sum without (source) (rate(database_queries_total{TARGET, source="server"}[RATE]))',
            ),
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

dashboard.row(*STORAGE)

dashboard.row(*REPLICATION)

dashboard.row(*POOLS)

dashboard.row(*GATEWAY)
