"""Row 5: what watching costs Postgres and PgBouncer."""

import time

from . import exporters
from .counting_proxy import CountingProxy
from .servers import pgbouncer, postgres, redis
from .table import Table


def measure(effort):
    seconds = effort.windows * effort.scrape_interval / 2
    table = Table(
        "5. Postgres and PgBouncer",
        f"Per hour, from {seconds:g} s: both sides at once, told apart by their roles. Sidelong polls Postgres every "
        f"10 s and PgBouncer every 5 s; the peers are scraped every {effort.scrape_interval:g} s. Postgres counts "
        "statements and their time itself (pg_stat_statements); before PgBouncer's console stands a counting proxy for "
        "each side. "
        f"PgBouncer's processor time is that of {effort.console_polls} polls or scrapes, in turn.")
    with redis() as cache, postgres() as database, pgbouncer(database) as pooler:
        with CountingProxy(pooler.port) as our_door, CountingProxy(pooler.port) as their_door:
            with exporters.sidelong(cache, postgres=database, pgbouncer=our_door), exporters.postgres_exporter(
                database
            ) as server_peer, exporters.pgbouncer_exporter(their_door) as console_peer:
                _per_hour(table, effort, seconds, database, (our_door, their_door), (server_peer, console_peer))
        _pooler_time(table, effort, cache, pooler)
    return table


def _per_hour(table, effort, seconds, database, doors, peers):
    database.sql("SELECT pg_stat_statements_reset()")
    before = [door.counts() for door in doors]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for peer in peers:
            peer.get()
        time.sleep(max(0, min(effort.scrape_interval, end - time.monotonic())))
    hours = 3600 / seconds
    counts, times = zip(*[_statements(database, role) for role in ("ours", "theirs")])
    table.add("Postgres: statements per hour", "", counts[0] * hours, counts[1] * hours)
    table.add("Postgres: time per hour", "us", times[0] * hours, times[1] * hours)
    sessions = [
        int(database.sql(f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{role}'")[0][0])
        for role in ("ours", "theirs")]
    table.add("Postgres: connections held", "", *sessions)
    for part, unit in (("connections", ""), ("statements", ""), ("received", "bytes"), ("sent", "bytes")):
        ours, theirs = (door.counts()[part] - first[part] for door, first in zip(doors, before))
        table.add(f"PgBouncer: {part} per hour", unit, ours * hours, theirs * hours)


def _statements(database, role):
    """How many statements a role has run, and their microseconds."""
    row = database.sql(
        "SELECT coalesce(sum(calls), 0), coalesce(sum(total_exec_time), 0) * 1000 FROM pg_stat_statements AS s "
        f"JOIN pg_roles AS r ON r.oid = s.userid WHERE rolname = '{role}'")[0]
    return int(row[0]), float(row[1])


def _pooler_time(table, effort, cache, pooler):
    own, theirs = [], []
    for _ in range(max(1, effort.rounds // 2)):
        with exporters.sidelong(cache, pgbouncer=pooler, options=["--pgbouncer.interval=100ms"]):
            before = pooler.program.cpu_seconds()
            time.sleep(effort.console_polls * 0.1)
            own.append((pooler.program.cpu_seconds() - before) / effort.console_polls * 1e6)
        with exporters.pgbouncer_exporter(pooler) as peer:
            before = pooler.program.cpu_seconds()
            peer.scrape(effort.console_polls)
            theirs.append((pooler.program.cpu_seconds() - before) / effort.console_polls * 1e6)
    table.add("PgBouncer: processor time per poll or scrape", "us", own, theirs)
