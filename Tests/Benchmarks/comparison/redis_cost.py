"""Row 4: what watching costs the Redis that is watched."""

import re
import time
from contextlib import ExitStack
from functools import partial
from statistics import median

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
        "forgotten most of it by then, as in production. Both kinds of Redis are watched at once. Nobody else asks them "
        "anything; of commands of clients Sidelong would ask for LATENCY HISTOGRAM every 15 s, 97 us for 20 of them, where "
        "the newest redis_exporter asks for all of them each time. What Sidelong asks when it has connected and then on "
        "slower timers is counted when it has connected: CONFIG GET and CLIENT LIST, every 5 min while INFO says that "
        "nothing has changed them, and with the capture COMMAND, once a day. Without a rhythm an hour has 720 polls, 12 "
        "CONFIG GET and 12 CLIENT LIST; with the capture a 24th of COMMAND more. "
        f"With a scrape every {effort.scrape_interval:g} s it is {effort.windows} such windows after {effort.warm_up} for "
        "the rhythm, what Redis did in them for a Sidelong with a capture, times so many windows as an hour has, with 12 "
        "CONFIG GET and 12 CLIENT LIST; the peers have the same scrapes at the same time, and servers of their own. "
        "Without a rhythm the peers' hour is 240 of the scrapes above. The read by which Redis sees that a connection was closed is not counted.")
    with redis() as plain, redis(loaded=True) as loaded:
        rounds = [_round(effort, [plain, loaded]) for _ in range(effort.long_rounds)]
    hours = _hours_in_rhythm(effort)
    for state, costs, hour in zip(("plain Redis", "loaded Redis"), zip(*rounds), zip(*hours)):
        starts, polls, scrapes, newest, floor = zip(*costs)
        for part, name, unit, target in PARTS:
            own, theirs, newest_peers = ([cost[part] for cost in side] for side in (polls, scrapes, newest))
            table.add(f"{state}, per poll or scrape: {name}", unit, own, theirs, target, newest=newest_peers)
        table.add(f"{state}, floor: the INFO of a poll alone, time", "us", [cost["time"] for cost in floor])
        polls, scrapes, newest = ([cost["time"] for cost in side] for side in (polls, scrapes, newest))
        _per_hour(table, state, starts, polls, scrapes, newest, hour)
    return table


def _round(effort, servers):
    """Of each server: what it counts when Sidelong connects, and for one poll, a scrape by either peer, and an INFO."""
    with ExitStack() as stack:
        with added(*servers) as starts:
            ours = [
                stack.enter_context(exporters.sidelong(server, wire="lo", options=["--redis.interval=1s"]))
                for server in servers]
            for server in servers:
                # The capture does not know who that is, so the clients are asked for.
                server.ask("PING")
            _wait_for_polls(ours, 2)
        with added(*servers) as counts:
            polls = _wait_for_polls(ours, effort.polls)
        polls = map(_per_unit, counts, polls)
    scrapes = []
    for newest in (False, True):
        with ExitStack() as stack:
            peers = [stack.enter_context(exporters.redis_exporter(server, newest)) for server in servers]
            scrapes.append(_each_second(effort.polls, servers, [peer.get for peer in peers]))
    floor = _each_second(effort.polls, servers, [partial(server.ask, INFO) for server in servers])
    return list(zip(starts, polls, *scrapes, floor))


def _hours_in_rhythm(effort):
    """Of Sidelong with a capture and of each peer: the microseconds of an hour that a plain and a loaded Redis spend on
    it, at default options and with a scrape in each window. Of Sidelong without what it asks every five minutes."""
    watchers = [partial(exporters.sidelong, wire="lo"), exporters.redis_exporter,
                partial(exporters.redis_exporter, newest=True)]
    with ExitStack() as stack:
        servers = [stack.enter_context(redis(loaded=loaded)) for _ in watchers for loaded in (False, True)]
        running = [stack.enter_context(watchers[place // 2](server)) for place, server in enumerate(servers)]
        end = time.monotonic()

        def scrape():
            nonlocal end
            for exporter in running:
                exporter.kept_scrape()
            end += effort.scrape_interval
            time.sleep(max(0, end - time.monotonic()))

        for _ in range(effort.warm_up):
            scrape()
        with added(*servers) as counts:
            for _ in range(effort.windows):
                scrape()
    windows = 3600 / effort.scrape_interval
    ours, *_ = zip(counts[::2], counts[1::2])
    for count in ours:
        count["time"] -= count["time config|get"] + count["time client|list"]
    hours = [count["time"] / effort.windows * windows for count in counts]
    return [hours[place:place + 2] for place in range(0, len(hours), 2)]


def _per_hour(table, state, starts, polls, scrapes, newest, in_rhythm):
    config, clients, commands = (
        [start[f"time {command}"] / start[f"commands {command}"] for start in starts]
        for command in ("config|get", "client|list", "command"))
    table.add(f"{state}, CONFIG GET once: time", "us", config)
    table.add(f"{state}, CLIENT LIST once: time", "us", clients)
    table.add(f"{state}, COMMAND once: time", "us", commands)
    ours, theirs, newest_hour = ([hour] for hour in in_rhythm)
    ours = [hour + 12 * (median(config) + median(clients)) for hour in ours]
    table.add(f"{state}, per hour with a rhythm and the capture: time", "us", ours, theirs, "2x", newest=newest_hour)
    theirs, newest = ([scrape * 240 for scrape in side] for side in (scrapes, newest))
    own = [poll * 720 + 12 * sum(seldom) for poll, *seldom in zip(polls, config, clients)]
    captured = [hour + daily / 24 for hour, daily in zip(own, commands)]
    table.add(f"{state}, per hour without a rhythm: time", "us", own, theirs, newest=newest)
    table.add(f"{state}, per hour without a rhythm, with the capture: time", "us", captured, theirs, newest=newest)


def _wait_for_polls(ours, count):
    """Waits for as many polls of each Sidelong to end, and says how many did."""
    def done():
        pages = [sidelong.get().decode() for sidelong in ours]
        return [
            int(re.search(r"^redis_exporter_scrape_duration_seconds_count (\d+)", page, re.MULTILINE)[1])
            for page in pages]

    before = done()
    while min(polls := [now - first for now, first in zip(done(), before)]) < count:
        time.sleep(0.1)
    return polls


def _each_second(times, servers, works):
    """Of each server: what it counts for one unit of its work, which is done that often."""
    with added(*servers) as counts:
        for _ in range(times):
            time.sleep(1)
            for work in works:
                work()
    return [_per_unit(count, times) for count in counts]


def _per_unit(counts, units):
    return {part: count / units for part, count in counts.items()}
