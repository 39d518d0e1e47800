"""Row 2: processor time, Sidelong's polls included."""

import time
from contextlib import ExitStack

from . import exporters
from .servers import pgbouncer, postgres, redis
from .table import Table

SOURCES = ("redis", "postgres", "pgbouncer", "host")


def measure(effort):
    interval = f"{effort.scrape_interval:g} s"
    table = Table(
        "2. Processor time",
        "User and system time by the processes' own clocks; the peers' four processes are added up. Per scrape: "
        f"{effort.own_scrapes} scrapes of Sidelong and {effort.peer_scrapes} of each peer, one after the other. The "
        f"other lines: {effort.windows} windows of {interval}, one scrape of everybody in each, of one Sidelong that "
        f"polls everything every {interval}, as often as the peers do, and of another with its default intervals. Both "
        "kinds of Redis are watched at once, each by exporters of its own. Nothing is scaled but the window to the "
        "hour; what Sidelong asks of Postgres every 300 s is not in it.")
    with ExitStack() as stack:
        started = [_start(stack, effort, loaded) for loaded in (False, True)]
        polled = time.monotonic()
        scrapes = [_per_scrape(effort, ours, theirs) for ours, _, theirs in started]
        windows = _per_window(effort, polled, [
            side for ours, alike, theirs in started for side in ([ours], [alike], theirs)])
    hours = 3600 / effort.scrape_interval
    for state in ("plain Redis", "loaded Redis"):
        own, theirs = scrapes.pop(0)
        table.add(f"{state}: one scrape (Sidelong renders, the peers poll)", "us", own, theirs)
        (own, alike, theirs), windows = windows[:3], windows[3:]
        table.add(f"{state}: one poll of everything and one scrape, every {interval}", "us", alike, theirs, "10x")
        table.add(f"{state}: polls at default intervals and one scrape, in {interval}", "us", own, theirs)
        own, theirs = ([microseconds * hours for microseconds in side] for side in (own, theirs))
        table.add(f"{state}: per hour at default intervals", "us", own, theirs)
    return table


def _start(stack, effort, loaded):
    """Sidelong with its default intervals, Sidelong with the peers', and the peers."""
    cache = stack.enter_context(redis(loaded))
    database = stack.enter_context(postgres())
    pooler = stack.enter_context(pgbouncer(database))
    alike = [f"--{source}.interval={effort.scrape_interval:g}s" for source in SOURCES]
    return *[
        stack.enter_context(exporters.sidelong(cache, postgres=database, pgbouncer=pooler, options=options))
        for options in ([], alike)
    ], stack.enter_context(exporters.peers(cache, database, pooler))


def _microseconds(exporters_of_a_side):
    return sum(exporter.program.cpu_seconds() for exporter in exporters_of_a_side) * 1e6


def _per_scrape(effort, ours, theirs):
    def cost(exporter, times):
        before = _microseconds([exporter])
        exporter.scrape(times)
        return (_microseconds([exporter]) - before) / times

    rounds = [
        (cost(ours, effort.own_scrapes), sum(cost(peer, effort.peer_scrapes) for peer in theirs))
        for _ in range(effort.rounds)]
    return map(list, zip(*rounds))


def _per_window(effort, polled, sides):
    """What each side takes in each window. They begin between two polls, so that each has one of a kind."""
    windows, end = [], polled + effort.scrape_interval / 2
    while end < time.monotonic():
        end += effort.scrape_interval
    time.sleep(end - time.monotonic())
    for _ in range(effort.windows):
        before, end = list(map(_microseconds, sides)), end + effort.scrape_interval
        for side in sides:
            for exporter in side:
                exporter.get()
        time.sleep(max(0, end - time.monotonic()))
        windows.append([_microseconds(side) - first for side, first in zip(sides, before)])
    return list(map(list, zip(*windows)))
