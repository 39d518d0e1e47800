"""Row 7: how cost grows with the page, the connections, the keys and the targets."""

import math
import os
import re
import subprocess
import tempfile
import time
from contextlib import ExitStack

from . import exporters, load
from .servers import redis
from .synthetic import write_capture
from .table import Table

BENCHMARKS = exporters.PROJECT / ".build/release"


def measure(effort):
    table = Table(
        "7. Growth",
        "The shape is the exponent e of cost per unit ~ n^e between the first and the last line: 0 is constant. Page: "
        "samples merged and written in memory. Engine: `sidelong replay` of synthetic GET and SET packets. Live: "
        "redis-benchmark over lo, Sidelong's processor time by its commands. Targets: that many Redis servers, polled "
        "once a second.")
    _pages(table, effort)
    _engine(table, effort)
    _live(table, effort)
    _targets(table, effort)
    return table


def _shape(table, name, sizes, costs):
    if len(sizes) > 1:
        exponent = math.log(costs[-1] / costs[0]) / math.log(sizes[-1] / sizes[0])
        table.note(f"{name}: e = {exponent:.2f} from {sizes[0]:,} to {sizes[-1]:,}.")


def _pages(table, effort):
    command = [BENCHMARKS / "PageBenchmark", *map(str, effort.page_samples)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    costs = [float(cost) for cost in re.findall(r"^ *\d+ +([\d.]+) ns a sample", output, re.MULTILINE)]
    for size, cost in zip(effort.page_samples, costs, strict=True):
        table.add(f"page of {size:,} samples, per sample", "ns", cost)
    _shape(table, "Page, time per sample", effort.page_samples, costs)


def _engine(table, effort):
    with tempfile.TemporaryDirectory() as folder:
        for what, sizes, arguments in (
            ("keys", effort.keys, lambda size: (size, 50)),
            ("connections", effort.connections, lambda size: (10_000, size))):
            costs = []
            for size in sizes:
                commands = max(effort.engine_commands, size)
                write_capture(f"{folder}/traffic.pcap", commands, *arguments(size))
                cost, memory = _replay(f"{folder}/traffic.pcap", commands)
                costs.append(cost)
                table.add(f"engine, {size:,} {what}: per command", "ns", cost)
                table.add(f"engine, {size:,} {what}: resident at most", "kB", memory)
            _shape(table, f"Engine, time per command over {what}", sizes, costs)


def _replay(file, commands):
    """Processor nanoseconds per command, and the most kilobytes resident."""
    program = subprocess.Popen(
        [exporters.SIDELONG, "replay", "--wire.redis-ports=6379", file], stdout=subprocess.PIPE)
    page = program.stdout.read().decode()
    program.stdout.close()
    _, _, usage = os.wait4(program.pid, 0)
    program.returncode = 0
    paired = int(re.search(r"^sidelong_wire_commands_total(?:{.*})? (\d+)", page, re.MULTILINE)[1])
    if paired < commands * 0.99:
        raise RuntimeError(f"{paired} of {commands} commands were paired")
    return (usage.ru_utime + usage.ru_stime) / commands * 1e9, usage.ru_maxrss


def _live(table, effort):
    with redis() as server:
        for what, sizes, arguments in (
            ("keys", effort.keys, lambda size: {"keys": size}),
            ("connections", effort.connections, lambda size: {"clients": min(size, 9_000)})):
            costs = []
            for size in sizes:
                with exporters.sidelong(server, wire="lo") as ours:
                    before = ours.program.cpu_seconds()
                    load.redis_benchmark(server, requests=effort.live_commands, **arguments(size))
                    time.sleep(0.3)
                    costs.append((ours.program.cpu_seconds() - before) / effort.live_commands * 1e9)
                    resident = ours.program.memory()["resident"]
                name = f"live, {arguments(size).popitem()[1]:,} {what}"
                table.add(f"{name}: processor time per command", "ns", costs[-1])
                table.add(f"{name}: resident", "kB", resident)
            _shape(table, f"Live, processor time per command over {what}", sizes, costs)


def _targets(table, effort):
    with ExitStack() as stack:
        servers = [stack.enter_context(redis()) for _ in range(max(effort.targets))]
        polls = []
        for count in effort.targets:
            with exporters.sidelong(*servers[:count], options=["--redis.interval=1s"]) as ours:
                ours.scrape(effort.scrapes // 10)
                before, seconds = ours.program.cpu_seconds(), max(1, effort.polls // 2)
                time.sleep(seconds)
                polls.append((ours.program.cpu_seconds() - before) / seconds / count * 1e6)
                latency = load.wrk(ours.port, 1, effort.wrk_seconds, load.PLAIN)["p50"]
                table.add(f"{count} targets: processor time per target and poll", "us", polls[-1])
                table.add(f"{count} targets: p50 of /metrics, per target", "us", latency / count)
                table.add(f"{count} targets: resident", "kB", ours.program.memory()["resident"])
        _shape(table, "Targets, processor time per target and poll", effort.targets, polls)
