"""What the demo shows of its Sidelong and of its Prometheus.

    look.py ready PORT             succeeds once the first polls have ended
    look.py page PORT              five lines of the page that matter, with what they say
    look.py queries PORT ADDRESS   links to three graphs in the Prometheus at ADDRESS
"""

import re
import sys
import urllib.parse
import urllib.request

SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)(?: # .*)?$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
SHARE = 0.95


class Page:
    """The samples of `/metrics`, as (line, name, labels, value)."""

    def __init__(self, port):
        text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
        matches = [SAMPLE.match(line) for line in text.split("\n") if not line.startswith("#")]
        self.samples = [
            (match[0], match[1], dict(LABEL.findall(match[2] or "")), float(match[3])) for match in matches if match
        ]

    def of(self, name, **labels):
        """The samples of one name that have these labels, the highest value first."""
        found = [
            sample for sample in self.samples if sample[1] == name and labels.items() <= sample[2].items()
        ]
        return sorted(found, key=lambda sample: -sample[3])

    def latency(self, family, words, by="_count", **labels):
        """The bucket below which 95 % of the greatest member of a family stay; `by` says what is great."""
        greatest = self.of(family + by, **labels)
        if not greatest or not greatest[0][3]:
            return None
        labels = greatest[0][2]
        (count,) = [sample[3] for sample in self.of(family + "_count", **labels)]
        enough = [sample for sample in self.of(family + "_bucket", **labels) if sample[3] >= SHARE * count]
        line, _, labels, value = min(enough, key=lambda sample: float(sample[2]["le"]))
        limit = f"at most {float(labels['le']) * 1000:g} ms" if labels["le"] != "+Inf" else "longer than the last bucket"
        return f"{words.format(**labels)}: {value:g} of {count:g} took {limit}", line

    def value(self, words, name, **labels):
        """The highest series of a name."""
        found = self.of(name, **labels)
        return (words.format(**found[0][2]), found[0][0]) if found else None


def findings(page):
    """Pairs of words and a line; what needs the wire comes first, and others take its place without."""
    redis, sql = "redis_command_duration_seconds", "database_queries_total"
    return [
        page.latency("redis_key_command_duration_seconds", "{command} on the keys {key_group}", source="wire"),
        page.latency("http_request_duration_seconds", "{method} {path}, which takes most time", by="_sum"),
        page.latency("database_table_query_duration_seconds", "{type} on the table {table}"),
        page.value("requests answered for the API key {name}", "api_key_requests_total"),
        page.value("the share of Redis' commands that was measured", "sidelong_wire_coverage_ratio"),
        page.latency(redis, "{command}, as Redis measures it", source="server"),
        page.value("statements of the kind {type}, as Postgres counts them", sql, source="server"),
        page.value("the pool of {database} that is in use", "pgbouncer_pool_utilization_ratio"),
        page.value("memory that Redis uses", "redis_memory_used_bytes"),
        page.value("Postgres answers", "pg_up"),
    ]


def graphs(page):
    """Pairs of words and a query."""

    def p95(family, label, more=""):
        return f"histogram_quantile(0.95, sum by ({label}, le) (rate({family}_bucket{more}[1m])))"

    if page.of("sidelong_wire_packets_total"):
        return [
            ("P95 per key group", p95("redis_key_command_duration_seconds", "key_group", '{source="wire"}')),
            ("P95 per path of the gateway", p95("http_request_duration_seconds", "path")),
            ("P95 per table", p95("database_table_query_duration_seconds", "table")),
        ]
    return [
        ("P95 per command, as Redis measures it", p95("redis_command_duration_seconds", "command")),
        ("Commands per second", "sum by (cmd) (rate(redis_commands_total[1m]))"),
        ("Statements per second, as Postgres counts them", "sum by (type) (rate(database_queries_total[1m]))"),
    ]


def is_ready(port):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready").status == 200
    except OSError:
        return False


def main(wish, port, address=None):
    if wish == "ready":
        sys.exit(not is_ready(port))
    elif wish == "page":
        print("\nWhat to look at on the page:")
        for words, line in [finding for finding in findings(Page(port)) if finding][:5]:
            print(f"  # {words}\n  {line}")
        print(flush=True)
    elif wish == "queries":
        print(f"  {address} is Prometheus with the shipped rules; three graphs:")
        for words, query in graphs(Page(port)):
            print(f"    {words}: {address}/graph?g0.tab=0&g0.range_input=5m&g0.expr={urllib.parse.quote(query, safe='')}")


main(*sys.argv[1:])
