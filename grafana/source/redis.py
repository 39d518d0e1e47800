"""Redis overview: is it well, and if not, which part of it."""

from dashboard import Dashboard
from panels import WHERE, above, below, graph, least, limit, number, plain, table, timeline, words
from promql import per, share, speed
from redis_commands import COMMANDS, ERRORS
from redis_copies import PERSISTENCE, REPLICATION



def lookups(outcome):
    """Look-ups by clients in a second: hits or misses, without those that Sidelong makes itself."""
    names = f"redis_keyspace_{outcome}_total", f"sidelong_redis_own_keyspace_{outcome}_total"
    every, own = (speed("instance, target", name + "{TARGET}") for name in names)
    return f"clamp_min({every} - {own}, 0)"


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
        share(lookups("hits"), lookups("misses")),
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
        share(lookups("hits"), lookups("misses")),
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

dashboard.row(*COMMANDS)

dashboard.row(*ERRORS)

dashboard.row(*PERSISTENCE)

dashboard.row(*REPLICATION)
