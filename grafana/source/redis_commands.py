"""Rows of the Redis overview: what commands do, and which of them fail."""

from categories import CATEGORIES, commands, reads, writes
from panels import WHERE, above, graph, limit
from promql import per, speed, top

COMMANDS = (
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
        "Reads and writes",
        "ops",
        "Commands per second that read values and that write them. Scripts, pub/sub and administration are neither. A"
        " cache is read far more often than written; writes that outgrow reads are a cache that nobody uses.",
        (speed("instance, target", f'redis_commands_total{{TARGET, cmd=~"{reads()}"}}'), f"reads {WHERE}"),
        (speed("instance, target", f'redis_commands_total{{TARGET, cmd=~"{writes()}"}}'), f"writes {WHERE}"),
    ),
    graph(
        "Reads by kind of value",
        "ops",
        "Reading commands per second on strings, hashes, lists, sets, sorted sets, streams and on keys as such. A lot"
        " of reads on keys is a program that asks whether something is there before it asks for it.",
        *(
            (speed("instance, target", f'redis_commands_total{{TARGET, cmd=~"{commands(name)[0]}"}}'), f"{name} {WHERE}")
            for name in CATEGORIES
        ),
        stacked=True,
    ),
    graph(
        "Writes by kind of value",
        "ops",
        "Writing commands per second on strings, hashes, lists, sets, sorted sets, streams and on keys as such.",
        *(
            (speed("instance, target", f'redis_commands_total{{TARGET, cmd=~"{commands(name)[1]}"}}'), f"{name} {WHERE}")
            for name in CATEGORIES
        ),
        stacked=True,
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

ERRORS = (
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
        "Refused logins and refusals for want of permission: by reason where Redis counts them (from 7.2, Valkey), else"
        " by error. Many refused logins are an attack or a rotated password; ACL LOG names user and address.",
        ("rate(redis_acl_access_denied_auth_total{TARGET}[RATE])", f"login {WHERE}"),
        ("rate(redis_acl_access_denied_cmd_total{TARGET}[RATE])", f"command {WHERE}"),
        ("rate(redis_acl_access_denied_key_total{TARGET}[RATE])", f"key {WHERE}"),
        ("rate(redis_acl_access_denied_channel_total{TARGET}[RATE])", f"channel {WHERE}"),
        # Redis 7.0 has the errors only.
        (
            'sum by (instance, target, err) (rate(redis_errors_total{TARGET, err=~"NOPERM|WRONGPASS|NOAUTH"}[RATE]))'
            " unless on (instance, target) rate(redis_acl_access_denied_auth_total{TARGET}[RATE])",
            "{{err}} " + WHERE,
        ),
        thresholds=limit(10),
    ),
)
