"""Row 9: processor time with the capture on, and how often the process wakes, beside a capture of nothing and of two
rates of commands."""

import time
from contextlib import ExitStack

from . import exporters
from .load import paced_traffic
from .servers import pgbouncer, postgres, redis
from .table import Table

RATES = (0, 300, 3_000)
# After four scrapes at one distance polls follow them.
WARM_UP = 5


def measure(effort):
    interval = f"{effort.scrape_interval:g} s"
    table = Table(
        "9. The capture",
        "Processor time of a process that captures lo, polls everything at its default intervals, and is scraped every "
        f"{interval} as Prometheus does it, on a connection that is kept: {effort.windows} windows after {WARM_UP} for "
        "the rhythm. The peers' four processes have the same scrapes and no capture. Wake-ups are voluntary context "
        "switches of all threads. Commands are GET and SET of 50 connections.")
    for rate in RATES:
        _row(table, effort, rate, interval)
    return table


def _row(table, effort, rate, interval):
    with ExitStack() as stack:
        cache = stack.enter_context(redis())
        database = stack.enter_context(postgres())
        pooler = stack.enter_context(pgbouncer(database))
        sides = [[stack.enter_context(exporters.sidelong(cache, postgres=database, pgbouncer=pooler, wire=wire))]
                 for wire in ("off", "lo")] + [stack.enter_context(exporters.peers(cache, database, pooler))]
        if rate:
            stack.enter_context(paced_traffic(cache, rate))
        windows = list(_windows(effort, sides))
        name = f"{rate:,} commands per second" if rate else "nothing to capture"
        off, on, theirs = ([window[side][0] for window in windows] for side in range(3))
        table.add(f"{name}: processor time in {interval}", "us", on, theirs)
        table.add(f"{name}: the same without a capture", "us", off, theirs)
        table.add(f"{name}: wake-ups in {interval}", "", [window[1][1] for window in windows])
        dropped = sides[1][0].value(b"sidelong_wire_packets_dropped_total")
        table.note(f"{name}: {dropped:,.0f} packets dropped.")


def _windows(effort, sides):
    """Microseconds and wake-ups of each side in each window."""
    end = time.monotonic()
    for number in range(WARM_UP + effort.windows):
        before = [_spent(side) for side in sides]
        end += effort.scrape_interval
        for side in sides:
            for exporter in side:
                exporter.kept_scrape()
        time.sleep(max(0, end - time.monotonic()))
        after = [_spent(side) for side in sides]
        if number >= WARM_UP:
            yield [[late - early for early, late in zip(*pair)] for pair in zip(before, after)]


def _spent(side):
    programs = [exporter.program for exporter in side]
    return [sum(program.cpu_seconds() for program in programs) * 1e6, sum(program.wakeups() for program in programs)]
