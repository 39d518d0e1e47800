"""Row 2: processor time, Sidelong's polls included."""

import time

from . import exporters
from .servers import pgbouncer, postgres, redis
from .table import Table


def measure(effort):
    table = Table(
        "2. Processor time",
        f"User and system time by the processes' own clocks. Per scrape: {effort.scrapes // 4} scrapes, one after the "
        f"other. Per hour: {effort.windows} windows of {effort.scrape_interval:g} s, one scrape of everybody in each, "
        "Sidelong with its default intervals; the peers' four processes are added up. Nothing is scaled but the "
        "window to the hour.")
    with redis(loaded=True) as cache, postgres() as database, pgbouncer(database) as pooler, exporters.sidelong(
        cache, postgres=database, pgbouncer=pooler
    ) as ours, exporters.peers(cache, database, pooler) as theirs:
        _per_scrape(table, effort, ours, theirs)
        _per_hour(table, effort, ours, theirs)
    return table


def _per_scrape(table, effort, ours, theirs):
    own, sums = [], []

    def microseconds(exporter, times):
        before = exporter.program.cpu_seconds()
        exporter.scrape(times)
        return (exporter.program.cpu_seconds() - before) / times * 1e6

    for _ in range(effort.rounds):
        own.append(microseconds(ours, effort.scrapes // 4))
        sums.append(sum(microseconds(peer, max(1, effort.scrapes // 40)) for peer in theirs))
    table.add("one scrape (Sidelong renders, the peers poll)", "us", own, sums)


def _per_hour(table, effort, ours, theirs):
    def spent():
        return ours.program.cpu_seconds(), sum(peer.program.cpu_seconds() for peer in theirs)

    own, sums = [], []
    for _ in range(effort.windows):
        before, end = spent(), time.monotonic() + effort.scrape_interval
        for exporter in (ours, *theirs):
            exporter.get()
        time.sleep(max(0, end - time.monotonic()))
        after = spent()
        own.append((after[0] - before[0]) * 1e6)
        sums.append((after[1] - before[1]) * 1e6)
    hours = 3600 / effort.scrape_interval
    table.add(f"scrape and polls of {effort.scrape_interval:g} s", "us", own, sums, "10x")
    table.add("per hour", "us", [value * hours for value in own], [value * hours for value in sums])
