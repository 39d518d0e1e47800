"""What an empty panel means: as short words for a panel of one number, and as a sentence for the others.

By the name that a query asks for, the longest beginning that fits, with a matcher where a family has several sources. A
panel of a family without an entry cannot be made, so that no panel leaves its reader guessing.
"""

import re

_WIRE = ("no capture", "the capture is off (--wire.interfaces, CAP_NET_RAW), or no such traffic was seen")
_REDIS = ("no Redis", "Redis is down, or none is configured (--redis.addr)")
_POSTGRES = ("no Postgres", "Postgres is down, or none is configured (--postgres.dsn)")
_SCRAPE = ("no Sidelong", "Prometheus does not scrape this Sidelong")
_ROWS = ("no rows", "the queries file is not used (--postgres.queries-file), or its tables cannot be read")

MEANINGS = {
    "ALERTS": ("none", "no alert is pending or fires, or Prometheus has not loaded prometheus/alerts.yml"),
    "up": _SCRAPE,
    "scrape_": _SCRAPE,
    "process_": _SCRAPE,
    "redis_": _REDIS,
    "redis_aof_": ("no AOF", "there is no append-only file (appendonly)"),
    "redis_acl_access_denied_": ("none", "Redis has refused nothing since its start, or is down"),
    "redis_blocking_": _WIRE,
    "redis_client_": ("no clients", "the user may not run CLIENT LIST, or Redis is down"),
    "redis_clients": ("no clients", "the user may not run CLIENT LIST, or Redis is down"),
    "redis_cluster_": ("no cluster", "Redis is no node of a cluster (cluster-enabled)"),
    "redis_connected_slave_": ("no replica", "no replica is connected to this Redis"),
    "redis_db_keys_by_": ("not counted", "Redis is older than 8.0, or holds no keys"),
    "redis_errors_total": ("no errors", "Redis has answered no error since its start, or is older than 6.2"),
    "redis_hot_key_": ("off", "hot keys are not asked for (--keys.hot), or the capture is off"),
    "redis_key_": _WIRE,
    'redis_key_{source=~"slowlog|probe"}': (
        "none",
        "the slow log has had no entry (slowlog-log-slower-than), and no key is probed (--keys.probe)",
    ),
    "redis_key_group_sampled_": ("off", "keys are not sampled for their memory (--keys.sizes)"),
    "redis_latency_": ("none", "nothing was slower than latency-monitor-threshold, which is off by default"),
    "redis_master_": ("no replica", "this Redis is no replica"),
    "redis_pipeline_": _WIRE,
    "redis_process_": ("not visible", "the redis-server process is not visible to Sidelong (pid namespace)"),
    "redis_pubsub_messages": _WIRE,
    "redis_pubsub_receivers_": _WIRE,
    "redis_pubsub_subscribers": ("no channel", "no channel was published to, or the capture is off"),
    "redis_queue_": ("no queue", "no queue system was found (--redis.queues, --redis.queue)"),
    "redis_queue_oldest_": ("unknown", "no job waits, or no queue is of a system that keeps the time"),
    "redis_queue_processed_": ("unknown", "no queue is of a system that counts them"),
    "redis_queue_waiting_consumers": ("none", "nobody waits at a queue, or the capture is off"),
    "redis_queue_workers": ("unknown", "no queue is of a system that registers its workers"),
    "redis_queue_operations_": ("no jobs", "no job went in or out of a queue, or the capture is off"),
    "redis_slave_": ("no replica", "this Redis is no replica"),
    "redis_slow_": ("none", "the slow log has had no entry (slowlog-log-slower-than)"),
    "redis_stream_": ("no stream", "no stream is asked for (--keys.check-streams)"),
    "redis_up": ("no Redis", "no Redis is configured (--redis.addr), or Prometheus does not scrape this Sidelong"),
    "redis_user_": _WIRE,
    "redis_instances_total": _ROWS,
    "organizations_total": _ROWS,
    "users_total": _ROWS,
    "api_keys_total": _ROWS,
    "pg_": _POSTGRES,
    "pg_replication_is_replica": _POSTGRES,
    "pg_replication_lag_": ("no standby", "this Postgres is no standby"),
    "pg_replication_slot_": ("no slots", "this Postgres has no replication slots"),
    "pg_stat_archiver_": ("no archive", "no WAL is archived (archive_mode)"),
    "pg_stat_replication_": ("no standby", "no standby is connected to this Postgres"),
    "pg_stat_statements_": ("no statements", "the extension pg_stat_statements is missing, or may not be read"),
    "database_": ("no capture", "the capture is off, or sees no port of a database (--wire.postgres-ports)"),
    "database_query_errors_": ("none", "no statement has failed, or the capture sees no port of a database"),
    "database_query_seconds_": ("no statements", "the extension pg_stat_statements is missing, or may not be read"),
    'database_queries_total{source="server"}': (
        "no statements",
        "the extension pg_stat_statements is missing, or may not be read",
    ),
    "pgbouncer_": ("no PgBouncer", "PgBouncer is down, or none is configured (--pgbouncer.dsn)"),
    "http_": ("no HTTP", "no port of a gateway is watched (--wire.http-ports), or it has had no request"),
    "api_key_": ("no keys", "no request had an API key, or no port of a gateway is watched (--wire.http-ports)"),
    "system_": ("no host", "the machine cannot be read (--host.procfs)"),
    "system_pressure_": ("no PSI", "the kernel keeps no account of pressure (psi=1)"),
    "system_swap_": ("no swap", "the machine has no swap"),
    "cgroup_": ("no group", "no control group of Sidelong is visible (--host.cgroupfs)"),
    "cgroup_cpu_limit_": ("no limit", "the container has no limit of its processor time"),
    "cgroup_cpu_throttled_": ("no limit", "the container has no limit of its processor time"),
    "cgroup_memory_limit_": ("no limit", "the container has no memory limit"),
    "sidelong_": _SCRAPE,
    "sidelong_collector_failures_": ("none", "no poll has failed since Sidelong was started"),
    "sidelong_breaker_": ("no target", "no server is configured"),
    "sidelong_wire_": _WIRE,
}

_NAME = re.compile(r'[a-zA-Z_:][\w:]*(?=\{)|(?<=__name__=~")\w+')


def meaning(title, expressions):
    """The words and the sentence for a panel, from the first family that it asks for and can be without."""
    text = " ".join(expressions)
    names = _NAME.findall(text)
    if not names:
        raise ValueError(f"{title}: no family found in {text}")
    # A part over a limit is absent where there is no limit.
    narrow = [name for name in names if "_limit_" in name] or names[:1]
    name = narrow[0]
    if 'source="wire"' in text:
        return _WIRE
    beginnings = []
    for entry in MEANINGS:
        beginning, _, matcher = entry.rstrip("}").partition("{")
        if name.startswith(beginning) and matcher in text:
            beginnings.append(entry)
    if not beginnings:
        raise ValueError(f"{title}: nodata.py does not say what it means that there is no {name}")
    return MEANINGS[max(beginnings, key=len)]
