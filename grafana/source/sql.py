"""The row on statements as clients see them, read off the wire of Postgres or PgBouncer."""

from panels import above, graph, heatmap, limit, table
from promql import mean, quantile, share, speed, top

# Families of the wire have no target: `port` tells the hops apart where several are read.
WHERE = "{{instance}} {{port}}"
QUERY = "database_query_duration_seconds"
TABLE = "database_table_query_duration_seconds"

WIRE = (
    "On the wire",
    heatmap(
        "Statements",
        "s",
        "How the latencies of all statements are spread, from the client's message to the packet with the end of its"
        " answer. A second band far above the first is a second kind of statement: the table below names its table.",
        f"sum by (le) (increase({QUERY}_bucket{{INSTANCE}}[RATE]))",
    ),
    graph(
        "Statements by type",
        "ops",
        "Statements per second by what they did. EXECUTE and WITH count as what they end in; pg_stat_statements counts"
        " them by their first word, and as other.",
        (speed("instance, port, type", 'database_queries_total{INSTANCE, source="wire"}'), "{{type}} " + WHERE),
        stacked=True,
    ),
    graph(
        "P95 by type",
        "s",
        "What 95 of 100 statements take at most, as their clients see it: the way over the network and the wait for a"
        " pool included. Far above the server's own time it is the pool or the network.",
        (quantile(0.95, "instance, port, type", QUERY, "{INSTANCE}") + " >= 0", "{{type}} " + WHERE),
        thresholds=above(0.1, 0.5),
    ),
    graph(
        "Errors by SQLSTATE",
        "ops",
        "Statements per second that were answered with an error. Class 23 is a constraint, 40 a conflict of"
        " transactions, 42 a statement that fits no schema, 53 and 57 a server that is full or goes down.",
        (top(speed("instance, port, type, sqlstate", "database_query_errors_total{INSTANCE}")), "{{type}} {{sqlstate}} " + WHERE),
        thresholds=limit(1),
    ),
    table(
        "Slowest tables",
        "s",
        "P95 of the twenty slowest pairs of table and type. A SELECT here lacks an index or reads too much; an UPDATE"
        " waits for locks.",
        top(quantile(0.95, "instance, port, table, type", TABLE, "{INSTANCE}") + " >= 0", 20),
        {"table": "Table", "type": "Type", "instance": "Instance", "port": "Port", "Value": "P95"},
        above(0.1, 0.5),
    ),
    table(
        "Tables that take most time",
        "percentunit",
        "Clients' worth of time that statements on a table take. A table on top with small latencies is asked too"
        " often: look for the loop, or cache it.",
        top(speed("instance, port, table, type", f"{TABLE}_sum{{INSTANCE}}"), 20),
        {"table": "Table", "type": "Type", "instance": "Instance", "port": "Port", "Value": "Clients"},
    ),
    graph(
        "What the pool adds",
        "s",
        "Mean time of a statement on each port that is read. Where PgBouncer's and Postgres' are both in"
        " --wire.postgres-ports, the difference is the wait for a server connection and PgBouncer's own work.",
        (mean("instance, port", QUERY, "{INSTANCE}"), WHERE),
    ),
    graph(
        "Transactions",
        "ops",
        "Explicit transactions per second by how they ended. Many that are rolled back are conflicts, or a driver that"
        " ends each read that way.",
        (speed("instance, port, outcome", "database_transactions_total{INSTANCE}"), "{{outcome}} " + WHERE),
        stacked=True,
    ),
    graph(
        "Idle in transaction",
        "short",
        "How many sessions were idle in an open transaction, on average. Each holds its locks, and through a pooler a"
        " server connection: commit before other services are called.",
        (speed("instance, port", "database_idle_in_transaction_seconds_sum{INSTANCE}"), WHERE),
        thresholds=above(1, 5),
    ),
    graph(
        "Statements under way",
        "short",
        "Statements sent and not answered yet. More than there are processors for long is a queue: see locks and pools.",
        ("database_queries_in_flight{INSTANCE}", WHERE),
    ),
    graph(
        "Refused logins and cancellations",
        "ops",
        "Sessions that did not get in by SQLSTATE (28P01 is a wrong password, 53300 too many connections), and"
        " statements that clients gave up.",
        (speed("instance, port, sqlstate", "database_login_failures_total{INSTANCE}"), "refused {{sqlstate}} " + WHERE),
        (speed("instance, port", "database_query_cancels_total{INSTANCE}"), "cancelled " + WHERE),
    ),
    graph(
        "Prepared statements whose text was seen",
        "percentunit",
        "The rest was prepared before the capture began, and counts under the table unknown until its session ends.",
        (
            share(
                speed("instance, port", 'database_prepared_executions_total{INSTANCE, statement="known"}'),
                speed("instance, port", 'database_prepared_executions_total{INSTANCE, statement="unknown"}'),
            ),
            WHERE,
        ),
    ),
)
