"""Row 5: what watching costs Postgres and PgBouncer."""

import time

from . import exporters
from .counting_proxy import CountingProxy
from .servers import pgbouncer, postgres, redis
from .table import Table

ROLES = ("ours", "theirs")
# In a window.
SCRAPES = 4


def measure(effort):
    seconds = SCRAPES * effort.scrape_interval
    table = Table(
        "5. Postgres and PgBouncer",
        f"Per hour, from {effort.database_windows} windows of {seconds:g} s: both sides at once, told apart by their "
        "roles. Sidelong polls Postgres every 10 s and PgBouncer every 5 s; the peers are scraped every "
        f"{effort.scrape_interval:g} s. Postgres counts statements and their time itself (pg_stat_statements). Those "
        "that Sidelong asks every 300 s, for settings, sizes and limits, are in none of the windows: twelve of each "
        "are added to the hour, as dear as they were at the start. Before PgBouncer's console stands a counting proxy "
        f"for each side. PgBouncer's processor time is that of {effort.console_polls} polls or scrapes, "
        f"{effort.long_rounds} rounds in turn.")
    with redis() as cache, postgres() as database, pgbouncer(database) as pooler:
        with CountingProxy(pooler.port) as our_door, CountingProxy(pooler.port) as their_door:
            with exporters.sidelong(cache, postgres=database, pgbouncer=our_door), exporters.postgres_exporter(
                database
            ) as server_peer, exporters.pgbouncer_exporter(their_door) as console_peer:
                _per_hour(table, effort, seconds, database, (our_door, their_door), (server_peer, console_peer))
        _pooler_time(table, effort, cache, pooler)
    return table


def _per_hour(table, effort, seconds, database, doors, peers):
    def read():
        return [_statements(database, role) for role in ROLES], [door.counts() for door in doors]

    readings, end = [read()], time.monotonic()
    for _ in range(effort.database_windows):
        for _ in range(SCRAPES):
            end += effort.scrape_interval
            for peer in peers:
                peer.get()
            time.sleep(max(0, end - time.monotonic()))
        readings.append(read())

    def add(what, unit, counts_of, more=0):
        ours, theirs = (
            [(after - before) * 3600 / seconds for before, after in zip(counts, counts[1:])]
            for counts in zip(*map(counts_of, readings)))
        table.add(f"{what} per hour", unit, [count + more for count in ours], theirs)

    first, last = readings[0][0][0], readings[-1][0][0]
    rare = [first[statement] for statement in first if first[statement] == last[statement]]
    for part, (name, unit) in enumerate((("statements", ""), ("time", "us"))):
        seldom = 12 * sum(counts[part] / counts[0] for counts in rare)
        add(f"Postgres: {name}", unit, lambda reading: [_sum(counts, part) for counts in reading[0]], seldom)
        table.add(f"Postgres: {name} per hour, those every 300 s alone", unit, seldom)
    sessions = [
        int(database.sql(f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{role}'")[0][0]) for role in ROLES]
    table.add("Postgres: connections held", "", *sessions)
    for part, unit in (("connections", ""), ("statements", ""), ("received", "bytes"), ("sent", "bytes")):
        add(f"PgBouncer: {part}", unit, lambda reading: [counts[part] for counts in reading[1]])


def _sum(counts, part):
    return sum(statement[part] for statement in counts.values())


def _statements(database, role):
    """How often a role has run each of its statements, and the microseconds that they took."""
    rows = database.sql(
        "SELECT queryid, dbid, calls, total_exec_time * 1000 FROM pg_stat_statements AS s "
        f"JOIN pg_roles AS r ON r.oid = s.userid WHERE rolname = '{role}'")
    return {(query, place): (int(calls), float(time)) for query, place, calls, time in rows}


def _pooler_time(table, effort, cache, pooler):
    own, theirs = [], []
    for _ in range(effort.long_rounds):
        with exporters.sidelong(cache, pgbouncer=pooler, options=["--pgbouncer.interval=100ms"]):
            before = pooler.program.cpu_seconds()
            time.sleep(effort.console_polls * 0.1)
            own.append((pooler.program.cpu_seconds() - before) / effort.console_polls * 1e6)
        with exporters.pgbouncer_exporter(pooler) as peer:
            before = pooler.program.cpu_seconds()
            peer.scrape(effort.console_polls)
            theirs.append((pooler.program.cpu_seconds() - before) / effort.console_polls * 1e6)
    table.add("PgBouncer: processor time per poll or scrape", "us", own, theirs)
