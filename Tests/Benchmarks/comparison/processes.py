"""Programs that run as long as a block, and what the kernel tells of them."""

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# How many seconds a program may take to get ready.
PATIENCE = 20

_given = set()

# Ended itself, whoever uses this ends what it has started.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def free_port():
    """A port of 127.0.0.1 on which nobody listens, below the range of outgoing connections, never the same twice."""
    for port in range(20000 + os.getpid() % 4000, 32000):
        if port in _given:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError("no free port")


def eventually(what, condition, pause=0.02):
    """The first true answer of a condition, which is asked after each pause of so many seconds; a refused connection is
    not yet one."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if answer := condition():
                return answer
        except (OSError, ValueError):
            pass
        time.sleep(pause)
    raise TimeoutError(f"still waiting for {what}")


def run(*command):
    """What a program writes until it ends, its processor seconds, and the most kilobytes that it has had resident.

    It is started by time(1), because a process begins with the peak of the one that has started it, here of Python."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.NamedTemporaryFile("r") as peak:
        output = subprocess.run(
            ["/usr/bin/time", "-f", "%M", "-o", peak.name, *map(str, command)], stdout=subprocess.PIPE, text=True,
            check=True).stdout
        kilobytes = int(peak.read())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return output, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, kilobytes


class Program:
    """A running program; `with` ends it. It has a session of its own, to which the scheduler is fair, as it is to a
    container's."""

    def __init__(self, *arguments, environment=None, user=None, folder=None, output=subprocess.DEVNULL):
        self.name = Path(arguments[0]).name
        details = {"user": user, "group": user, "extra_groups": []} if user and os.getuid() == 0 else {}
        self.process = subprocess.Popen(
            [str(argument) for argument in arguments], stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.DEVNULL, env=os.environ | (environment or {}), cwd=folder, start_new_session=True,
            **details)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def pid(self):
        return self.process.pid

    def send(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)

    def kernel_share(self):
        """How much of its processor time was the kernel's, from 0 to 1. The kernel looks some hundred times a second, so
        that takes seconds of processor time to be sure; None before it was seen once."""
        user, system = map(int, Path(f"/proc/{self.pid}/stat").read_text().rsplit(")")[1].split()[11:13])
        return system / (user + system) if user + system else None

    def cpu_seconds(self):
        """User and system time of all threads, also of those that have ended: what utime + stime in /proc/PID/stat
        round to hundredths of a second (clock_getcpuclockid(3))."""
        return time.clock_gettime(~self.pid << 3 | 2)

    def wakeups(self):
        """How often its threads have slept and been woken."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", (task / "status").read_text(), re.M)[1])
                   for task in tasks)

    def memory(self):
        """Resident kilobytes, anonymous and of files (/proc/PID/smaps_rollup)."""
        text = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        sizes = {name: int(size) for name, size in re.findall(r"^(\w+): +(\d+) kB", text, re.MULTILINE)}
        return {
            "resident": sizes["Rss"], "anonymous": sizes["Anonymous"], "files": sizes["Rss"] - sizes["Anonymous"]}

    def threads(self):
        return len(os.listdir(f"/proc/{self.pid}/task"))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))
