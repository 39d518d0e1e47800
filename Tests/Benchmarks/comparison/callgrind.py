"""Sidelong under valgrind's callgrind, which counts the instructions that it executes in user space, and its calls."""

import re
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from . import exporters, processes


@contextmanager
def everywhere():
    """Every Sidelong that is started in the block runs under callgrind. Gives the folder with what callgrind writes,
    calls.PID and calls.PID.NUMBER."""
    with tempfile.TemporaryDirectory() as folder:
        # valgrind does not understand the debug information.
        subprocess.run(["strip", "--strip-debug", "-o", f"{folder}/sidelong", exporters.SIDELONG], check=True)
        program = Path(folder, "run")
        program.write_text(
            "#!/bin/sh\nexec valgrind -q --tool=callgrind --demangle=no "
            f"--callgrind-out-file={folder}/calls.%p {folder}/sidelong \"$@\"\n")
        program.chmod(0o755)
        before = exporters.SIDELONG, exporters.PAUSE, processes.PATIENCE
        exporters.SIDELONG, exporters.PAUSE, processes.PATIENCE = str(program), 0.1, 120
        yield Path(folder)
        exporters.SIDELONG, exporters.PAUSE, processes.PATIENCE = before


def instructions(folder, exporter, work):
    """How many an exporter executes while the work is done."""
    def control(order):
        subprocess.run(["callgrind_control", order, str(exporter.program.pid)], capture_output=True, check=True)

    control("--zero")
    work()
    control("--dump")
    newest = max(folder.glob(f"calls.{exporter.program.pid}.*"), key=lambda file: int(file.suffix[1:]))
    return int(re.search(r"^totals: (\d+)", newest.read_text(), re.MULTILINE)[1])
