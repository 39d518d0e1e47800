"""The sizes of row 6: programs, the libraries that they load, the image."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import exporters

IMAGE = exporters.PROJECT / ".build/image/sidelong.tar"


def add_to(table):
    """Adds a line for each size. Every library is counted once for each side, as on one machine."""
    sides = [exporters.SIDELONG], [
        shutil.which(exporters.peer_program(name)) for name in ("redis", "postgres", "pgbouncer", "node")]
    programs = [sum(map(_stripped_size, side)) for side in sides]
    libraries = [sum(map(os.path.getsize, set().union(*map(_libraries, side)))) for side in sides]
    table.add("program file, without debug information", "bytes", *programs)
    table.add("program and the libraries that it loads", "bytes", *map(sum, zip(programs, libraries)))
    if IMAGE.exists():
        packed = subprocess.run(["gzip", "-c", IMAGE], capture_output=True, check=True).stdout
        table.add("container image", "bytes", IMAGE.stat().st_size)
        table.add("container image, to download", "bytes", len(packed))


def _libraries(program):
    """The files of all libraries that a program is linked with, or loads by name when its configuration needs them."""
    known = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    names = set(re.findall(r"lib(?:gnutls|isal|pq|ssl)\.so\.[0-9]+", Path(program).read_text(errors="ignore")))
    later = [re.search(rf"\s{re.escape(name)} .*=> (\S+)", known)[1] for name in names]
    return set(map(os.path.realpath, later)).union(*map(_linked, [program, *later]))


def _linked(program):
    output = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    return {os.path.realpath(path) for path in re.findall(r"(/\S+) \(0x", output)}


def _stripped_size(program):
    """The size of a program as it is shipped; Debian's are stripped already."""
    with tempfile.NamedTemporaryFile() as copy:
        subprocess.run(["strip", "-o", copy.name, program], check=True)
        return os.path.getsize(copy.name)
