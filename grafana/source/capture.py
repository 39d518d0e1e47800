"""Rows of the dashboard of keys: how much of the traffic is seen, and what is not measured."""

from panels import WHERE, above, below, graph, least, limit, number, timeline, words
from promql import quantile, share, speed

SEEN = (
    "Is everything seen?",
    number(
        "Capture",
        "none",
        "Whether packets are being captured. When not, the log names the cause, mostly a missing CAP_NET_RAW; without"
        " it the families of the network are absent and everything else goes on.",
        'sidelong_collector_success{INSTANCE, collector="wire_capture"}',
        least(1),
        words((1, "Running", "green"), (0, "Not running", "red")),
        legend="{{instance}}",
    ),
    number(
        "Coverage",
        "percentunit",
        "Commands measured out of those that Redis counted for clients in the last minute. Low: clients come over TLS, a"
        " Unix socket or an interface that is not captured, or scripts call what no network sees.",
        "sidelong_wire_coverage_ratio{TARGET}",
        below(0.9, 0.5),
    ),
    number(
        "Measured commands",
        "ops",
        "Commands per second whose request and reply were both seen. Zero while Redis is busy means that the wrong "
        "interface or port is captured.",
        'rate(sidelong_wire_requests_total{TARGET, protocol="redis"}[RATE])',
        least(0.001),
    ),
    number(
        "Not measured",
        "percentunit",
        "Share of the commands seen whose latency is unknown. The last row of this dashboard gives the reasons.",
        share(
            speed("instance, target", 'sidelong_wire_unmeasured_requests_total{TARGET, protocol="redis"}'),
            speed("instance, target", 'sidelong_wire_requests_total{TARGET, protocol="redis"}'),
        ),
        above(0.05, 0.2),
    ),
    number(
        "Dropped packets",
        "pps",
        "Packets lost because the ring was full. Their commands are missing from every figure here: raise"
        " --wire.buffer, or give Sidelong more processor time.",
        speed("instance", "sidelong_wire_packets_dropped_total{INSTANCE}"),
        limit(0.001),
        legend="{{instance}}",
    ),
    number(
        "P99 of all commands",
        "s",
        "What the slowest hundredth of all commands takes at least, as clients see it. When it is bad, the rows below"
        " say which key group, command and user is.",
        quantile(
            0.99,
            "instance, target",
            "redis_command_duration_seconds",
            '{TARGET, source="wire", command=~"$command"}',
        ),
        above(0.1, 1),
    ),
)

NOT_MEASURED = (
    "What was not measured",
    graph(
        "Unmeasured requests",
        "ops",
        "Requests seen without a latency, by protocol and reason. gap: packets were lost. snap_length: packets were cut. "
        "no_reply, closed: connections ended. evicted, queue_full: more connections than are followed.",
        (
            speed("instance, target, protocol, reason", "sidelong_wire_unmeasured_requests_total{TARGET}"),
            "{{protocol}} {{reason}} " + WHERE,
        ),
    ),
    graph(
        "Coverage",
        "percentunit",
        "Commands measured, and commands seen, out of those that Redis counted for clients in the last minute. Both fall"
        " when traffic moves to where it cannot be seen; what is seen and not measured has its reason beside this.",
        ("sidelong_wire_coverage_ratio{TARGET}", "measured " + WHERE),
        ("sidelong_wire_seen_ratio{TARGET}", "seen " + WHERE),
        thresholds=below(0.9, 0.5),
    ),
    graph(
        "Dropped packets",
        "pps",
        "Packets that the kernel dropped because the ring was full, by interface. Raise --wire.buffer or give"
        " Sidelong more processor time.",
        ("rate(sidelong_wire_packets_dropped_total{INSTANCE}[RATE])", "{{interface}} {{instance}}"),
        thresholds=limit(1),
    ),
    graph(
        "Connections out of sync",
        "ops",
        "Times that pairing had to start anew on a connection, by protocol and reason; and connections that are encrypted "
        "and cannot be read. malformed_request on a port that is not Redis': correct --wire.redis-ports.",
        (
            speed("instance, target, protocol, reason", "sidelong_wire_resyncs_total{TARGET}"),
            "{{protocol}} {{reason}} " + WHERE,
        ),
        (
            "rate(sidelong_wire_encrypted_connections_total{TARGET}[RATE])",
            "{{protocol}} encrypted " + WHERE,
        ),
    ),
    graph(
        "Irregular and ignored packets",
        "pps",
        "Segments seen again, early or never, and packets of no use. Gaps without drops mean that another path"
        " carries a part of the traffic.",
        (
            speed("instance, target, kind", "sidelong_wire_irregular_segments_total{TARGET}"),
            "{{kind}} " + WHERE,
        ),
        (
            speed("instance, reason", "sidelong_wire_packets_ignored_total{INSTANCE}"),
            "{{reason}} {{instance}}",
        ),
    ),
    timeline(
        "Captured interfaces",
        "Whether each interface is being captured. One that is down or gone is captured again when it is back, and a new"
        " one from its first packet on.",
        "sidelong_wire_interface_up{INSTANCE}",
        words((1, "Captured", "green"), (0, "Down", "red")),
        "{{interface}} {{instance}}",
        width=8,
    ),
    graph(
        "Followed connections",
        "short",
        "Connections that the capture follows, and those it gave up for newer ones. Evictions mean more connections "
        "than it has room for.",
        ("sidelong_wire_connections{TARGET}", "{{protocol}} followed " + WHERE),
        (
            "increase(sidelong_wire_connections_evicted_total{TARGET}[RATE])",
            "{{protocol}} evicted " + WHERE,
        ),
    ),
    graph(
        "Cost of the capture",
        "percentunit",
        "Share of one processor that capturing takes. When it nears its limit, packets are dropped next.",
        ("rate(sidelong_wire_cpu_seconds_total{INSTANCE}[RATE])", "{{instance}}"),
        thresholds=above(0.5, 0.9),
    ),
)
