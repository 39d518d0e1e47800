"""Sidelong itself: is it scraped, do its sources work, and what does it cost."""

from dashboard import Dashboard
from panels import above, graph, heatmap, least, limit, number, plain, timeline, words
from promql import classic_quantile, speed

dashboard = Dashboard(
    "sidelong-self",
    "Sidelong itself",
    "Whether Sidelong is scraped, whether each of its sources works, and what it costs.",
    metric="sidelong_build_info",
)

HERE = "{{instance}}"
SOURCE = "{{collector}} {{target}} {{instance}}"

dashboard.row(
    "Status",
    number(
        "Scraped",
        "none",
        "Whether Prometheus gets the page. When not, see its page of targets for the error: refused, timed out, 401, "
        "429, or more samples than sample_limit.",
        "up{INSTANCE}",
        least(1),
        words((1, "Yes", "green"), (0, "No", "red")),
        legend=HERE,
    ),
    number(
        "Version",
        "none",
        "What runs. Different versions side by side are an unfinished roll-out.",
        "sidelong_build_info{INSTANCE}",
        plain(),
        legend="{{version}} {{instance}}",
        name=True,
    ),
    number(
        "Up for",
        "s",
        "Time since Sidelong started. A short time that nobody planned: see the container's OOM kills and its log.",
        "time() - process_start_time_seconds{INSTANCE}",
        least(300),
        legend=HERE,
    ),
    number(
        "Failing sources",
        "none",
        "Collectors whose newest poll failed. The row on sources says which, and for what reason.",
        "count by (instance) (sidelong_collector_success{INSTANCE}) - sum by (instance)"
        " (sidelong_collector_success{INSTANCE})",
        limit(1),
        legend=HERE,
    ),
    number(
        "Configuration",
        "none",
        "Whether the configuration was good when it was last read. When it was refused the old one stays in force;"
        " the log names the option.",
        "sidelong_config_last_reload_successful{INSTANCE}",
        least(1),
        words((1, "Good", "green"), (0, "Refused", "red")),
        legend=HERE,
    ),
    number(
        "Duplicate series",
        "none",
        "Series left out because they stood on the page twice, mostly from a queries file that uses a name of "
        "Sidelong's own.",
        "sidelong_duplicate_series{INSTANCE}",
        limit(1),
        legend=HERE,
    ),
)

dashboard.row(
    "Sources",
    timeline(
        "History of health",
        "The status of each component of /health, and overall the worst of them. Unhealthy is what a probe of"
        " /health would have acted on; /health says why in words while it lasts.",
        'max by (instance, component) (sidelong_health_status{INSTANCE, status="healthy"} or '
        '2 * sidelong_health_status{INSTANCE, status="degraded"} or '
        '3 * sidelong_health_status{INSTANCE, status="unhealthy"})',
        words((1, "Healthy", "green"), (2, "Degraded", "orange"), (3, "Unhealthy", "red")),
        "{{component}} {{instance}}",
        width=24,
    ),
    timeline(
        "Polls",
        "Whether the newest poll of each source worked. A source that fails loses its series at once; "
        "/health says what is wrong in words.",
        "sidelong_collector_success{INSTANCE}",
        words((1, "Works", "green"), (0, "Fails", "red")),
        SOURCE,
    ),
    timeline(
        "Circuit breakers",
        "Whether each target is being polled (closed), left alone after repeated failures (open) or tried again (half"
        " open). An open one closes by itself when the target is back.",
        'max by (instance, target) (sidelong_breaker_state{INSTANCE, state="closed"} or '
        '2 * sidelong_breaker_state{INSTANCE, state="half_open"} or '
        '3 * sidelong_breaker_state{INSTANCE, state="open"})',
        words((1, "Closed", "green"), (2, "Half open", "orange"), (3, "Open", "red")),
        "{{target}} {{instance}}",
    ),
    graph(
        "Failures by reason",
        "short",
        "Failed polls. Nothing is shown while none fails. denied: grant the privilege or the ACL rule. timeout: the"
        " target hangs. malformed: please report it, with the release of the server.",
        (
            "sum by (instance, target, collector, reason) "
            "(increase(sidelong_collector_failures_total{INSTANCE}[RATE])) > 0",
            "{{collector}} {{reason}} {{target}} {{instance}}",
        ),
        thresholds=limit(1),
    ),
    graph(
        "Duration of polls",
        "s",
        "What one poll takes. It should stay far below the interval; a Redis or Postgres that answers ever later"
        " shows here first.",
        ("sidelong_collector_duration_seconds{INSTANCE}", SOURCE),
        thresholds=above(0.5, 2),
    ),
    graph(
        "Age of the data",
        "none",
        "Time since each source last worked, in polls. 1 is normal; from 3 on the source fails or Sidelong gets no "
        "processor time.",
        (
            "(time() - sidelong_collector_last_success_timestamp_seconds{INSTANCE}) / "
            "sidelong_collector_interval_seconds{INSTANCE}",
            SOURCE,
        ),
        thresholds=above(3, 10),
    ),
    graph(
        "What could not be shown",
        "short",
        "Privileges that are missing (GRANT them), series of a queries file beyond their limit, and lines of INFO"
        " that made no sense.",
        (
            "sum by (instance, target) (sidelong_postgres_privilege_missing{INSTANCE})",
            "privileges {{target}} {{instance}}",
        ),
        ("sum by (instance, query) (sidelong_postgres_query_dropped_series{INSTANCE})", "{{query}} {{instance}}"),
        (
            "sum by (instance, target) (sidelong_redis_info_skipped_lines{INSTANCE})",
            "INFO lines {{target}} {{instance}}",
        ),
        thresholds=limit(1),
    ),
)

dashboard.row(
    "Page",
    graph(
        "Requests",
        "ops",
        "Requests by path and status. 401: a scraper with a wrong credential. 429: one that is faster than its quota."
        " 503 of /health: a target is down.",
        (
            speed("instance, path, status", "sidelong_http_requests_total{INSTANCE}"),
            "{{path}} {{status}} {{instance}}",
        ),
    ),
    heatmap(
        "Time of scrapes",
        "s",
        "Time until the page was sent. A scrape never waits for a target, so a slow one is a starved processor or a"
        " slow reader.",
        'sum by (le) (increase(sidelong_http_request_duration_seconds_bucket{INSTANCE, path="/metrics"}[RATE]))',
        width=8,
    ),
    graph(
        "Duration of scrapes",
        "s",
        "As Prometheus sees it, network included, beside P99 as Sidelong sees it. A wide gap is the network or TLS.",
        ("scrape_duration_seconds{INSTANCE}", f"Prometheus {HERE}"),
        (
            (classic_quantile(0.99, "instance", "sidelong_http_request_duration_seconds", '{INSTANCE, path="/metrics"}')),
            f"P99 {HERE}",
        ),
        thresholds=above(1, 5),
    ),
    graph(
        "Series",
        "short",
        "Samples of one scrape. Series are money: when they grow, see docs/metrics.md for the cost of each family and"
        " --metrics.exclude to leave some out.",
        ("scrape_samples_scraped{INSTANCE}", HERE),
        thresholds=above(4000, 10000),
        width=12,
    ),
    graph(
        "New series",
        "short",
        "Series that were not there in the scrape before. Lasting growth is churn: a label whose values keep"
        " changing, mostly key groups that want a --keys.group.",
        ("scrape_series_added{INSTANCE}", HERE),
        width=12,
    ),
)

dashboard.row(
    "Cost",
    graph(
        "Memory",
        "bytes",
        "Resident memory of Sidelong, the capture's rings included. When it grows without end, please report it"
        " together with the number of key groups and connections.",
        ("process_resident_memory_bytes{INSTANCE}", HERE),
        thresholds=above(64 << 20, 128 << 20),
        width=6,
    ),
    graph(
        "Processor",
        "percentunit",
        "Share of one processor that Sidelong uses. It follows the number of packets: a capture of all interfaces"
        " sees more than it needs, so name them.",
        ("rate(process_cpu_seconds_total{INSTANCE}[RATE])", f"all {HERE}"),
        ("rate(sidelong_wire_cpu_seconds_total{INSTANCE}[RATE])", f"capture {HERE}"),
        thresholds=above(0.5, 0.9),
        width=6,
    ),
    graph(
        "File descriptors",
        "percentunit",
        "Open descriptors out of the limit. A rise without end is a leak: please report it.",
        ("process_open_fds{INSTANCE} / process_max_fds{INSTANCE}", HERE),
        thresholds=above(0.5, 0.8),
        top=1,
        width=6,
    ),
    graph(
        "Threads",
        "short",
        "Threads of Sidelong. A handful, whatever the load; a rise is a fault.",
        ("process_threads{INSTANCE}", HERE),
        thresholds=limit(64),
        width=6,
    ),
    graph(
        "Captured packets",
        "pps",
        "Packets per second by interface. On a busy interface with other traffic, the filter keeps only Redis'"
        " ports.",
        ("rate(sidelong_wire_packets_total{INSTANCE}[RATE])", "{{interface}} {{instance}}"),
        width=12,
    ),
    graph(
        "Captured bytes",
        "Bps",
        "Bytes of these packets on the wire. What the ring has to take between two reads; compare with"
        " --wire.buffer.",
        ("rate(sidelong_wire_bytes_total{INSTANCE}[RATE])", "{{interface}} {{instance}}"),
        width=12,
    ),
)
