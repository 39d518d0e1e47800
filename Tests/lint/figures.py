#!/usr/bin/env python3
"""Figures that can be counted, where the papers say them: alerts, panels, dashboards, options, fuzz targets, lines of the
C programs that are compared with. A figure that has been counted otherwise is printed. So is a file of Swift that has
grown beyond what is read in one sitting, and a median that has."""

import json
import re
from statistics import median

from swift_source import ROOT, files

PAPERS = ["README.md", "CONTRIBUTING.md", *sorted(
    str(path.relative_to(ROOT)) for folder in ["docs", "deploy", "prometheus", "grafana"]
    for path in (ROOT / folder).rglob("*.md"))]
WORDS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
NUMBER = rf"\b(\d[\d,]*|{'|'.join(WORDS)})"

MOST_LINES = 300
MOST_AT_MEDIAN = 90


def text(path):
    return (ROOT / path).read_text()


def dashboards():
    return [json.loads(path.read_text()) for path in (ROOT / "grafana/dashboards").glob("*.json")]


def options():
    return len(set(re.findall(r"^\| `--([a-z.-]+)", text("docs/configuration.md"), re.M)))


def panels():
    return sum(panel["type"] != "row" for dashboard in dashboards() for panel in dashboard["panels"])


def fuzz_targets():
    return sum(len(list(folder.glob("*.swift"))) - 1 for folder in (ROOT / "Tests/Fuzz").iterdir()
               if (folder / "Targets.swift").exists())


# What stands behind a number: how it is counted.
COUNTED = {
    r"(?:Grafana )?dashboards?\b": lambda: len(dashboards()),
    r"panels?\b": panels,
    r"alerts?\b": lambda: len(re.findall(r"- alert:", text("prometheus/alerts.yml"))),
    r"recor(?:ded series|ding rules)\b": lambda: len(re.findall(r"- record:", text("prometheus/recording.yml"))),
    r"options?\b": options,
    r"fuzz targets?\b": fuzz_targets,
}


def value(number):
    return WORDS.index(number.lower()) if number.lower() in WORDS else int(number.replace(",", ""))


def against_count(paper, content):
    for thing, count in COUNTED.items():
        for match in re.finditer(rf"{NUMBER} {thing}", content, re.I):
            # One of something is mostly any of them.
            if value(match[1]) > 1 and value(match[1]) != count():
                line = content.count("\n", 0, match.start()) + 1
                yield f"{paper}:{line}: {match[0]}; there are {count()}"
    for match in re.finditer(rf"{NUMBER} lines of C, `(comparison/\w+\.c)`", content):
        lines = text(f"Tests/Benchmarks/{match[2]}").count("\n")
        if value(match[1]) != lines:
            yield f"{paper}: {match[0]}; it has {lines}"


def sizes():
    for folder in ["Sources", "Tests"]:
        lengths = {path: path.read_text().count("\n") for path in files(folder)}
        for path, length in lengths.items():
            if length > MOST_LINES:
                yield f"{path.relative_to(ROOT)} has {length} lines, more than {MOST_LINES}: split it by noun"
        if median(lengths.values()) > MOST_AT_MEDIAN:
            yield f"half of the files of {folder} have more than {MOST_AT_MEDIAN} lines"


def main():
    for paper in PAPERS:
        for line in against_count(paper, text(paper)):
            print(line)
    for line in sizes():
        print(line)


if __name__ == "__main__":
    main()
