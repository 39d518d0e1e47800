"""Row 3: resident memory, threads, descriptors."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from . import exporters
from .load import redis_traffic
from .servers import pgbouncer, postgres, redis
from .table import Table

PARTS = (("resident", "kB"), ("anonymous", "kB"), ("files", "kB"), ("threads", ""), ("descriptors", ""))


def measure(effort):
    table = Table(
        "3. Resident memory",
        f"After {effort.scrapes:,} scrapes (/proc/PID/smaps_rollup), each process started anew for each of "
        f"{effort.long_rounds} rounds. The capture's ring counts as resident. Under load: Sidelong is scraped and "
        "looked at while redis-benchmark runs at full rate, 50 clients and 100 thousand keys; the peers, who see "
        "nothing of it, without. Peers: the sum of all four beside everything, redis_exporter beside the rest.")
    for loaded in (False, True):
        _beside(table, effort, "loaded" if loaded else "plain", loaded)
    return table


def _beside(table, effort, state, loaded):
    setups = [
        (f"{state} Redis and host", {}, False, ""),
        (f"{state} Redis, host and capture (lo), idle", {"wire": "lo"}, False, "< peer"),
        (f"{state} Redis, host and capture (lo), under load", {"wire": "lo"}, True, "< peer"),
        (f"everything with {state} Redis, under load", {"wire": "auto"}, True, "4x"),
    ]
    figures = {}
    with ExitStack() as stack:
        cache = stack.enter_context(redis(loaded))
        database = stack.enter_context(postgres())
        pooler = stack.enter_context(pgbouncer(database))
        setups[-1][1].update(postgres=database, pgbouncer=pooler)
        for _ in range(effort.long_rounds):
            for name, details, is_busy, _ in setups:
                figures.setdefault(name, []).append([_of_sidelong(effort, cache, details, is_busy)])
            for newest in (False, True):
                with exporters.peers(cache, database, pooler, newest) as theirs:
                    with ThreadPoolExecutor() as pool:
                        list(pool.map(lambda peer: peer.scrape(effort.scrapes), theirs))
                    figures.setdefault(("redis_exporter", newest), []).append([_figures(theirs[0])])
                    figures.setdefault(("all", newest), []).append([_figures(peer) for peer in theirs])
    for name, details, _, target in setups:
        peer = "all" if "postgres" in details else "redis_exporter"
        for part, unit in PARTS:
            anonymous = "< peer" if part == "anonymous" and peer == "redis_exporter" else ""
            table.add(
                f"{name}: {part}", unit, _sums(figures[name], part), _sums(figures[peer, False], part),
                target if part == "resident" else anonymous, newest=_sums(figures[peer, True], part))


def _of_sidelong(effort, cache, details, is_busy):
    with ExitStack() as stack:
        ours = stack.enter_context(exporters.sidelong(cache, **details))
        if is_busy:
            stack.enter_context(redis_traffic(cache))
            time.sleep(effort.wire_seconds)
        ours.scrape(effort.scrapes)
        return _figures(ours)


def _figures(exporter):
    program = exporter.program
    return program.memory() | {"threads": program.threads(), "descriptors": program.descriptors()}


def _sums(rounds, part):
    return [sum(process[part] for process in processes) for processes in rounds]
