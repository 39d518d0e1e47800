"""Row 4: what watching costs the Redis that is watched."""

import re
import time
from contextlib import ExitStack

from . import exporters
from .redis_counts import added
from .servers import redis
from .table import Table

# As Sidelong asks Redis 7 for it (Sources/Redis/Info/InfoDetail.swift).
INFO = "INFO default modules commandstats keysizes threads scriptingengines debug"
PARTS = [
    ("time", "time", "us", "2x"), ("commands", "commands", "", ""),
    ("reads", "reads from its sockets (round trips)", "", ""), ("received", "received", "bytes", ""),
    ("sent", "sent", "bytes", ""),
]


def measure(effort):
    table = Table(
        "4. Redis' own time",
        f"By the differences of INFO commandstats and stats, over {effort.polls} polls of Sidelong or as many scrapes "
        f"of redis_exporter, {effort.long_rounds} rounds in turn, both one per second: the processor's caches have "
        "forgotten most of it by then, as in production. Every third poll has LATENCY HISTOGRAM in it, every twelfth "
        "INFO latencystats. What Sidelong asks when it has connected and then on slower timers is counted when it has "
        "connected: CONFIG GET, every 30 s; with the capture also CLIENT LIST, every 30 s while there are clients "
        "whose user the capture does not know, and COMMAND, once a day. An hour has 720 polls and 120 CONFIG GET, or "
        "240 scrapes; with the capture 120 CLIENT LIST and a 24th of COMMAND more. The read by which Redis sees that a "
        "connection was closed is not counted.")
    for loaded in (False, True):
        with redis(loaded) as server:
            _beside(table, effort, server, f"{'loaded' if loaded else 'plain'} Redis")
    return table


def _beside(table, effort, server, state):
    starts, polls, scrapes, floor = [], [], [], []
    for _ in range(effort.long_rounds):
        with ExitStack() as stack:
            with added(server) as start:
                ours = stack.enter_context(exporters.sidelong(server, wire="lo", options=["--redis.interval=1s"]))
                # The capture does not know who that is, so the clients are asked for.
                server.ask("PING")
                _wait_for_polls(ours, 2)
            starts.append(start)
            with added(server) as counts:
                count = _wait_for_polls(ours, effort.polls)
            polls.append(_per_unit(counts, count))
        with exporters.redis_exporter(server) as peer:
            scrapes.append(_each_second(server, effort.polls, peer.get))
        floor.append(_each_second(server, effort.polls, lambda: server.ask(INFO)))
    for part, name, unit, target in PARTS:
        own, theirs = ([cost[part] for cost in costs] for costs in (polls, scrapes))
        table.add(f"{state}, per poll or scrape: {name}", unit, own, theirs, target)
    table.add(f"{state}, floor: the INFO of a poll alone, time", "us", [cost["time"] for cost in floor])
    _per_hour(table, state, starts, [cost["time"] for cost in polls], [cost["time"] for cost in scrapes])


def _per_hour(table, state, starts, polls, scrapes):
    config, clients, commands = (
        [start[f"time {command}"] / start[f"commands {command}"] for start in starts]
        for command in ("config|get", "client|list", "command"))
    table.add(f"{state}, CONFIG GET once: time", "us", config)
    table.add(f"{state}, CLIENT LIST once: time", "us", clients)
    table.add(f"{state}, COMMAND once: time", "us", commands)
    theirs = [scrape * 240 for scrape in scrapes]
    own = [poll * 720 + once * 120 for poll, once in zip(polls, config)]
    captured = [hour + once * 120 + daily / 24 for hour, once, daily in zip(own, clients, commands)]
    table.add(f"{state}, per hour: time", "us", own, theirs)
    table.add(f"{state}, per hour with the capture: time", "us", captured, theirs)


def _wait_for_polls(exporter, count):
    """Waits for polls to end and says how many did."""
    def done():
        page = exporter.get().decode()
        return int(re.search(r"^redis_exporter_scrape_duration_seconds_count (\d+)", page, re.MULTILINE)[1])

    before = done()
    while done() < before + count:
        time.sleep(0.1)
    return done() - before


def _each_second(server, times, work):
    """The counts of one unit of the work, which is done that often."""
    with added(server) as counts:
        for _ in range(times):
            time.sleep(1)
            work()
    return _per_unit(counts, times)


def _per_unit(counts, units):
    return {part: count / units for part, count in counts.items()}
