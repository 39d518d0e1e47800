"""Row 1: how long a scrape takes."""

import signal
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from . import exporters, load
from .processes import Program, eventually, free_port
from .servers import pgbouncer, postgres, redis
from .table import Table

FORMATS = [("plain", load.PLAIN), ("gzip", load.GZIP), ("OpenMetrics", load.OPENMETRICS)]
# Of each p50 beside redis_exporter.
TARGET = "20x"


def measure(effort):
    table = Table(
        "1. Latency of /metrics",
        f"wrk over kept connections, each asking again at once, {effort.wrk_seconds} s for each of {effort.rounds} "
        "rounds and each side in turn. As Prometheus: one scrape per second with its headers, gzip and OpenMetrics, "
        f"while Sidelong polls each second too, so that each scrape comes after a poll; {effort.long_rounds} rounds of "
        f"{effort.paced_seconds} s. redis_exporter answers a request for OpenMetrics with text 0.0.4. The loaded Redis "
        "has 100 thousand keys, 200 clients and 60 commands in commandstats; nobody asks it anything else meanwhile.")
    for loaded in (False, True):
        with redis(loaded) as server, exporters.sidelong(server) as ours, exporters.redis_exporter(server) as theirs:
            state = "loaded" if loaded else "plain"
            for clients in (1, 50):
                for name, headers in FORMATS:
                    what = f"{state} Redis, {name}, {clients} client{'s' if clients > 1 else ''}"
                    _compare(table, effort, what, ours, theirs, clients, headers)
            with exporters.redis_exporter(server, newest=True) as newest:
                _as_prometheus(table, effort, state, server, theirs, newest)
            if not loaded:
                _at_once(table, effort, ours)
                _stopped(table, effort, server, ours, theirs)
    _other_peers(table, effort)
    return table


def _compare(table, effort, what, ours, theirs, clients, headers):
    reports = {ours: [], theirs: []}
    for _ in range(effort.rounds):
        for side in (ours, theirs):
            reports[side].append(load.wrk(side.port, clients, effort.wrk_seconds, headers))
    for percentile in ("p50", "p99"):
        table.add(
            f"{what}, {percentile}", "us", [report[percentile] for report in reports[ours]],
            [report[percentile] for report in reports[theirs]], TARGET if percentile == "p50" else "")


def _as_prometheus(table, effort, state, server, theirs, newest):
    def paced(place, port):
        # At the same time, and never at the same moment.
        time.sleep(place / 4)
        return load.wrk(port, 1, effort.paced_seconds, load.SCRAPER, paced=True)["p50"]

    with exporters.sidelong(server, options=["--redis.interval=1s", "--host.interval=1s"]) as ours:
        with _floor(ours.get(headers=load.SCRAPER)) as floor, ThreadPoolExecutor() as pool:
            ports = ours.port, theirs.port, newest.port, floor
            rounds = [list(pool.map(paced, range(4), ports)) for _ in range(effort.long_rounds)]
    own, peers, newest_peers, floors = zip(*rounds)
    what = f"{state} Redis, as Prometheus, a scrape after each poll, p50"
    table.add(what, "us", own, peers, "15x", newest=newest_peers)
    table.add(f"{what}, beside the floor with the same page", "us", own, floors, "0.5x")


@contextmanager
def _floor(page):
    """A C program that does nothing but send this page; its port."""
    with tempfile.TemporaryDirectory() as folder:
        source, program, file = Path(__file__).with_name("floor.c"), f"{folder}/floor", f"{folder}/page"
        port = free_port()
        subprocess.run(["cc", "-O2", "-o", program, source, "-lmicrohttpd"], check=True)
        Path(file).write_bytes(page)
        with Program(program, port, file):
            eventually("the floor", lambda: socket.create_connection(("127.0.0.1", port)).close() is None)
            yield port


def _at_once(table, effort, ours):
    """The same page from the floor, asked for as fast as it comes."""
    with _floor(ours.get()) as port:
        reports = [load.wrk(port, 1, effort.wrk_seconds, load.PLAIN) for _ in range(effort.rounds)]
    table.add("floor: libmicrohttpd with that page in memory, p50", "us", [report["p50"] for report in reports])


def _stopped(table, effort, server, ours, theirs):
    """While the Redis does not answer: Sidelong from memory, redis_exporter when its own timeout is over."""
    server.program.send(signal.SIGSTOP)
    reports = [load.wrk(ours.port, 1, effort.wrk_seconds, load.PLAIN) for _ in range(effort.rounds)]
    table.add("Redis stopped (SIGSTOP), p50", "us", [report["p50"] for report in reports])
    table.add("Redis stopped (SIGSTOP), p99", "us", [report["p99"] for report in reports], target="< 1 ms")
    if effort.rounds > 1:
        start = time.monotonic()
        theirs.get(timeout=60)
        table.add("Redis stopped (SIGSTOP), the peer's own timeout", "us", (), (time.monotonic() - start) * 1e6)
    server.program.send(signal.SIGCONT)


def _other_peers(table, effort):
    """Sidelong's page with everything on it, beside the pages that it replaces."""
    with redis() as cache, postgres() as database, pgbouncer(database) as pooler, exporters.sidelong(
        cache, postgres=database, pgbouncer=pooler
    ) as ours, exporters.peers(cache, database, pooler) as theirs:
        own, others = [], {peer: [] for peer in theirs}
        for _ in range(effort.rounds):
            own.append(load.wrk(ours.port, 1, effort.wrk_seconds, load.PLAIN)["p50"])
            for peer in theirs:
                others[peer].append(load.wrk(peer.port, 1, effort.wrk_seconds, load.PLAIN)["p50"])
        for peer in theirs:
            name = peer.program.name.removeprefix("prometheus-")
            target = TARGET if name == "redis-exporter" else ""
            table.add(f"all sources on one page beside {name}, p50", "us", own, others[peer], target)
