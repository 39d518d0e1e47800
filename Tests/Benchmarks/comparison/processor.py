"""Row 2: processor time, Sidelong's polls included."""

import time

from . import exporters
from .servers import pgbouncer, postgres, redis
from .table import Table

SOURCES = ("redis", "postgres", "pgbouncer", "host")


def measure(effort):
    table = Table(
        "2. Processor time",
        "User and system time by the processes' own clocks; the peers' four processes are added up. Per scrape: "
        f"{effort.own_scrapes} scrapes of Sidelong and {effort.peer_scrapes} of each peer, one after the other. The "
        f"other lines: {effort.windows} windows of {effort.scrape_interval:g} s, one scrape of everybody in each, "
        f"beside one Sidelong that polls everything every {effort.scrape_interval:g} s, as often as the peers do, and "
        "another with its default intervals. Nothing is scaled but the window to the hour; what Sidelong asks of "
        "Postgres every 300 s is not in it.")
    for loaded in (False, True):
        state = "loaded Redis" if loaded else "plain Redis"
        slow = [f"--{source}.interval={effort.scrape_interval:g}s" for source in SOURCES]
        with redis(loaded) as cache, postgres() as database, pgbouncer(database) as pooler, exporters.sidelong(
            cache, postgres=database, pgbouncer=pooler
        ) as ours, exporters.sidelong(
            cache, postgres=database, pgbouncer=pooler, options=slow
        ) as alike, exporters.peers(cache, database, pooler) as theirs:
            started = time.monotonic()
            _per_scrape(table, effort, state, ours, theirs)
            _per_hour(table, effort, state, started, ours, alike, theirs)
    return table


def _per_scrape(table, effort, state, ours, theirs):
    own, sums = [], []

    def microseconds(exporter, times):
        before = exporter.program.cpu_seconds()
        exporter.scrape(times)
        return (exporter.program.cpu_seconds() - before) / times * 1e6

    for _ in range(effort.rounds):
        own.append(microseconds(ours, effort.own_scrapes))
        sums.append(sum(microseconds(peer, effort.peer_scrapes) for peer in theirs))
    table.add(f"{state}: one scrape (Sidelong renders, the peers poll)", "us", own, sums)


def _per_hour(table, effort, state, started, ours, alike, theirs):
    sides = [[ours], [alike], theirs]

    def spent():
        return [sum(exporter.program.cpu_seconds() for exporter in side) * 1e6 for side in sides]

    windows = []
    # In the middle between two polls, so that each window has one of each kind.
    end = started + effort.scrape_interval / 2
    while end < time.monotonic():
        end += effort.scrape_interval
    time.sleep(end - time.monotonic())
    for _ in range(effort.windows):
        before, end = spent(), end + effort.scrape_interval
        for exporter in (ours, alike, *theirs):
            exporter.get()
        time.sleep(max(0, end - time.monotonic()))
        windows.append([after - first for after, first in zip(spent(), before)])
    own, own_alike, sums = map(list, zip(*windows))
    hours = 3600 / effort.scrape_interval
    seconds = f"{effort.scrape_interval:g} s"
    table.add(f"{state}: one poll of everything and one scrape, every {seconds}", "us", own_alike, sums, "10x")
    table.add(f"{state}: polls at default intervals and one scrape, in {seconds}", "us", own, sums)
    table.add(
        f"{state}: per hour at default intervals", "us", [value * hours for value in own],
        [value * hours for value in sums])
