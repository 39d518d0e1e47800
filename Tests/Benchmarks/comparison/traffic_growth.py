"""The part of row 7 that is about traffic: the engine alone, capture files, and live packets."""

import math
import re
import tempfile
import time

from . import exporters, load
from .processes import run
from .servers import redis
from .synthetic import write_capture

PROGRAM = exporters.PROJECT / ".build/release/TrafficBenchmark"


def add_to(table, effort):
    _engine(table, effort)
    _replays(table, effort)
    _live(table, effort)


def _engine(table, effort):
    rounds = 3 * effort.long_rounds
    output, _, _ = run(PROGRAM, effort.engine_commands, rounds)
    times = [int(time) for time in re.search(r"(\d+) at best, (\d+) median, (\d+) at worst", output).groups()]
    memory = re.search(r"memory: (\d+) MiB after (\d+) commands.* over (\d+) connections", output)
    with_hot_keys = re.search(r"(\d+) ns per command with --keys.hot=20", output)
    table.add("engine: commands per second", "", [1e9 / time for time in times], target="5,000,000")
    table.add("engine: per command", "ns", times)
    table.add("engine with --keys.hot=20: per command", "ns", int(with_hot_keys[1]))
    table.add(
        f"engine with --keys.hot=20, {int(memory[2]):,} keys and {int(memory[3]):,} connections: memory", "kB",
        int(memory[1]) << 10, target="< 64 MB")


def _replays(table, effort):
    with tempfile.TemporaryDirectory() as folder:
        for what, sizes, arguments in (
            ("keys", effort.keys, lambda size: (size, 50)),
            ("connections", effort.connections, lambda size: (10_000, size))):
            costs = []
            for size in sizes:
                commands = max(effort.replayed_commands, size)
                write_capture(f"{folder}/traffic.pcap", commands, *arguments(size))
                rounds = [_replay(f"{folder}/traffic.pcap", commands) for _ in range(effort.long_rounds)]
                costs.append([cost for cost, _ in rounds])
                table.add(f"replay, {size:,} {what}: per command", "ns", costs[-1])
                table.add(f"replay, {size:,} {what}: resident at most", "kB", [memory for _, memory in rounds])
            table.shape(f"Replay, time per command over {what}", sizes, costs)


def _replay(file, commands):
    """Processor nanoseconds per command, and the most kilobytes resident."""
    page, seconds, memory = run(exporters.SIDELONG, "replay", "--wire.redis-ports=6379", file)
    paired = int(re.search(r"^sidelong_wire_requests_total(?:{.*})? (\d+)", page, re.MULTILINE)[1])
    if paired < commands * 0.99:
        raise RuntimeError(f"{paired} of {commands} commands were paired")
    return seconds / commands * 1e9, memory


def _live(table, effort):
    with redis() as server:
        sizes, costs = [], []
        for keys in effort.keys:
            requests = max(effort.live_commands, 3 * keys)
            sizes.append(round(keys * (1 - math.exp(-requests / keys))))
            costs.append(_live_costs(table, effort, server, f"{sizes[-1]:,} keys", requests, keys=keys))
        table.shape("Live, processor time per command over keys", sizes, costs)
        costs = [
            _live_costs(table, effort, server, f"{clients:,} connections", effort.live_commands, clients=clients)
            for clients in effort.live_connections]
        table.shape("Live, processor time per command over connections", effort.live_connections, costs)


def _live_costs(table, effort, server, name, requests, **details):
    costs, memory = [], []
    for _ in range(effort.long_rounds if requests == effort.live_commands else 1):
        with exporters.sidelong(server, wire="lo") as ours:
            before = ours.program.cpu_seconds()
            load.redis_benchmark(server, requests=requests, **details)
            time.sleep(0.3)
            costs.append((ours.program.cpu_seconds() - before) / requests * 1e9)
            memory.append(ours.program.memory()["resident"])
    table.add(f"live, {name}: processor time per command", "ns", costs)
    table.add(f"live, {name}: resident", "kB", memory)
    return costs
