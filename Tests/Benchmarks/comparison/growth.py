"""Row 7: how cost grows with the page, the connections, the keys and the targets."""

import re
import statistics
import time
from contextlib import ExitStack

from . import exporters, load, traffic_growth
from .processes import run
from .servers import redis
from .table import Table, written

PROGRAM = exporters.PROJECT / ".build/release/PageBenchmark"


def measure(effort):
    table = Table(
        "7. Growth",
        "The shape is the exponent e of cost per unit ~ n^e, fitted to the medians of all sizes (least squares of the "
        f"logarithms): 0 is constant. {effort.long_rounds} rounds, each in a process of its own. Page: samples merged "
        "and written in memory by PageBenchmark, which does it 51 times; its memory is that of the samples and some "
        "pages of them. Engine: packets in memory by TrafficBenchmark, GET and SET one at a time, "
        f"{effort.engine_commands:,} commands over 50 connections, on one core; then a million, each on a key of its "
        "own, over ten thousand connections. Replay: `sidelong replay` of a capture file with GET and SET. Live: "
        "redis-benchmark over lo without -P, its connections' start included, Sidelong's processor time by its "
        "commands; keys are drawn by chance, three times as often as there are keys, in one round where that is more "
        f"than {effort.live_commands:,}, and the sizes are what so many draws give on average. Targets: that many "
        "Redis servers, polled once a second.")
    _pages(table, effort)
    traffic_growth.add_to(table, effort)
    _targets(table, effort)
    return table


def _pages(table, effort):
    sizes, costs, peaks = [], [], []
    for size in effort.page_samples:
        rounds = [_page(size) for _ in range(effort.long_rounds)]
        samples, times, copies, memory = map(list, zip(*rounds))
        name = f"page of {samples[0]:,} samples"
        table.add(f"{name}, per sample", "ns", times)
        table.add(f"{name}, floor: a copy of it, per sample", "ns", copies)
        table.add(f"{name}: resident at most", "kB", memory)
        sizes.append(samples[0])
        costs.append(times)
        peaks.append(statistics.median(memory))
    table.shape("Page, time per sample", sizes, costs)
    if len(sizes) > 1:
        slope = statistics.linear_regression(sizes, peaks).slope
        table.note(f"Page, memory per sample: {written(slope * 1024, 'bytes')}, by a straight line through the sizes.")


def _page(size):
    """How many samples it has, nanoseconds for each, nanoseconds to copy each, the most kilobytes resident."""
    output, _, memory = run(PROGRAM, size)
    samples, time, copy = re.search(r"^ *(\d+) +([\d.]+) ns a sample.* ([\d.]+) ns$", output, re.MULTILINE).groups()
    return int(samples), float(time), float(copy), memory


def _targets(table, effort):
    with ExitStack() as stack:
        servers = [stack.enter_context(redis()) for _ in range(max(effort.targets))]
        costs = []
        for count in effort.targets:
            rounds = [_with_targets(effort, servers[:count]) for _ in range(effort.long_rounds)]
            polls, latencies, memory = map(list, zip(*rounds))
            costs.append(polls)
            table.add(f"{count} targets: processor time per target and poll", "us", polls)
            table.add(f"{count} targets: p50 of /metrics, per target", "us", latencies)
            table.add(f"{count} targets: resident", "kB", memory)
        table.shape("Targets, processor time per target and poll", effort.targets, costs)


def _with_targets(effort, servers):
    """Microseconds for each poll of a target, microseconds of a scrape for each target, kilobytes resident."""
    with exporters.sidelong(*servers, options=["--redis.interval=1s"]) as ours:
        ours.scrape(effort.scrapes // 10)
        before, seconds = ours.program.cpu_seconds(), max(1, effort.polls // 4)
        time.sleep(seconds)
        poll = (ours.program.cpu_seconds() - before) / seconds / len(servers) * 1e6
        latency = load.wrk(ours.port, 1, effort.wrk_seconds, load.PLAIN)["p50"] / len(servers)
        return poll, latency, ours.program.memory()["resident"]
