"""Row 8: what watching the traffic costs, by Tests/Benchmarks/wire."""

import subprocess

from . import exporters
from .table import Table


def measure(effort):
    table = Table(
        "8. The wire",
        "`Tests/Benchmarks/wire`: redis-benchmark with nothing, Sidelong, tcpdump and MONITOR beside it.")
    quick = ["--rounds", "1", "--seconds", "0.2"] if effort.rounds == 1 else ["--rounds", "3", "--seconds", "3"]
    output = subprocess.run(
        [exporters.PROJECT / "Tests/Benchmarks/wire", *quick], capture_output=True, text=True, check=True).stdout
    table.note(f"```\n{output.strip()}\n```")
    return table
