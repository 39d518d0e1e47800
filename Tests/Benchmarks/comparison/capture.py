"""Row 9: processor time with the capture on, and how often the process wakes, beside a capture of nothing and of two
rates of commands."""

import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from . import exporters
from .load import paced_traffic
from .processes import Program
from .servers import all_three
from .table import Table

RATES = (0, 300, 3_000)


def measure(effort):
    interval = f"{effort.scrape_interval:g} s"
    table = Table(
        "9. The capture",
        "Processor time of a process that captures lo, polls everything at its default intervals, and is scraped every "
        f"{interval} as Prometheus does it, on a connection that is kept: {effort.windows} windows after "
        f"{effort.warm_up} for the rhythm. The peers' four processes have the same scrapes and no capture. Wake-ups are "
        "voluntary context switches of all threads. Commands are GET and SET of 50 connections; where there are none, the "
        "Sidelong without a capture has servers of its own, since its polls would be captured. The floor asks servers of "
        "the same kind and reads such files once in each window, in C and one thread, and makes no page "
        "(`comparison/poller.c`). The kernel's share is its own account of all that time, from some tens of looks at who "
        "is running.")
    for rate in RATES:
        _row(table, effort, rate, interval)
    return table


def _row(table, effort, rate, interval):
    with ExitStack() as stack:
        cache, database, pooler = stack.enter_context(all_three())
        others = stack.enter_context(all_three())
        # What the others ask is nothing to capture.
        uncaptured = (cache, database, pooler) if rate else others
        off, on = ([stack.enter_context(_sidelong(wire, *servers))]
                   for wire, servers in (("off", uncaptured), ("lo", (cache, database, pooler))))
        peers, newest = (
            stack.enter_context(exporters.peers(*others, newest=newest)) for newest in (False, True))
        floor = [stack.enter_context(_poller(effort.scrape_interval, *others))] if not rate else []
        if rate:
            stack.enter_context(paced_traffic(cache, rate))
        windows = list(_windows(effort, [off, on, peers, newest, floor]))
        name = f"{rate:,} commands per second" if rate else "nothing to capture"
        without, with_it, theirs, newest_peers, least = (
            [window[side][0] for window in windows] for side in range(5))
        table.add(f"{name}: processor time in {interval}", "us", with_it, theirs, newest=newest_peers)
        table.add(f"{name}: the same without a capture", "us", without, theirs, newest=newest_peers)
        if floor:
            table.add(f"{name}: floor, a poll alone", "us", least)
        table.add(f"{name}: wake-ups in {interval}", "", [window[1][1] for window in windows])
        shares = [f"{share:.0%}" for (side,) in (off, on) if (share := side.program.kernel_share()) is not None]
        dropped = on[0].value(b"sidelong_wire_packets_dropped_total")
        table.note(f"{name}: {dropped:,.0f} packets dropped; the kernel's share without and with a capture: "
                   f"{' and '.join(shares)}.")


def _sidelong(wire, cache, database, pooler):
    return exporters.sidelong(cache, postgres=database, pgbouncer=pooler, wire=wire)


@contextmanager
def _poller(seconds, cache, database, pooler):
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(__file__).with_name("poller.c"), f"{folder}/poller"
        flags = subprocess.run(["pkg-config", "--cflags", "libpq"], capture_output=True, text=True, check=True).stdout
        subprocess.run(["cc", "-O2", *flags.split(), "-o", program, source, "-lpq"], check=True)
        with Program(program, seconds, cache.port, database.dsn("ours"), exporters.console(pooler)) as running:
            yield _Floor(running)


class _Floor:
    """Something that is not scraped."""

    def __init__(self, program):
        self.program = program

    def kept_scrape(self):
        pass


def _windows(effort, sides):
    """Microseconds and wake-ups of each side in each window."""
    end = time.monotonic()
    for number in range(effort.warm_up + effort.windows):
        before = [_spent(side) for side in sides]
        end += effort.scrape_interval
        for side in sides:
            for exporter in side:
                exporter.kept_scrape()
        time.sleep(max(0, end - time.monotonic()))
        after = [_spent(side) for side in sides]
        if number >= effort.warm_up:
            yield [[late - early for early, late in zip(*pair)] for pair in zip(before, after)]


def _spent(side):
    programs = [exporter.program for exporter in side]
    return [sum(program.cpu_seconds() for program in programs) * 1e6, sum(program.wakeups() for program in programs)]
