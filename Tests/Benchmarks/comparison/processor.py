"""Row 2: processor time, Sidelong's polls included."""

import time
from contextlib import ExitStack

from . import exporters
from .servers import all_three
from .table import Table



def measure(effort):
    interval = f"{effort.scrape_interval:g} s"
    table = Table(
        "2. Processor time",
        "User and system time by the processes' own clocks; the peers' four processes are added up. Per scrape: "
        f"{effort.own_scrapes} scrapes of Sidelong and {effort.peer_scrapes} of each peer, one after the other. The "
        f"other lines: {effort.windows} windows of {interval} after {effort.warm_up} for the rhythm, one scrape of everybody "
        "in each, as Prometheus makes it on a connection that is kept: of a Sidelong with its default intervals, whose "
        "polls follow the scrapes, and of one that polls at these intervals come what may (`--poll.align=off`), three "
        "times for a scrape. Both kinds of Redis are watched at once, each by exporters of its own. Nothing is scaled "
        "but the window to the hour; what Sidelong asks of Postgres every 300 s is not in it.")
    with ExitStack() as stack:
        started = [_start(stack, loaded) for loaded in (False, True)]
        scrapes = [_per_scrape(effort, ours, theirs) for ours, _, theirs in started]
        windows = _per_window(effort, [
            side for ours, unaligned, theirs in started for side in ([ours], [unaligned], theirs)])
    hours = 3600 / effort.scrape_interval
    for state in ("plain Redis", "loaded Redis"):
        own, theirs = scrapes.pop(0)
        table.add(f"{state}: one scrape (Sidelong renders, the peers poll)", "us", own, theirs)
        (own, unaligned, theirs), windows = windows[:3], windows[3:]
        table.add(f"{state}: polls and one scrape, every {interval}", "us", own, theirs, "6x")
        table.add(f"{state}: the same without a rhythm", "us", unaligned, theirs)
        own, theirs = ([microseconds * hours for microseconds in side] for side in (own, theirs))
        table.add(f"{state}: per hour", "us", own, theirs)
    return table


def _start(stack, loaded):
    """Sidelong as it comes, Sidelong without a rhythm, and the peers."""
    cache, database, pooler = stack.enter_context(all_three(loaded))
    return *[
        stack.enter_context(exporters.sidelong(cache, postgres=database, pgbouncer=pooler, options=options))
        for options in ([], ["--poll.align=off"])
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


def _per_window(effort, sides):
    """What each side takes in each window."""
    windows, end = [], time.monotonic()
    for _ in range(effort.warm_up + effort.windows):
        before, end = list(map(_microseconds, sides)), end + effort.scrape_interval
        for side in sides:
            for exporter in side:
                exporter.kept_scrape()
        time.sleep(max(0, end - time.monotonic()))
        windows.append([_microseconds(side) - first for side, first in zip(sides, before)])
    return list(map(list, zip(*windows[effort.warm_up:])))
