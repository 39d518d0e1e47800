"""Those who watch the traffic of a Redis in row 8: nobody, Sidelong, the floor, tcpdump, MONITOR."""

import re
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from . import exporters
from .processes import Program, eventually


class Watcher:
    """A running watcher, what its thread has used that does the work, where it has several, and what it has seen."""

    def __init__(self, program=None, thread_seconds=None, figures=None):
        self.program, self.thread_seconds, self.figures = program, thread_seconds, figures

    def cpu_seconds(self):
        """Of the whole process, and of the thread."""
        return [
            self.program.cpu_seconds() if self.program else None,
            self.thread_seconds() if self.thread_seconds else None]


@contextmanager
def nothing(_):
    yield Watcher()


@contextmanager
def sidelong(redis):
    with exporters.sidelong(redis, wire="lo", options=["--redis.interval=1s"]) as exporter:
        def page():
            return exporter.get().decode()

        def thread_seconds():
            tasks = Path(f"/proc/{exporter.program.pid}/task").iterdir()
            capture = next(task for task in tasks if (task / "comm").read_text() == "capture\n")
            return int((capture / "schedstat").read_text().split()[0]) / 1e9

        def figures():
            time.sleep(3)  # a poll of Redis, for the coverage
            text = page()
            total = lambda family: sum(values(text, family).values())
            counted = values(text, "redis_command_duration_seconds_count")
            return {
                "resident": exporter.program.memory()["resident"] / 1024,
                "ring": total("sidelong_wire_ring_bytes") / 2**20,
                "counted": sum(counted[f'{{command="{command}",source="wire"}}'] for command in ("get", "set")),
                "packets": total("sidelong_wire_packets_total"),
                "dropped": total("sidelong_wire_packets_dropped_total"),
                "coverage": total("sidelong_wire_coverage_ratio"),
            }

        eventually("the capture", lambda: "sidelong_wire_packets_total" in page())
        yield Watcher(exporter.program, thread_seconds, figures)


@contextmanager
def ring(redis):
    """The floor: a program that only counts the packets in a ring like Sidelong's."""
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(__file__).with_name("ring.c"), f"{folder}/ring"
        subprocess.run(["cc", "-O2", "-o", program, source, "-lpcap"], check=True)
        with Program(program, redis.port, output=subprocess.PIPE) as running:
            time.sleep(0.5)
            yield Watcher(running)
        if running.process.stdout.read().startswith(b"0 packets"):
            raise RuntimeError("the ring got no packets")


@contextmanager
def tcpdump(redis):
    with Program("tcpdump", "-i", "lo", "-w", "/dev/null", f"tcp port {redis.port}") as program:
        time.sleep(0.5)
        yield Watcher(program)


@contextmanager
def monitor(redis):
    with Program("redis-cli", "-p", redis.port, "MONITOR") as program:
        time.sleep(0.5)
        yield Watcher(program)


def values(page, family):
    """A family's values by label text."""
    return {labels: float(value) for labels, value in re.findall(rf"^{family}({{.*}})? (\S+)$", page, re.MULTILINE)}


WATCHERS = {"nothing": nothing, "sidelong": sidelong, "ring": ring, "tcpdump": tcpdump, "monitor": monitor}
