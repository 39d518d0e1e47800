"""Row 6: from the start to the first complete page, and sizes."""

import time
from contextlib import ExitStack
from functools import partial

from . import exporters, sizes
from .servers import pgbouncer, postgres, redis
from .table import Table


def measure(effort):
    table = Table(
        "6. Start and size",
        f"From the fork to the first page on which every source is up, medians of {effort.starts} starts. The page is "
        f"asked for every {exporters.PAUSE * 1000:g} ms, Sidelong's as soon as /health/ready says that every source has "
        "been polled. The peers are started one after the other, their times added up, and the slowest of them alone "
        "for where they start at once. Of libraries each is counted once for a side; libpq and OpenSSL, which Sidelong "
        "loads when its configuration needs them, are among them, and the peers' programs have most of theirs inside. "
        "Pages after two polls, against the sum of the peers' pages.")
    with ExitStack() as stack:
        cache = stack.enter_context(redis())
        database = stack.enter_context(postgres())
        pooler = stack.enter_context(pgbouncer(database))
        alone, everything, peers, newest = [], [], [], []
        for _ in range(effort.starts):
            alone.append(_time(lambda: exporters.sidelong(cache)))
            everything.append(_time(lambda: exporters.sidelong(cache, postgres=database, pgbouncer=pooler)))
            for times, is_newest in ((peers, False), (newest, True)):
                times.append([_time(partial(start, newest=is_newest)) for start in (
                    partial(exporters.redis_exporter, cache), partial(exporters.postgres_exporter, database),
                    lambda newest: exporters.pgbouncer_exporter(pooler), exporters.node_exporter)])
        what = "start to complete page"
        for name, own, of_all in (
            ("Redis and host: {}", alone, lambda times: times[0]),
            ("everything: {}, beside the sum of the peers", everything, sum),
            ("everything: {}, beside the slowest peer", everything, max),
        ):
            table.add(name.format(what), "us", own, list(map(of_all, peers)), newest=list(map(of_all, newest)))
        with exporters.sidelong(cache, postgres=database, pgbouncer=pooler) as ours, exporters.peers(
            cache, database, pooler
        ) as theirs:
            time.sleep(6 if effort.rounds > 1 else 0)
            pages = [ours.get()], [peer.get() for peer in theirs]
    sizes.add_to(table)
    table.add("page, bytes", "bytes", *[sum(map(len, side)) for side in pages])
    table.add("page, series", "", *[sum(map(_series, side)) for side in pages])
    return table


def _time(start):
    """Microseconds until an exporter is ready."""
    began = time.monotonic()
    with start():
        return (time.monotonic() - began) * 1e6


def _series(page):
    return sum(1 for line in page.splitlines() if line and not line.startswith(b"#"))
