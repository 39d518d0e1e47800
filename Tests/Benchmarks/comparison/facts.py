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
    newest = [f"{name} {_version(exporters.peer_program(name, newest=True))}"
              for name in ("redis", "postgres", "pgbouncer", "node")]
    servers = map(_package, ["redis-server", "postgresql", "pgbouncer"])
    return [
        f"{day}; {processor}, {os.cpu_count()} processors; Linux {platform.release()}",
        ", ".join(_output(exporters.SIDELONG, "--version")),
        _output("swift", "--version")[0],
        ", ".join(peers),
        f"exporters of Debian sid: {', '.join(newest)}; that of pgbouncer stands for Debian 12's as well",
        ", ".join(servers),
        ", ".join(map(_package, ["wrk", "redis-tools", "tcpdump"])),
    ]


def _output(*command):
    run = subprocess.run(command, capture_output=True, text=True)
    return (run.stdout or run.stderr).splitlines() or ["unknown"]


def _version(program):
    """Of a program that is unpacked beside the system, where no package manager knows it."""
    found = re.search(r"[Ee]xporter,? (?:version )?(\d[\d.]+)", _output(program, "--version")[0])
    return found[1] if found else "unknown"


def _package(name):
    return _output("dpkg-query", "-W", "-f", "${Package} ${Version}\n", name)[0]
