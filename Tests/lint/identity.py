#!/usr/bin/env python3
"""Names that a server gives are told apart by their bytes: where answers of servers are read, no set or dictionary has
String for its key, because Swift calls two texts equal that differ in their Unicode form only. ForeignName is for that."""

import re

from swift_source import ROOT, files

FOLDERS = ["Sources/Postgres/Server", "Sources/Postgres/PgBouncer", "Sources/Postgres/Replication",
           "Sources/Postgres/Statements"]
KEYED = re.compile(r"\[\[?String\]?: |Set<String>|Dictionary<String")

# A part of a line: whose words the keys are.
OURS = {
    "statesSeen: [ForeignName: Set<String>]": "states are Postgres' own words",
    "let units: [String: (base: Base": "units are written here",
}


def main():
    found = set()
    for path in (path for folder in FOLDERS for path in files(folder)):
        for number, line in enumerate(path.read_text().split("\n"), 1):
            if not KEYED.search(line) or line.lstrip().startswith("//"):
                continue
            reasons = {part for part in OURS if part in line}
            found |= reasons
            if not reasons:
                print(f"{path.relative_to(ROOT)}:{number}: whose names are these? ForeignName compares bytes")
    for part in OURS.keys() - found:
        print(f"Tests/lint/identity.py allows a line that is not there any more: {part}")


if __name__ == "__main__":
    main()
