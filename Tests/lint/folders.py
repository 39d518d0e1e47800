#!/usr/bin/env python3
"""The folders of a room have an order: a folder uses what stands below it, never what stands above or beside it.

Swift sees one module and holds no such order. So the uses are derived here, from the names that each folder declares and
the names that each folder mentions. Prints what goes against the order; with --graph ROOM the uses of each folder."""

import re
import sys
from collections import defaultdict

from swift_source import ROOT, TYPE_KEYWORDS, declarations, files, tokens

# Room: its folders from the bottom up. Folders of one line do not use each other. "." are the files of the room itself.
# A room that is not named may have any order, as long as no folder uses, by whatever way, one that uses it.
ORDER = {
    "Metrics": [".", "Formats", "Kept"],
    "Exporter": ["Text", "Process", "Options Rhythm Reading", "Wire", "Schedule", "Health", "Page", "Web", "Commands"],
    "HTTP": ["Messages", "TLS", "Sockets", "Access", "."],
    "Traffic": ["Bytes", "Packet", "Exchange", "TCP", "Grouping", "Measurements", "Redis HTTP Postgres", "."],
    "Redis": ["Text", "Address", "Settings", "Connection", "Info Cluster", "Parts", "Keys", "Queues", "Target", "."],
    "Postgres": ["Connection", "Queries", "Session", "PgBouncer Replication Server Statements", "."],
}


def folder(path, room):
    below = path.relative_to(ROOT / "Sources" / room).parts[:-1]
    return below[0] if below else "."


def owners(sources, room):
    """Name of a declaration that a whole room can see: the folders that declare it."""
    types = defaultdict(set)
    for path, found in sources.items():
        for declared in declarations(found):
            if declared.depth == 0 and declared.keyword != "case":
                types[declared.name].add(folder(path, room))
    return types


def uses(room):
    """Pairs of folders: the places where the first mentions what the second declares."""
    sources = {path: tokens(path) for path in files(f"Sources/{room}")}
    types = owners(sources, room)
    members = foreign_members(sources, types, room)
    found_uses = defaultdict(list)
    for path, found in sources.items():
        home = folder(path, room)
        # A nested type, parameter or variable of the same name is meant where one is declared.
        own = {declared.name for declared in declarations(found) if declared.depth > 0}
        for index, token in enumerate(found):
            after_dot = index > 0 and found[index - 1].text == "." and not begins_path(found, index)
            is_label = index + 1 < len(found) and found[index + 1].text == ":" and token.text[0].islower()
            names = members if after_dot else types
            if token.text in own or is_label or home in names.get(token.text, {home}):
                continue
            for owner in names[token.text]:
                place = f"{path.relative_to(ROOT)}:{token.line}: {token.text}"
                found_uses[home, owner].append(place)
    return found_uses


def begins_path(found, index):
    """Whether the dot before a token stands behind nothing, as in three dots."""
    return index > 1 and found[index - 2].text == "."


def foreign_members(sources, types, room):
    """Name of a member that an extension adds outside the folder of its type, and that nothing else is called: folders."""
    added = defaultdict(set)
    elsewhere = set()
    for path, found in sources.items():
        home = folder(path, room)
        extended = None
        places = {declared.index: declared for declared in declarations(found)}
        for index, token in enumerate(found):
            if token.text == "extension" and token.depth == 0:
                extended = found[index + 1].text
            elif token.text == "}" and token.depth == 0:
                extended = None
            declared = places.get(index)
            if declared is None or declared.depth == 0 or declared.keyword in TYPE_KEYWORDS:
                continue
            if extended and declared.depth == 1 and extended in types and home not in types[extended]:
                added[declared.name].add(home)
            elif declared.depth > 0:
                elsewhere.add(declared.name)
    return {name: homes for name, homes in added.items() if name not in elsewhere}


def against_order(found_uses, floors):
    """Uses that do not go down, one line for each pair of folders."""
    height = {name: index for index, floor in enumerate(floors) for name in floor.split()}
    for (user, used), places in sorted(found_uses.items()):
        unknown = [name for name in (user, used) if name not in height]
        if unknown:
            yield f"{unknown[0]} has no place in the order of Tests/lint/folders.py"
        elif height[user] <= height[used]:
            yield f"{user} uses {used}, which is not below it: {'; '.join(places[:3])}"


def cycle(found_uses):
    """The folders of a cycle, or none."""
    below = defaultdict(set)
    for user, used in found_uses:
        below[user].add(used)
    finished = set()

    def search(name, path):
        if name in path:
            return path[path.index(name):] + [name]
        if name in finished:
            return []
        for used in sorted(below[name]):
            if found := search(used, path + [name]):
                return found
        finished.add(name)
        return []

    for name in sorted(below):
        if found := search(name, []):
            return found
    return []


def against_map(room):
    """What Map.swift of a room, which says what to read first, does not name or names though it is not there."""
    path = ROOT / "Sources" / room / "Map.swift"
    if not path.exists():
        return [f"Sources/{room}/Map.swift is missing"]
    text = path.read_text()
    there = {declared.name for file in files(f"Sources/{room}") for declared in declarations(tokens(file))}
    there |= {place.stem for place in path.parent.rglob("*")}
    entries = re.findall(r"^//   (\w[\w, ]*?)  +\S", text, re.M)
    named = {name for entry in entries for name in entry.split(", ")}
    folders = {place.name for place in path.parent.iterdir() if place.is_dir()}
    unsaid = {name for name in folders if not re.search(rf"\b{name}\b", text)}
    return [f"Map.swift does not name the folder {name}" for name in sorted(unsaid)] + [
        f"Map.swift names {name}, which is not there" for name in sorted(named - there)]


def main(arguments):
    if arguments[:1] == ["--graph"]:
        for (user, used), places in sorted(uses(arguments[1]).items()):
            print(f"{user} -> {used} ({len(places)})")
            for place in places[:8] if len(arguments) > 2 else []:
                print(f"    {place}")
        return
    for path in sorted((ROOT / "Sources").iterdir()):
        room = path.name
        if room == "CModules":
            continue
        for line in against_map(room) if room != "sidelong" else []:
            print(f"{room}: {line}")
        found_uses = uses(room)
        if room in ORDER:
            for line in against_order(found_uses, ORDER[room]):
                print(f"{room}: {line}")
        elif found := cycle(found_uses):
            print(f"{room}: {' uses '.join(found)}")
            for pair in zip(found, found[1:]):
                print(f"    {pair[0]} uses {pair[1]}: {'; '.join(found_uses[pair][:3])}")


if __name__ == "__main__":
    main(sys.argv[1:])
