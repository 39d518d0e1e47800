"""Row 8: what watching the traffic costs, by Tests/Benchmarks/wire."""

import subprocess

from . import exporters
from .table import Table


def measure(effort):
    table = Table(
        "8. The wire",
        "`Tests/Benchmarks/wire`: redis-benchmark with nothing beside it, with Sidelong, with tcpdump, with MONITOR, "
        "and with the floor, a program that only counts the packets in a ring like Sidelong's.")
    length = ["--rounds", str(effort.long_rounds), "--seconds", str(effort.wire_seconds)]
    output = subprocess.run(
        [exporters.PROJECT / "Tests/Benchmarks/wire", *length], capture_output=True, text=True, check=True).stdout
    table.note(f"```\n{output.strip()}\n```")
    return table
