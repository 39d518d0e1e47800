"""Queues and streams: jobs that wait, what goes in and out, groups that do not keep up, channels, and what fills Redis."""

from dashboard import Dashboard
from panels import WHERE, above, graph, heatmap, limit, table
from promql import per, speed, top

dashboard = Dashboard(
    "sidelong-queues",
    "Queues and streams",
    "Jobs of queue systems and of own queues, consumer groups of streams, channels, and memory by key group.",
    metric="redis_up",
    targets="redis_up",
)

QUEUE = "instance, target, system, queue"
GROUP = "instance, target, db, stream, group"
NAME = "{{system}} {{queue}} " + WHERE
STREAM = "{{stream}} {{group}} " + WHERE


def jobs(state):
    return f'sum by ({QUEUE}) (redis_queue_jobs{{TARGET, state="{state}"}})'


def operations(operation):
    return speed("instance, target, queue", f'redis_queue_operations_total{{TARGET, operation="{operation}"}}')


dashboard.row(
    "Jobs",
    graph(
        "Waiting",
        "short",
        "Jobs that nobody works on yet, of the ten longest queues. One that grows and never gets shorter has too few"
        " workers, or none.",
        (top(jobs("waiting")), NAME),
    ),
    graph(
        "Oldest waiting job",
        "s",
        "How long the oldest job waits, where the system keeps the time. A short queue with an old job has a worker that"
        " is stuck, or is paused.",
        (top(f"max by ({QUEUE}) (redis_queue_oldest_job_age_seconds{{TARGET}})"), NAME),
        thresholds=above(60, 300),
    ),
    graph(
        "Dead",
        "short",
        "Jobs that have failed for good. They do not go away by themselves: mend the cause, then put them in again with"
        " the library.",
        (top(jobs("dead")), NAME),
        thresholds=limit(1),
    ),
    table(
        "Jobs by state",
        "short",
        "All queues with their states, longest first. What is delayed is due later; what is active is worked on now.",
        f"sort_desc(sum by ({QUEUE}, state) (redis_queue_jobs{{TARGET}}))",
        {
            "system": "System",
            "queue": "Queue",
            "state": "State",
            "instance": "Instance",
            "target": "Target",
            "Value": "Jobs",
        },
    ),
    graph(
        "Worked on, and failed",
        "ops",
        "Jobs per second as the systems count them themselves. When failures rise with the rest the same, look at what"
        " the workers call.",
        (top(speed(QUEUE, "redis_queue_processed_total{TARGET}")), "{{system}} processed {{queue}} " + WHERE),
        (top(speed(QUEUE, "redis_queue_failed_total{TARGET}")), "{{system}} failed {{queue}} " + WHERE),
        width=6,
    ),
    graph(
        "Workers",
        "short",
        "Workers that are registered. None while jobs wait is an outage; fewer than usual is a deployment that did not"
        " come up whole, or memory.",
        (top(f"sum by ({QUEUE}) (redis_queue_workers{{TARGET}})"), NAME),
        width=6,
    ),
)

dashboard.row(
    "Traffic of queues",
    graph(
        "Into queues",
        "ops",
        "Commands that put something in, measured on the network. A peak here is what the queue above grows by.",
        (top(operations("in")), "{{queue}} " + WHERE),
        stacked=True,
    ),
    graph(
        "Out of queues",
        "ops",
        "Commands that took something out. Below what comes in for long, and the queue grows without end.",
        (top(operations("out")), "{{queue}} " + WHERE),
        stacked=True,
    ),
    graph(
        "Waiting consumers",
        "short",
        "Blocking commands that wait at a queue. None at a queue with jobs: nobody listens. Many at an empty one: there"
        " are workers to spare.",
        (top("sum by (instance, target, queue) (redis_queue_waiting_consumers{TARGET})"), "{{queue}} " + WHERE),
    ),
)

dashboard.row(
    "Streams",
    graph(
        "Oldest entry that was not read",
        "s",
        "By group; it needs no lag, which a server does not always know. When it rises the group's consumers are gone or"
        " too slow.",
        (top(f"max by ({GROUP}) (redis_stream_group_undelivered_age_seconds{{TARGET}})"), STREAM),
        thresholds=above(60, 300),
    ),
    graph(
        "Lag",
        "short",
        "Entries that a group has not read. Absent where the server does not know it.",
        (top(f"max by ({GROUP}) (redis_stream_group_lag{{TARGET}})"), STREAM),
    ),
    graph(
        "Not acknowledged",
        "short",
        "Entries that were read and not acknowledged. When it only ever rises, consumers forget XACK, or die at work.",
        (top(f"max by ({GROUP}) (redis_stream_group_messages_pending{{TARGET}})"), STREAM),
    ),
    graph(
        "Oldest that was not acknowledged",
        "s",
        "Older than any job takes: its consumer is gone, and another one has to claim it (XAUTOCLAIM).",
        (top(f"max by ({GROUP}) (redis_stream_group_oldest_pending_age_seconds{{TARGET}})"), STREAM),
        thresholds=above(60, 300),
    ),
    graph(
        "Length",
        "short",
        "Entries of each stream. Without MAXLEN or XTRIM a stream grows until memory ends.",
        (top("max by (instance, target, db, stream) (redis_stream_length{TARGET})"), "{{stream}} " + WHERE),
    ),
    graph(
        "Consumers",
        "short",
        "Consumers of each group, those that have gone included until XGROUP DELCONSUMER.",
        (top(f"max by ({GROUP}) (redis_stream_group_consumers{{TARGET}})"), STREAM),
    ),
)

dashboard.row(
    "Channels",
    graph(
        "Messages",
        "ops",
        "Messages that are published, by group of channels, measured on the network.",
        (
            top(speed("instance, target, channel_group", "redis_pubsub_messages_total{TARGET}")),
            "{{channel_group}} " + WHERE,
        ),
        stacked=True,
    ),
    graph(
        "Receivers per message",
        "short",
        "How many clients a message is sent to. 0 is a message that nobody gets: Redis does not keep it.",
        (
            top(
                per(
                    speed("instance, target, channel_group", "redis_pubsub_receivers_total{TARGET}"),
                    speed("instance, target, channel_group", "redis_pubsub_messages_total{TARGET}"),
                )
            ),
            "{{channel_group}} " + WHERE,
        ),
    ),
    graph(
        "Subscribers",
        "short",
        "Subscribers of the twenty channels that are published to most, without those of patterns.",
        (
            top("sum by (instance, target, channel_group) (redis_pubsub_subscribers{TARGET})"),
            "{{channel_group}} " + WHERE,
        ),
    ),
)

SAMPLED = "redis_key_group_sampled_%s{TARGET}"
BY_GROUP = "sum by (instance, target, key_group) (" + SAMPLED + ")"

dashboard.row(
    "What fills Redis",
    graph(
        "Share of memory by key group",
        "percentunit",
        "A group's share of the bytes of a thousand keys sampled at random (--keys.sizes=on), which is nearly its share of"
        " the memory of all keys.",
        (
            top(BY_GROUP % "bytes" + " / on (instance, target) group_left () (sum by (instance, target) ("
                + SAMPLED % "bytes" + ") > 0)"),
            "{{key_group}} " + WHERE,
        ),
        stacked=True,
        top=1,
        width=12,
    ),
    table(
        "Bytes per key",
        "bytes",
        "Mean memory of the sampled keys. A few large keys may weigh more than many small ones: large collections are"
        " slow to read and to delete.",
        top(
            per(
                "sum by (instance, target, key_group, type) (" + SAMPLED % "bytes" + ")",
                "sum by (instance, target, key_group, type) (" + SAMPLED % "keys" + ")",
            ),
            20,
        ),
        {"key_group": "Key group", "type": "Type", "instance": "Instance", "target": "Target", "Value": "Bytes"},
    ),
    heatmap(
        "Keys by size",
        "short",
        "All keys by their length, as Redis 8 counts them itself: bytes of a string, items of a list, set, sorted set or"
        " hash. A bright row that moves up is a collection that nobody trims.",
        "sum by (le) (redis_db_keys_by_size_bucket{TARGET})",
    ),
    graph(
        "Longest keys",
        "short",
        "What a hundredth of the keys of a type is longer than. Commands on a long list or hash take time in proportion,"
        " and nobody else is served meanwhile.",
        (
            "histogram_quantile(0.99, sum by (instance, target, type, le) (redis_db_keys_by_size_bucket{TARGET}))",
            "{{type}} " + WHERE,
        ),
        width=12,
    ),
)
