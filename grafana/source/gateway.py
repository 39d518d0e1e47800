"""The gateway: rate, errors and latency of its HTTP traffic, by path and by API key, as measured on the network."""

from dashboard import INSTANCE, Dashboard, chooser
from panels import above, graph, heatmap, limit, number, table
from promql import per, quantile, speed, spread, top

dashboard = Dashboard(
    "sidelong-gateway",
    "Gateway",
    "Rate, errors and latency of the gateway's HTTP traffic, by path, status and API key, measured on the network.",
    metric="http_requests_in_flight",
    variables=[
        chooser(
            "path",
            "Path",
            f"label_values(http_requests_total{{{INSTANCE}}}, path)",
            description="Paths that belong together, such as /api/users/*.",
        ),
    ],
)

DURATION = "http_request_duration_seconds"
PATHS = '{INSTANCE, path=~"$path"}'
REQUESTS = f"http_requests_total{PATHS}"
ERRORS = f"http_request_errors_total{PATHS}"


def classes():
    """Requests by class of their status: 2xx, 4xx, none."""
    return (
        "sum by (instance, class) (label_replace("
        + speed("instance, status", REQUESTS)
        + ', "class", "${1}xx", "status", "(.).."))'
    )


def with_exemplars(panel):
    """Shows a dot for each trace that an exemplar leads to."""
    for target in panel["targets"]:
        target["exemplar"] = True
    return panel


dashboard.row(
    "Requests",
    number(
        "Requests",
        "reqps",
        "Requests per second that were answered, or would have been. None while there should be some: the wrong port is"
        " captured, or clients speak TLS on it.",
        speed("instance", REQUESTS),
        limit(1e9),
        legend="{{instance}}",
    ),
    number(
        "Errors",
        "percentunit",
        "Share of the requests that were answered 5xx, or not at all though the client waited. The row below says on"
        " which paths.",
        per(speed("instance", ERRORS), speed("instance", REQUESTS)),
        above(0.05, 0.2),
        legend="{{instance}}",
    ),
    number(
        "P95",
        "s",
        "What the slowest twentieth of all requests takes at least, uploads included. When it is bad, the table of the"
        " slowest paths says where.",
        quantile(0.95, "instance", DURATION, PATHS),
        above(0.5, 1),
        legend="{{instance}}",
    ),
    number(
        "In flight",
        "short",
        "Requests that are being answered at this moment, streams left out. It grows when the gateway falls behind.",
        "http_requests_in_flight{INSTANCE}",
        limit(1e9),
        legend="{{instance}}",
    ),
    number(
        "Connections",
        "short",
        "Open connections to the gateway's ports that are followed.",
        "http_connections_active{INSTANCE}",
        limit(1e9),
        legend="{{instance}}",
    ),
    number(
        "Open streams",
        "short",
        "WebSockets, server-sent events and tunnels that are open. They are counted and never timed.",
        "sum by (instance) (http_streams_open{INSTANCE})",
        limit(1e9),
        legend="{{instance}}",
    ),
)

dashboard.row(
    "Rate and errors",
    graph(
        "Requests by class of status",
        "reqps",
        "Requests per second: 2xx and 3xx are well, 4xx is the client's, 5xx the gateway's; none: no answer came.",
        (classes(), "{{class}} {{instance}}"),
        stacked=True,
    ),
    graph(
        "Busiest paths",
        "reqps",
        "Requests per second of the ten busiest paths. other is everything that has no name of its own, refused"
        " requests to unknown paths among them.",
        (top(speed("instance, method, path", REQUESTS)), "{{method}} {{path}} {{instance}}"),
    ),
    graph(
        "Errors by path",
        "reqps",
        "Requests per second that failed, the ten worst paths. One path alone is the gateway's code; all together are"
        " what it depends on.",
        (top(speed("instance, method, path, status", ERRORS)), "{{method}} {{path}} {{status}} {{instance}}"),
    ),
)

dashboard.row(
    "Latency",
    with_exemplars(
        graph(
            "Percentiles",
            "s",
            "P50, P95 and P99 of the chosen paths. P99 alone going up is one path or one kind of request; all three"
            " together are what every request waits for. With exemplars each dot leads to a trace.",
            (quantile(0.5, "instance", DURATION, PATHS), "P50 {{instance}}"),
            (quantile(0.95, "instance", DURATION, PATHS), "P95 {{instance}}"),
            (quantile(0.99, "instance", DURATION, PATHS), "P99 {{instance}}"),
            thresholds=above(0.5, 1),
        )
    ),
    heatmap(
        "Requests",
        "s",
        "How the latencies of the chosen paths are spread. A second band far above the first is a second kind of"
        " request.",
        spread(DURATION, PATHS),
        width=8,
    ),
    table(
        "Slowest paths",
        "s",
        "P95 of the twenty slowest pairs of method and path.",
        top(quantile(0.95, "instance, method, path", DURATION, PATHS) + " >= 0", 20),
        {"method": "Method", "path": "Path", "instance": "Instance", "Value": "P95"},
        thresholds=above(0.5, 1),
        width=8,
    ),
)

dashboard.row(
    "API keys",
    graph(
        "Requests by key",
        "reqps",
        "Requests per second that show an API key, by its name. unknown: not on the list; unreadable: cut off by the"
        " snap length.",
        (top(speed("instance, name", "api_key_requests_total{INSTANCE}")), "{{name}} {{instance}}"),
    ),
    graph(
        "Refused and limited",
        "reqps",
        "Requests with a key that were answered 401 or 403, or 429. Many of unknown: somebody tries keys.",
        (
            speed("instance, name, reason", "api_key_auth_failures_total{INSTANCE}"),
            "{{name}} {{reason}} {{instance}}",
        ),
        (speed("instance, name", "api_key_rate_limited_total{INSTANCE}"), "{{name}} limited {{instance}}"),
        thresholds=limit(10),
    ),
    graph(
        "P95 by key",
        "s",
        "What each key's owner waits for.",
        (
            top(quantile(0.95, "instance, name", "api_key_request_duration_seconds", "{INSTANCE}") + " >= 0"),
            "{{name}} {{instance}}",
        ),
        thresholds=above(0.5, 1),
    ),
)

dashboard.row(
    "Bytes and streams",
    graph(
        "Bodies",
        "Bps",
        "Bytes per second in the bodies of requests and of answers.",
        (speed("instance", f"http_request_bytes_total{PATHS}"), "requests {{instance}}"),
        (speed("instance", f"http_response_bytes_total{PATHS}"), "answers {{instance}}"),
    ),
    graph(
        "Streams",
        "short",
        "Streams and tunnels that are open, by kind. One that only grows is a client that never closes.",
        ("http_streams_open{INSTANCE}", "{{kind}} {{instance}}"),
    ),
)
