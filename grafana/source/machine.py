"""Machine and container: processor, memory, pressure and network of the host, and the limits around Sidelong's pod."""

from dashboard import Dashboard
from panels import WHERE, above, graph, limit, number
from promql import speed

dashboard = Dashboard(
    "sidelong-machine",
    "Machine and container",
    "Processor, memory, pressure and network of the host, the limits of the container, and the redis-server process.",
    metric="sidelong_build_info",
)

HERE = "{{instance}}"
ALL = speed("instance", "system_cpu_seconds_total{INSTANCE}")
BUSY = speed("instance", 'system_cpu_seconds_total{INSTANCE, mode!~"idle|iowait"}') + " / " + ALL
USED = "system_memory_used_bytes{INSTANCE} / system_memory_total_bytes{INSTANCE}"

dashboard.row(
    "Status",
    number(
        "Processors busy",
        "percentunit",
        "Share of all processors that is at work. Above 80 % latency rises for everybody: see below what kind of"
        " work, and move or slow down what is not Redis.",
        BUSY,
        above(0.8, 0.95),
        legend=HERE,
    ),
    number(
        "Memory used",
        "percentunit",
        "Memory that is not available to new work. Above 90 % the kernel begins to reclaim, then to kill: see what"
        " has grown, and leave Redis room for forks.",
        USED,
        above(0.8, 0.9),
        legend=HERE,
    ),
    number(
        "Load per processor",
        "none",
        "Tasks that run or wait, per processor, over five minutes. Above 1 some wait; on Linux tasks that wait for"
        " the disk count too.",
        "system_load5{INSTANCE} / system_cpus{INSTANCE}",
        above(1, 2),
        legend=HERE,
    ),
    number(
        "Container memory",
        "percentunit",
        "Working set of the container out of its limit; empty where there is none. At 100 % the kernel kills a"
        " process of the container.",
        "cgroup_memory_working_set_bytes{INSTANCE} / cgroup_memory_limit_bytes{INSTANCE}",
        above(0.8, 0.9),
        legend=HERE,
    ),
    number(
        "Container processor",
        "percentunit",
        "Processor time of the container out of its limit; empty where there is none. Near 100 % it is held back.",
        speed("instance", "cgroup_cpu_usage_seconds_total{INSTANCE}")
        + " / sum by (instance) (cgroup_cpu_limit_cores{INSTANCE})",
        above(0.8, 0.95),
        legend=HERE,
    ),
    number(
        "OOM kills",
        "short",
        "Processes of the container killed for want of memory: the most in one interval of the chosen time. Raise the"
        " limit, or find what grows; the kernel's log names the process.",
        "increase(cgroup_oom_kills_total{INSTANCE}[RATE])",
        limit(1),
        legend=HERE,
        shows="max",
    ),
)

dashboard.row(
    "Host",
    graph(
        "Processor time",
        "percentunit",
        "Share of all processors by what they do. iowait: the disk. steal: the hypervisor gives the time to others. "
        "softirq: network packets.",
        (
            speed("instance, mode", 'system_cpu_seconds_total{INSTANCE, mode!="idle"}')
            + f" / on (instance) group_left {ALL}",
            "{{mode}} " + HERE,
        ),
        stacked=True,
        top=1,
    ),
    graph(
        "Processors busy",
        "percentunit",
        "Share of all processors that is at work, and what it should stay below.",
        (BUSY, HERE),
        thresholds=above(0.8, 0.95),
        top=1,
    ),
    graph(
        "Load",
        "short",
        "Tasks that run or wait, beside the number of processors. A load far above it with idle processors is the"
        " disk.",
        ("system_load1{INSTANCE}", f"1 minute {HERE}"),
        ("system_load5{INSTANCE}", f"5 minutes {HERE}"),
        ("system_load15{INSTANCE}", f"15 minutes {HERE}"),
        ("system_cpus{INSTANCE}", f"processors {HERE}"),
    ),
    graph(
        "Memory",
        "bytes",
        "Memory in use and in all. Used leaves out what the kernel can take back from the page cache.",
        ("system_memory_used_bytes{INSTANCE}", f"used {HERE}"),
        ("system_memory_total_bytes{INSTANCE}", f"total {HERE}"),
    ),
    graph(
        "Memory used",
        "percentunit",
        "Share of memory that is not available, and what it should stay below.",
        (USED, HERE),
        thresholds=above(0.8, 0.9),
        top=1,
    ),
    graph(
        "Swap",
        "bytes",
        "Swap space in use. Redis in swap answers thousands of times slower: give the machine memory, or lower "
        "maxmemory.",
        ("system_swap_total_bytes{INSTANCE} - system_swap_free_bytes{INSTANCE}", f"used {HERE}"),
        ("system_swap_total_bytes{INSTANCE}", f"total {HERE}"),
    ),
)

dashboard.row(
    "Pressure",
    graph(
        "Waiting for processors",
        "percentunit",
        "Share of the time in which some task waited for a processor. Lasting 20 % and more is felt as latency: fewer"
        " tasks, or more processors.",
        ("rate(system_pressure_cpu_waiting_seconds_total{INSTANCE}[RATE])", f"some {HERE}"),
        thresholds=above(0.2, 0.5),
    ),
    graph(
        "Waiting for memory",
        "percentunit",
        "Share of the time in which some or all tasks waited for memory. Anything lasting above 0 comes before OOM "
        "kills: act now.",
        ("rate(system_pressure_memory_waiting_seconds_total{INSTANCE}[RATE])", f"some {HERE}"),
        ("rate(system_pressure_memory_stalled_seconds_total{INSTANCE}[RATE])", f"all {HERE}"),
        thresholds=above(0.05, 0.2),
    ),
    graph(
        "Waiting for the disk",
        "percentunit",
        "Share of the time in which some or all tasks waited for a disk. Snapshots and rewrites of the append-only"
        " file show here; when nothing else moves, the disk is too slow.",
        ("rate(system_pressure_io_waiting_seconds_total{INSTANCE}[RATE])", f"some {HERE}"),
        ("rate(system_pressure_io_stalled_seconds_total{INSTANCE}[RATE])", f"all {HERE}"),
        thresholds=above(0.2, 0.5),
    ),
)

DEVICE = "{{device}} " + HERE

dashboard.row(
    "Network",
    graph(
        "Bytes received",
        "Bps",
        "By device of this network namespace. Compare with what the link can carry.",
        ("rate(system_network_receive_bytes_total{INSTANCE}[RATE])", DEVICE),
        width=6,
    ),
    graph(
        "Bytes sent",
        "Bps",
        "By device of this network namespace. A plateau is the link's or the cloud's limit.",
        ("rate(system_network_transmit_bytes_total{INSTANCE}[RATE])", DEVICE),
        width=6,
    ),
    graph(
        "Packets",
        "pps",
        "Received and sent by device. Small packets in masses are commands without pipelining.",
        ("rate(system_network_receive_packets_total{INSTANCE}[RATE])", f"received {DEVICE}"),
        ("rate(system_network_transmit_packets_total{INSTANCE}[RATE])", f"sent {DEVICE}"),
        width=6,
    ),
    graph(
        "Errors and drops",
        "pps",
        "Packets lost by a device or its driver. Any that last: the cable, the driver's ring (ethtool -g), or too"
        " little processor time for softirq.",
        ("rate(system_network_receive_errors_total{INSTANCE}[RATE])", f"receive errors {DEVICE}"),
        ("rate(system_network_transmit_errors_total{INSTANCE}[RATE])", f"transmit errors {DEVICE}"),
        ("rate(system_network_receive_dropped_total{INSTANCE}[RATE])", f"receive drops {DEVICE}"),
        ("rate(system_network_transmit_dropped_total{INSTANCE}[RATE])", f"transmit drops {DEVICE}"),
        thresholds=limit(1),
        width=6,
    ),
)

dashboard.row(
    "Container",
    graph(
        "Memory",
        "bytes",
        "Memory of Sidelong's cgroup and its limit. The working set is what counts for the OOM killer; the rest is"
        " page cache that can be dropped.",
        ("cgroup_memory_usage_bytes{INSTANCE}", f"usage {HERE}"),
        ("cgroup_memory_working_set_bytes{INSTANCE}", f"working set {HERE}"),
        ("cgroup_memory_limit_bytes{INSTANCE}", f"limit {HERE}"),
    ),
    graph(
        "Processor",
        "none",
        "Processors that the container uses, and how many it may. At the limit it is held back: see the panel"
        " beside.",
        ("rate(cgroup_cpu_usage_seconds_total{INSTANCE}[RATE])", f"used {HERE}"),
        ("cgroup_cpu_limit_cores{INSTANCE}", f"limit {HERE}"),
    ),
    graph(
        "Held back",
        "percentunit",
        "Time for which the container was held back at its limit, per second. It adds to latency and makes the"
        " capture drop packets: raise the limit, or leave it out.",
        ("rate(cgroup_cpu_throttled_seconds_total{INSTANCE}[RATE])", HERE),
        thresholds=above(0.05, 0.25),
    ),
)

dashboard.row(
    "redis-server process",
    graph(
        "Memory",
        "bytes",
        "Resident memory of the process; empty where Sidelong does not share its process namespace. Compare with what"
        " Redis believes on the Redis overview.",
        ("redis_process_resident_memory_bytes{INSTANCE}", WHERE),
        width=6,
    ),
    graph(
        "Processors",
        "none",
        "Processors that the process uses, background threads included. One is the end of the line for the main"
        " thread.",
        ("rate(redis_process_cpu_seconds_total{INSTANCE}[RATE])", WHERE),
        thresholds=above(0.9, 1.5),
        width=6,
    ),
    graph(
        "File descriptors",
        "percentunit",
        "Open descriptors out of the limit; empty where they may not be read. Near 100 % new clients are refused:"
        " raise LimitNOFILE together with maxclients.",
        ("redis_process_open_fds{INSTANCE} / redis_process_max_fds{INSTANCE}", WHERE),
        thresholds=above(0.8, 0.95),
        top=1,
        width=6,
    ),
    graph(
        "Threads",
        "short",
        "Threads of the process. A change without a restart is I/O threads being switched on or off.",
        ("redis_process_threads{INSTANCE}", WHERE),
        width=6,
    ),
)
