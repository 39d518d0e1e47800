"""Keys and latency: what clients wait for, by key group, command and user, as measured on the network."""

from capture import NOT_MEASURED, SEEN
from dashboard import INSTANCE, Dashboard, chooser
from panels import WHERE, above, below, graph, heatmap, limit, table
from promql import (
    classic_quantile,
    classic_spread,
    mean,
    observations,
    quantile,
    share,
    speed,
    spread,
    top,
    total,
)

dashboard = Dashboard(
    "sidelong-keys",
    "Keys and latency",
    "Latency and hit rate per key group, command and user, measured on the network, and what was not measured.",
    metric="redis_up",
    targets="redis_up",
    variables=[
        chooser(
            "key_group",
            "Key group",
            f'label_values({{__name__=~"redis_key_command_duration_seconds(_count)?", {INSTANCE}}}, key_group)',
            description="Keys that belong together, such as user:*:profile.",
        ),
        chooser(
            "project",
            "Project",
            f'label_values({{__name__=~"redis_key_command_duration_seconds(_count)?", {INSTANCE}}}, project)',
            every=".*",
            description="Where --keys.group has a pattern with {project}; empty for all other keys.",
        ),
        chooser(
            "command",
            "Command",
            f'label_values({{__name__=~"redis_command_duration_seconds(_count)?", {INSTANCE}}}, command)',
        ),
    ],
)

KEY = "redis_key_command_duration_seconds"
COMMAND = "redis_command_duration_seconds"
USER = "redis_user_command_duration_seconds"
# Families of the network carry a target like all others, by the server's end of each connection.
GROUPS = '{TARGET, source="wire", key_group=~"$key_group", project=~"$project", command=~"$command"}'
PROJECTS = '{TARGET, source="wire", project!="", project=~"$project"}'
COMMANDS = '{TARGET, source="wire", command=~"$command"}'
SERVER = '{TARGET, source="server", command=~"$command"}'
HITS = speed("instance, target, key_group", 'redis_key_hits_total{TARGET, key_group=~"$key_group", project=~"$project"}')
MISSES = speed("instance, target, key_group", 'redis_key_misses_total{TARGET, key_group=~"$key_group", project=~"$project"}')


def slowest(q, by, histogram, selector, most=10):
    """The highest series of a quantile per instance; what has no traffic is left out."""
    return top(quantile(q, f"instance, target, {by}", histogram, selector) + " >= 0", most)


dashboard.row(*SEEN)

dashboard.row(
    "Latency by key group",
    heatmap(
        "Commands with a key",
        "s",
        "How the latencies of the chosen key groups and commands are spread. A second band far above the first is a "
        "second kind of command or value: choose groups one by one to find it.",
        spread(KEY, GROUPS),
    ),
    table(
        "Slowest pairs of key group and command",
        "s",
        "P99 of the twenty slowest pairs. Large collections (HGETALL, SMEMBERS, LRANGE) and scripts stand on top;"
        " split them, page through them, or keep them off the busy instance.",
        slowest(0.99, "key_group, command", KEY, GROUPS, most=20),
        {"key_group": "Key group", "command": "Command", "instance": "Instance", "target": "Target", "Value": "P99"},
        above(0.1, 1),
    ),
    graph(
        "P50 by key group",
        "s",
        "What half of the commands take at most. When all groups rise together, the machine, the network or one "
        "blocking command is the cause and not the groups.",
        (slowest(0.5, "key_group", KEY, GROUPS), "{{key_group}} " + WHERE),
    ),
    graph(
        "P95 by key group",
        "s",
        "What 95 of 100 commands take at most. A single group that rises has grown values or a costly command: see"
        " the table above for the command.",
        (slowest(0.95, "key_group", KEY, GROUPS), "{{key_group}} " + WHERE),
        thresholds=above(0.1, 1),
    ),
    graph(
        "P99 by key group",
        "s",
        "What 99 of 100 commands take at most. Peaks at regular times are snapshots, jobs or expiry: compare with"
        " forks on the Redis overview.",
        (slowest(0.99, "key_group", KEY, GROUPS), "{{key_group}} " + WHERE),
        thresholds=above(0.1, 1),
    ),
    graph(
        "Commands by key group",
        "ops",
        "The ten key groups that are used most. When a group multiplies, look for a loop over single keys that one "
        "MGET or pipeline could replace.",
        (
            top(observations("instance, target, key_group", KEY, GROUPS)),
            "{{key_group}} " + WHERE,
        ),
        stacked=True,
    ),
    graph(
        "Waiting by key group",
        "s",
        "Seconds per second that all clients together wait for each group: calls times latency. What stands highest"
        " is worth improving first.",
        (
            top(total("instance, target, key_group", KEY, GROUPS)),
            "{{key_group}} " + WHERE,
        ),
        stacked=True,
    ),
    graph(
        "Bytes by key group",
        "Bps",
        "Payload of replies and requests of the busiest groups. A group with many bytes and few commands holds large "
        "values: compress or split them.",
        (
            top(speed("instance, target, key_group", 'redis_key_response_bytes_total{TARGET, key_group=~"$key_group"}')),
            "{{key_group}} replies " + WHERE,
        ),
        (
            top(speed("instance, target, key_group", 'redis_key_request_bytes_total{TARGET, key_group=~"$key_group"}')),
            "{{key_group}} requests " + WHERE,
        ),
    ),
    graph(
        "Commands within MULTI",
        "ops",
        "Commands that ran within a transaction, which the panels above do not have: their time is EXEC's. Task queues"
        " run most of their commands so.",
        (
            top(
                speed(
                    "instance, target, key_group, command",
                    'redis_key_queued_commands_total{TARGET, key_group=~"$key_group", command=~"$command"}',
                )
            ),
            "{{key_group}} {{command}} " + WHERE,
        ),
        stacked=True,
    ),
)

dashboard.row(
    "Projects",
    graph(
        "Commands by project",
        "ops",
        "Commands per second on the keys of each project, where --keys.group has a pattern with {project}, such as"
        " project:{project}:*. A project that outgrows the others is one to talk to, or to limit.",
        (top(observations("instance, target, project", KEY, PROJECTS)), "{{project}} " + WHERE),
        stacked=True,
    ),
    graph(
        "P95 by project",
        "s",
        "What 95 of 100 commands of each project take at most. One project that is slower than the others has larger"
        " values or dearer commands; all together are the machine.",
        (slowest(0.95, "project", KEY, PROJECTS), "{{project}} " + WHERE),
        thresholds=above(0.1, 1),
    ),
    graph(
        "Waiting by project",
        "s",
        "Seconds per second that the clients of each project wait for Redis: what a bill by use would be made of.",
        (top(total("instance, target, project", KEY, PROJECTS)), "{{project}} " + WHERE),
        stacked=True,
    ),
)

dashboard.row(
    "On the server and on the wire",
    heatmap(
        "On the wire",
        "s",
        "From the last byte of a request to the first byte of its reply, as a client in the same place sees it. Wider"
        " than the server's own picture: commands wait for each other.",
        spread(COMMAND, COMMANDS),
    ),
    heatmap(
        "On the server",
        "s",
        "What Redis measures itself, waiting excluded. When this is fine and the wire is not, look for queues: long "
        "pipelines, slow commands of others, a busy processor.",
        classic_spread(COMMAND, SERVER),
    ),
    graph(
        "Mean per command",
        "s",
        "Mean time on the wire and on the server. The gap between the two lines of a command is waiting and network; "
        "when it grows, Redis or the machine is saturated.",
        (top(mean("instance, target, command", COMMAND, COMMANDS), 5), "{{command}} wire " + WHERE),
        (top(mean("instance, target, command", COMMAND, SERVER), 5), "{{command}} server " + WHERE),
    ),
    graph(
        "P50, P95 and P99 on the wire",
        "s",
        "All chosen commands together. A P99 that leaves P50 behind is a tail of few slow commands; all three rising "
        "together is saturation.",
        *[
            (quantile(q, "instance, target", COMMAND, COMMANDS), f"P{percent} {WHERE}")
            for q, percent in ((0.5, 50), (0.95, 95), (0.99, 99))
        ],
        thresholds=above(0.1, 1),
    ),
    graph(
        "P50, P95 and P99 on the server",
        "s",
        "The same as Redis measures it, with bounds four times apart. When these rise, the commands themselves have "
        "become dearer: see the slow log below.",
        *[
            (classic_quantile(q, "instance, target", COMMAND, SERVER), f"P{percent} {WHERE}")
            for q, percent in ((0.5, 50), (0.95, 95), (0.99, 99))
        ],
        thresholds=above(0.1, 1),
    ),
)

dashboard.row(
    "Hits",
    graph(
        "Lowest hit rates",
        "percentunit",
        "Reads of single keys that found them, for the ten groups that miss most. A group that falls was evicted, "
        "expires too early, or is asked for before it is written.",
        (
            "bottomk(10, " + share(HITS, MISSES) + ")",
            "{{key_group}} " + WHERE,
        ),
        thresholds=below(0.8, 0.7),
        top=1,
        width=12,
    ),
    graph(
        "Misses by key group",
        "ops",
        "Reads that found nothing. Each is usually followed by a query of the database: the highest group here"
        " explains load on Postgres.",
        (
            top(MISSES),
            "{{key_group}} " + WHERE,
        ),
        width=12,
    ),
)

dashboard.row(
    "Users",
    graph(
        "P95 by user",
        "s",
        "Latency per ACL user. One user that is slow sends costly commands; all users slow is the instance.",
        (slowest(0.95, "user", USER, "{TARGET}"), "{{user}} " + WHERE),
        thresholds=above(0.1, 1),
    ),
    graph(
        "Commands by user",
        "ops",
        "The ten users that send most. When one multiplies, ask its owner, or limit it at the gateway.",
        (top(observations("instance, target, user", USER, "{TARGET}")), "{{user}} " + WHERE),
        stacked=True,
    ),
    graph(
        "Errors by user",
        "ops",
        "Error replies per user by their first word. NOPERM: its ACL rules lack something. WRONGPASS: a password was "
        "rotated and not everywhere.",
        (
            top(speed("instance, target, user, error", "redis_user_command_errors_total{TARGET}")),
            "{{user}} {{error}} " + WHERE,
        ),
        thresholds=limit(10),
    ),
)

dashboard.row(
    "Hot keys, slow log, probes",
    table(
        "Hot keys",
        "short",
        "Commands of the last full minute for the busiest single keys, as many as --keys.hot names. A key with a"
        " large share of all commands cannot be spread over a cluster: cache it in the client or split it.",
        "sort_desc(redis_hot_key_commands{TARGET})",
        {"key": "Key", "instance": "Instance", "Value": "Commands per minute"},
        width=8,
    ),
    graph(
        "P95 from slow log and probes",
        "s",
        "Latency per key group from the slow log (only what was slow) and from probes. It needs no capture, and is"
        " all there is where traffic cannot be seen.",
        (
            top(
                "histogram_quantile(0.95, sum by (instance, target, key_group, source, le)"
                f' (rate({KEY}_bucket{{TARGET, source=~"slowlog|probe", key_group=~"$key_group"}}[RATE]))) >= 0'
            ),
            "{{key_group}} {{source}} " + WHERE,
        ),
    ),
    graph(
        "Slow commands by key group",
        "ops",
        "New entries of the slow log per second. Whatever stands here held up everybody else for as long as it ran.",
        (
            speed(
                "instance, target, key_group, command",
                'redis_slow_commands_total{TARGET, key_group=~"$key_group"}',
            ),
            "{{command}} {{key_group}} " + WHERE,
        ),
    ),
)

dashboard.row(
    "Pipelines and blocking commands",
    heatmap(
        "Pipeline depth",
        "short",
        "Commands in flight on a connection when one arrives. Deep pipelines explain high latencies on the wire that "
        "the server does not have: a reply waits for those before it.",
        "sum by (le) (increase(redis_pipeline_depth_bucket{TARGET}[RATE]))",
    ),
    graph(
        "P95 of blocking commands",
        "s",
        "Waiting included, which is what BLPOP and its kin are for. A long wait is an idle queue; a short one with a "
        "growing list is a queue whose workers do not keep up.",
        (
            slowest(0.95, "command", "redis_blocking_command_duration_seconds", "{TARGET}"),
            "{{command}} " + WHERE,
        ),
        width=12,
    ),
)

dashboard.row(*NOT_MEASURED)
