"""The table: each line compares what several rounds gave, by their medians, and says how far the rounds lie apart."""

import math
import statistics
from dataclasses import dataclass

_SCALES = {
    "us": [(1e6, "s"), (1e3, "ms"), (1, "us"), (0, "ns")],
    "ns": [(1e9, "s"), (1e6, "ms"), (1e3, "us"), (0, "ns")],
    "kB": [(1024, "MB"), (0, "kB")],
    "bytes": [(1 << 20, "MB"), (1 << 10, "kB"), (0, "B")],
}
_BASES = {"us": {"s": 1e6, "ms": 1e3, "us": 1, "ns": 1e-3}, "ns": {"s": 1e9, "ms": 1e6, "us": 1e3, "ns": 1},
          "kB": {"MB": 1024, "kB": 1}, "bytes": {"MB": 1 << 20, "kB": 1 << 10, "B": 1}}


def written(value, unit):
    """A value with three digits that count, in the unit that suits it."""
    for threshold, name in _SCALES.get(unit, []):
        if abs(value) >= threshold:
            return f"{_digits(value / _BASES[unit][name])} {name}"
    return f"{_digits(value)} {unit}".strip()


def _digits(value):
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def _spread(values):
    """Half of the way from the least to the most, as a share of the median."""
    median = statistics.median(values)
    return (max(values) - min(values)) / 2 / median if len(values) > 1 and median else None


@dataclass
class Line:
    what: str
    unit: str
    ours: list
    theirs: list
    newest: list
    target: str


class Table:
    """One row of the issue's list: a heading, a sentence on the method, lines."""

    def __init__(self, title, method):
        self.title = title
        self.method = method
        self.lines = []
        self.notes = []

    def add(self, what, unit, ours, theirs=(), target="", newest=()):
        """A line of several rounds of each side, or of one side. The ratio is theirs over ours: above 1, Sidelong needs
        less. `newest` are the newest peers, beside those of Debian 12."""
        as_list = lambda values: list(values) if isinstance(values, (list, tuple)) else [values]
        self.lines.append(Line(what, unit, as_list(ours), as_list(theirs), as_list(newest), target))

    def note(self, text):
        self.notes.append(text)

    def shape(self, name, sizes, costs):
        """A note on the exponent e of costs ~ sizes^e, each cost given by several rounds."""
        if len(sizes) > 1:
            medians = map(statistics.median, costs)
            logarithms = [[math.log(number) for number in numbers] for numbers in (sizes, medians)]
            exponent = statistics.linear_regression(*logarithms).slope
            self.note(f"{name}: e = {exponent:.2f} from {sizes[0]:,} to {sizes[-1]:,}.")

    def markdown(self):
        columns = ["theirs"] if any(line.theirs for line in self.lines) else []
        if any(line.newest for line in self.lines):
            columns.append("newest")
        targets = any(line.target for line in self.lines)
        heads = {"theirs": "Peers", "newest": "Newest"}
        head = ["", "Sidelong", *(cell for column in columns for cell in (heads[column], "Ratio")), "Spread",
                *(["Target"] if targets else [])]
        rows = [head, ["---"] * len(head)]
        for line in self.lines:
            ours = statistics.median(line.ours) if line.ours else None
            cells = [line.what, "" if ours is None else written(ours, line.unit)]
            for column in columns:
                theirs = statistics.median(getattr(line, column)) if getattr(line, column) else None
                cells.append("" if theirs is None else written(theirs, line.unit))
                cells.append(f"{_digits(theirs / ours)}x" if ours and theirs is not None else "")
            spreads = [_spread(values) for values in (line.ours, line.theirs, line.newest) if values]
            known = [f"{spread:.0%}" for spread in spreads if spread is not None]
            cells.append(" / ".join(known))
            rows.append(cells + ([line.target] if targets else []))
        body = "\n".join(f"| {' | '.join(cells)} |" for cells in rows) if self.lines else ""
        return "\n\n".join(part for part in [f"### {self.title}", self.method, body, *self.notes] if part) + "\n"
