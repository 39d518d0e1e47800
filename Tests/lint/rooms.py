#!/usr/bin/env python3
"""What Package.swift says about rooms, for everything that goes by it: a room, its floor, what it may import.

Without arguments: prints where docs/design.md says something else, and where a C module is imported outside the room that
it belongs to, or by more than three files there. `--modules ROOM` prints the modules that a room is made of, itself last;
`--floors` prints the rooms from the bottom up, those of one floor on a line."""

import re
import sys

from swift_source import ROOT, files


def rooms():
    """Room: what it may import, as Package.swift has it."""
    text = (ROOT / "Package.swift").read_text()
    found = {}
    for match in re.finditer(r'\broom\(\s*"(\w+)"(?:,\s*\[([^\]]*)\])?', text):
        found[match[1]] = re.findall(r'"(\w+)"', match[2] or "")
    return found


def modules(room, known):
    """The rooms below one and itself, each after those that it imports."""
    order = []

    def add(name):
        for below in known[name]:
            if below in known:
                add(below)
        if name not in order:
            order.append(name)

    add(room)
    return order


def floors(known):
    """The rooms by height: a room stands above all that it imports."""
    height = {}
    for name in (below for room in known for below in modules(room, known)):
        height[name] = 1 + max((height[below] for below in known[name] if below in known), default=-1)
    return [[name for name in known if height[name] == level] for level in range(max(height.values()) + 1)]


# What a room imports without a target of the package: the standard library, or the program's own entry.
BEYOND = {"the standard library", "Glibc"}


def against_design(known):
    """Rows of the table in docs/design.md that say something else."""
    rows = {}
    for match in re.finditer(r"^\| \d \| (\w+) \| (.+) \|$", (ROOT / "docs/design.md").read_text(), re.M):
        rows[match[1]] = [name.strip() for name in match[2].split(",")]
    for room, imports in known.items():
        if room not in rows:
            yield f"docs/design.md has no row for {room}"
            continue
        said = set(rows[room]) - BEYOND
        if "everything below" in said:
            said = said - {"everything below"} | set(known) - {room}
        for name in sorted(set(imports) - said):
            yield f"docs/design.md does not say that {room} may import {name}"
        for name in sorted(said - set(imports)):
            yield f"docs/design.md says that {room} may import {name}; Package.swift does not"


def c_modules(known):
    """Imports of C modules outside their rooms, or by more than three files."""
    for folder in sorted((ROOT / "Sources/CModules").iterdir()):
        module = folder.name
        owners = [room for room, imports in known.items() if module in imports]
        importing = [path for path in files("Sources") if imports_module(path, module)]
        for path in importing:
            room = path.relative_to(ROOT / "Sources").parts[0]
            if room not in owners:
                yield f"{path.relative_to(ROOT)} imports {module}, which belongs to {', '.join(owners) or 'no room'}"
        if len(owners) > 1:
            yield f"{module} belongs to {' and '.join(owners)}"
        if len(importing) > 3:
            yield f"{module} is imported by more than three files"


def imports_module(path, module):
    return re.search(rf"^(?:internal |public |private |package )?import {module}$", path.read_text(), re.M)


def main(arguments):
    known = rooms()
    if arguments[:1] == ["--modules"]:
        print(" ".join(modules(arguments[1], known)))
    elif arguments[:1] == ["--floors"]:
        print("\n".join(" ".join(floor) for floor in floors(known)))
    else:
        for line in [*against_design(known), *c_modules(known)]:
            print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
