"""Asks a Prometheus what a panel asks, with every variable of the dashboard at its choice of all."""

import json
import re
import time
import urllib.parse
import urllib.request

POINTS = 120


class Prometheus:
    """One server, over the time that the pictures show."""

    def __init__(self, address, seconds):
        self.address, self.end = address, time.time()
        self.start, self.step = self.end - seconds, max(1, seconds / POINTS)

    def lines(self, target):
        """Pairs of legend and points of a query over time; a point is a pair of time and value."""
        answer = self._ask("query_range", target, start=self.start, end=self.end, step=self.step)
        return [(legend(target, row["metric"]), [(t, float(v)) for t, v in row["values"]]) for row in answer]

    def rows(self, target):
        """Pairs of labels and value of a query at this moment."""
        answer = self._ask("query", target, time=self.end)
        return [(row["metric"], float(row["value"][1])) for row in answer]

    def _ask(self, path, target, **parameters):
        text = target["expr"].replace("$__rate_interval", "1m")
        parameters["query"] = re.sub(r'"\$\w+"', '".*"', text)
        with urllib.request.urlopen(
            f"{self.address}/api/v1/{path}", urllib.parse.urlencode(parameters).encode()
        ) as answer:
            return json.load(answer)["data"]["result"]


def legend(target, labels):
    """The name of a line: labels filled in, and nothing of the only instance."""
    text = re.sub(r"\$\{\w+\}", "", target["legendFormat"])
    return re.sub(r"\{\{(\w+)\}\}", lambda match: labels.get(match[1], ""), text).strip()
