#!/usr/bin/env python3
"""Declarations of Sources that nothing in Sources mentions: dead code, or code that only tests keep alive.

Goes by names alone, so what shares its name with something else is not found. ALLOWED says what is meant to be there,
and why."""

import sys
from collections import Counter

from swift_source import ROOT, TYPE_KEYWORDS, declarations, files, tokens

# Name: why nothing in Sources mentions it.
ALLOWED = {
    "Catalogue": "writes docs/metrics.md, which a test does",
    "markdown": "docs/configuration.md and docs/metrics.md, which a test writes",
    "peerTable": "the table of docs/migrating.md, which a test compares",
    "isFast": "says which of two compressors is at work; both are tested",
}

# What the standard library asks of types, and calls itself.
WITNESSES = {
    "description", "debugDescription", "hash", "encode", "next", "makeIterator", "enqueue", "unownedExecutor",
    "customMirror", "startIndex", "endIndex", "underestimatedCount", "allCases", "id", "rawValue", "now", "minimumResolution", "sleep",
    "Element", "Iterator", "Index", "Failure", "Instant", "Duration",
}


def members(found):
    """What stands in a file, a type or an extension, not in a body: no variables of functions."""
    places = {declared.index: declared for declared in declarations(found)}
    bodies = []
    # What the next brace opens: a type with the words between its name and the brace, or nothing of that kind.
    pending = None
    for index, token in enumerate(found):
        before = found[index - 1].text if index else ""
        if token.text in TYPE_KEYWORDS - {"typealias"} | {"extension"} and before not in {".", "case"}:
            follower = found[index + 1].text if index + 1 < len(found) else ""
            if token.text != "class" or follower not in {"func", "var", "let"}:
                pending = []
        elif token.text == "{":
            bodies.append(pending)
            pending = None
        elif token.text == "}":
            bodies.pop()
        elif pending is not None:
            pending.append(token.text)
        declared = places.get(index)
        if declared and all(body is not None for body in bodies):
            yield declared, bodies[-1] if bodies else []


def is_listed(declared, heading):
    """Whether it is a case that is reached as one of all, or by its text."""
    return declared.keyword == "case" and {"CaseIterable", "String"} & set(heading)


def is_external(found, declared):
    """Whether an attribute says that C or the runtime calls it."""
    before = [token.text for token in found[max(0, declared.index - 12):declared.index]]
    return "override" in before[-4:] or any(
        one == "@" and other in {"c", "_cdecl", "main"} for one, other in zip(before, before[1:]))


def main():
    sources = {path: tokens(path) for path in files("Sources")}
    mentions = Counter()
    declared_names = Counter()
    found_members = []
    for path, found in sources.items():
        mentions.update(token.text for token in found)
        for declared in declarations(found):
            declared_names[declared.name] += 1
        found_members += [(path, found, declared, heading) for declared, heading in members(found)]
    tests = Counter(token.text for path in files("Tests") for token in tokens(path))
    for path, found, declared, heading in found_members:
        name = declared.name
        if mentions[name] > declared_names[name] or name in ALLOWED or name in WITNESSES:
            continue
        if is_listed(declared, heading) or is_external(found, declared):
            continue
        users = "only tests use" if tests[name] else "nothing uses"
        print(f"{path.relative_to(ROOT)}:{declared.line}: {users} {name}")
    for name in ALLOWED:
        if mentions[name] == 0:
            print(f"Tests/lint/unused.py allows {name}, which is not there any more")


if __name__ == "__main__":
    sys.exit(main())
