"""Row 6: from the start to the first complete page, and sizes."""

import os
import shutil
import subprocess
import time
from contextlib import ExitStack

from . import exporters
from .servers import pgbouncer, postgres, redis
from .table import Table


def measure(effort):
    table = Table(
        "6. Start and size",
        "From the fork to the first page on which every source is up, asked for again and again; the peers are started "
        "one after the other and added up. Pages after two polls, against the sum of the peers' pages.")
    with ExitStack() as stack:
        cache = stack.enter_context(redis())
        database = stack.enter_context(postgres())
        pooler = stack.enter_context(pgbouncer(database))
        alone, beside, own, sums = [], [], [], []
        for _ in range(effort.rounds):
            alone.append(_time(lambda: exporters.sidelong(cache)))
            beside.append(_time(lambda: exporters.redis_exporter(cache)))
            own.append(_time(lambda: exporters.sidelong(cache, postgres=database, pgbouncer=pooler)))
            sums.append(beside[-1] + sum(_time(start) for start in (
                lambda: exporters.postgres_exporter(database), lambda: exporters.pgbouncer_exporter(pooler),
                exporters.node_exporter)))
        table.add("Redis and host: start to complete page", "us", alone, beside)
        table.add("everything: start to complete page", "us", own, sums)
        with exporters.sidelong(cache, postgres=database, pgbouncer=pooler) as ours, exporters.peers(
            cache, database, pooler
        ) as theirs:
            time.sleep(6 if effort.rounds > 1 else 0)
            pages = [ours.get()], [peer.get() for peer in theirs]
    programs = [exporters.SIDELONG], [
        shutil.which(f"prometheus-{name}-exporter") for name in ("redis", "postgres", "node")
    ] + [exporters.PGBOUNCER_EXPORTER]
    sizes = [sum(map(_stripped_size, side)) for side in programs]
    table.add("program file, without debug information", "bytes", *sizes)
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


def _stripped_size(program):
    """The size of a program as it is shipped; Debian's are stripped already."""
    copy = f"/tmp/stripped.{os.getpid()}"
    try:
        subprocess.run(["strip", "-o", copy, program], check=True)
        return os.path.getsize(copy)
    finally:
        if os.path.exists(copy):
            os.remove(copy)
