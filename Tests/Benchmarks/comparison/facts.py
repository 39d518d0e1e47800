"""What the figures were measured with."""

import os
import platform
import re
import subprocess
import time
from pathlib import Path

from . import exporters


def lines():
    day = time.strftime("%d %B %Y", time.gmtime())
    processors = Path("/proc/cpuinfo").read_text().splitlines()
    processor = next((line.split(": ")[1] for line in processors if line.startswith("model name")), platform.machine())
    peers = [_package(f"prometheus-{name}-exporter") for name in ("redis", "postgres", "node")]
    # Unpacked beside the system, where no package manager knows it; Debian's version is in its own.
    unpacked = re.search(r"revision: ([^)]+)", _output(exporters.PGBOUNCER_EXPORTER, "--version")[0])
    servers = map(_package, ["redis-server", "postgresql", "pgbouncer"])
    return [
        f"{day}; {processor}, {os.cpu_count()} processors; Linux {platform.release()}",
        ", ".join(_output(exporters.SIDELONG, "--version")),
        _output("swift", "--version")[0],
        ", ".join([*peers, f"prometheus-pgbouncer-exporter {unpacked[1] if unpacked else 'unknown'} of Debian sid"]),
        ", ".join(servers),
        ", ".join(map(_package, ["wrk", "redis-tools", "tcpdump"])),
    ]


def _output(*command):
    run = subprocess.run(command, capture_output=True, text=True)
    return (run.stdout or run.stderr).splitlines() or ["unknown"]


def _package(name):
    return _output("dpkg-query", "-W", "-f", "${Package} ${Version}\n", name)[0]
