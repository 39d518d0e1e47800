"""Rows of the Postgres dashboard: PgBouncer's pools, and what the gateway counts in its database."""

from panels import WHERE, above, graph, timeline, words
from promql import per

POOL = "{{database}} {{user}} {{instance}}"

POOLS = (
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

GATEWAY = (
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
