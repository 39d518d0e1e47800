"""Row 3: resident memory, threads, descriptors."""

from contextlib import ExitStack

from . import exporters
from .load import redis_benchmark
from .servers import pgbouncer, postgres, redis
from .table import Table


def measure(effort):
    table = Table(
        "3. Resident memory",
        f"After {effort.scrapes:,} scrapes (/proc/PID/smaps_rollup), each process started anew for each of "
        f"{min(3, effort.rounds)} rounds. The capture's ring counts as resident. Under load: after redis-benchmark at "
        "full rate. Peers: redis_exporter beside the first three, the sum of all four beside the last.")
    with ExitStack() as stack:
        cache = stack.enter_context(redis())
        database = stack.enter_context(postgres())
        pooler = stack.enter_context(pgbouncer(database))
        everything = {"postgres": database, "pgbouncer": pooler, "wire": "auto"}
        setups = [
            ("Redis and host", {}, False, ""),
            ("Redis, host and capture (lo), idle", {"wire": "lo"}, False, "< peer"),
            ("Redis, host and capture (lo), under load", {"wire": "lo"}, True, "< peer"),
            ("everything, under load", everything, True, "3x"),
        ]
        figures = {}
        for _ in range(min(3, effort.rounds)):
            for name, details, loaded, _ in setups:
                with exporters.sidelong(cache, **details) as ours:
                    if loaded:
                        for command in ("get", "set"):
                            redis_benchmark(cache, requests=effort.live_commands, command=command)
                    ours.scrape(effort.scrapes)
                    figures.setdefault(name, []).append([_figures(ours)])
            with exporters.peers(cache, database, pooler) as theirs:
                for peer in theirs:
                    peer.scrape(effort.scrapes)
                figures.setdefault("redis_exporter", []).append([_figures(theirs[0])])
                figures.setdefault("all", []).append([_figures(peer) for peer in theirs])
    for name, details, _, target in setups:
        peer = "all" if "postgres" in details else "redis_exporter"
        for part, unit in (
            ("resident", "kB"), ("anonymous", "kB"), ("files", "kB"), ("threads", ""), ("descriptors", "")):
            anonymous = "< peer" if part == "anonymous" and peer == "redis_exporter" else ""
            table.add(
                f"{name}: {part}", unit, _sums(figures[name], part), _sums(figures[peer], part),
                target if part == "resident" else anonymous)
    return table


def _figures(exporter):
    program = exporter.program
    return program.memory() | {"threads": program.threads(), "descriptors": program.descriptors()}


def _sums(rounds, part):
    return [sum(process[part] for process in processes) for processes in rounds]
