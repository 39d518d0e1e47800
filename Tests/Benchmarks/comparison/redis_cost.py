"""Row 4: what watching costs the Redis that is watched."""

import re
import time

from . import exporters
from .servers import redis
from .table import Table


def measure(effort):
    table = Table(
        "4. Redis' own time",
        f"INFO commandstats after CONFIG RESETSTAT, over {effort.polls} polls of Sidelong or as many scrapes of "
        "redis_exporter, in turn, both one per second: the processor's caches have forgotten most of it by then, as in "
        "production. Per hour: a poll every 5 s, a scrape every 15 s.")
    for loaded in (False, True):
        with redis(loaded) as server:
            state = "loaded" if loaded else "plain"
            own, theirs = [], []
            for _ in range(max(1, effort.rounds // 2)):
                with exporters.sidelong(server, options=["--redis.interval=1s"]) as ours:
                    time.sleep(1.5)
                    own.append(_cost(server, lambda: _polls(ours, effort.polls)))
                with exporters.redis_exporter(server) as peer:
                    theirs.append(_cost(server, lambda: _scrapes(peer, effort.polls)))
            for part, unit, target in (
                ("time", "us", "2x"), ("commands", "", ""), ("reads", "", ""), ("received", "bytes", ""),
                ("sent", "bytes", "")):
                name = {"reads": "reads from its sockets (round trips)"}.get(part, part)
                table.add(
                    f"{state} Redis, per poll or scrape: {name}", unit, [cost[part] for cost in own],
                    [cost[part] for cost in theirs], target)
            table.add(f"{state} Redis, floor: one INFO without arguments, time", "us", _info(server))
            table.add(
                f"{state} Redis, per hour: time", "us", [cost["time"] * 720 for cost in own],
                [cost["time"] * 240 for cost in theirs])
    return table


def _info(server):
    server.ask("CONFIG RESETSTAT")
    for _ in range(100):
        server.ask("INFO")
    return float(server.fields("INFO commandstats")["cmdstat_info"].split("usec_per_call=")[1].split(",")[0])


def _polls(exporter, count):
    """Waits for polls to end and says how many did."""
    def done():
        page = exporter.get().decode()
        return int(re.search(r"^redis_exporter_scrape_duration_seconds_count (\d+)", page, re.MULTILINE)[1])

    before = done()
    while done() < before + count:
        time.sleep(0.1)
    return done() - before


def _scrapes(exporter, count):
    for _ in range(count):
        time.sleep(1)
        exporter.get()
    return count


def _cost(server, work):
    """Redis' time, commands, reads and bytes for one unit of the work."""
    server.ask("CONFIG RESETSTAT")
    count = work()
    # One question, counted in what was read and not yet in commandstats.
    question = "INFO stats commandstats"
    fields = server.fields(question)
    commands = [
        dict(field.split("=") for field in value.split(",")) for name, value in fields.items()
        if name.startswith("cmdstat_") and name != "cmdstat_config|resetstat"]
    return {
        "time": sum(float(command["usec"]) for command in commands) / count,
        "commands": sum(int(command["calls"]) for command in commands) / count,
        "reads": (int(fields["total_reads_processed"]) - 1) / count,
        "received": (int(fields["total_net_input_bytes"]) - len(question) - 2) / count,
        "sent": (int(fields["total_net_output_bytes"]) - len("+OK\r\n")) / count,
    }
