"""Rows of the Postgres dashboard: cache, disk, write-ahead log and replication."""

from panels import WHERE, YES_NO, above, below, graph, limit, timeline, words
from promql import share, speed

# The databases that people use: templates are not among them.
DATABASE = '{TARGET, datname!~"template.*"}'

STORAGE = (
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

REPLICATION = (
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
        "Age of the last replayed transaction while there is more to replay or nothing is received, as the standby"
        " sees it. Rising without end: it has lost its primary, is stopped, or a long query holds replay up.",
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
