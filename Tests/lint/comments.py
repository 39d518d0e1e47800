#!/usr/bin/env python3
"""Comments as people read them: no sentence of more than 30 words, and nobody acts in them without a name: a client, a
caller, a thread, but no "who" as a subject and no "whoever"."""

import re

from swift_source import ROOT, files

MOST_WORDS = 30
ROOMS = ["Capture", "Exporter", "HTTP", "Host", "Metrics", "Postgres", "Redis", "System", "Traffic"]
UNNAMED = re.compile(r"(?:^|[.;:] )[Ww]ho [a-z]|\b[Ww]hoever\b|\b[Nn]obody (?:knows|can)\b")


def paragraphs(path):
    """Pairs of a line number and the text of a paragraph of comment."""
    text, line = [], 0
    for number, content in enumerate([*path.read_text().split("\n"), ""], 1):
        match = re.match(r"\s*///? (\S.*)$", content)
        begins = match and re.match(r"- |\d\. ", match[1])
        if text and (not match or begins):
            yield line, " ".join(text)
            text = []
        # Diagrams and tables are no sentences.
        if match and not re.match(r"\s*///?  ", content):
            line = line if text else number
            text.append(match[1])


def main():
    for room in ROOMS:
        for path in files(f"Sources/{room}"):
            for line, text in paragraphs(path):
                place = f"{path.relative_to(ROOT)}:{line}"
                if UNNAMED.search(text):
                    print(f"{place}: say who it is: {UNNAMED.search(text).group()}")
                for sentence in re.split(r"(?<=[.!?])[)\"]? (?=[A-Z`<])", text):
                    count = sum(bool(re.search(r"\w", word)) for word in sentence.split())
                    if count > MOST_WORDS:
                        print(f"{place}: {count} words: {sentence}")


if __name__ == "__main__":
    main()
