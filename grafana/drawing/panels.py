"""The kinds of panel that the dashboards have, drawn: a heading, a number, lines, cells, rows and bars."""

import textwrap

from svg import COLORS, PALETTE
from units import figure

MOST_LEGENDS = 6


def draw(picture, panel, prometheus):
    """Draws one panel at its place."""
    x, y, width, height = picture.place(panel["gridPos"])
    if panel["type"] == "row":
        return picture.words(x + 4, y + 16, panel["title"], size=13, weight="bold")
    picture.rectangle(x, y, width, height, COLORS["panel"])
    picture.words(x + 8, y + 16, panel["title"], weight="bold", room=width - 16)
    inside = (x + 8, y + 24, width - 16, height - 30)
    if not KINDS[panel["type"]](picture, panel, prometheus, inside):
        empty = panel["fieldConfig"]["defaults"]["noValue"]
        lines = textwrap.wrap(empty, int((width - 16) / 6.2))
        for number, line in enumerate(lines):
            place = y + height / 2 + 8 + 15 * (number - (len(lines) - 1) / 2)
            picture.words(x + width / 2, place, line, color=COLORS["faint"], anchor="middle")
    return None


def _color(value, defaults):
    """The colour of the highest step that a value reaches, or of the words that stand for it."""
    for mapping in defaults.get("mappings", []):
        if f"{value:g}" in mapping["options"]:
            return COLORS[mapping["options"][f"{value:g}"]["color"]]
    steps = defaults["thresholds"]["steps"]
    reached = [step["color"] for index, step in enumerate(steps) if index == 0 or value >= step["value"]]
    return COLORS[reached[-1]]


def _words(value, defaults):
    for mapping in defaults.get("mappings", []):
        if f"{value:g}" in mapping["options"]:
            return mapping["options"][f"{value:g}"]["text"]
    return figure(value, defaults["unit"])


def _number(picture, panel, prometheus, place):
    x, y, width, height = place
    lines = prometheus.lines(panel["targets"][0])
    if not lines:
        return False
    legend, points = lines[0]
    value, defaults = points[-1][1], panel["fieldConfig"]["defaults"]
    text = legend if panel["options"]["textMode"] == "name" else _words(value, defaults)
    size = min(30, (width - 4) / max(1, len(text)) / 0.56)
    picture.words(
        x + width / 2, y + height / 2 + 10, text, size=round(size, 1), color=_color(value, defaults), anchor="middle")
    return True


def _lines(picture, panel, prometheus, place):
    x, y, width, height = place
    lines = [line for target in panel["targets"] for line in prometheus.lines(target)]
    lines = [(legend, [(t, v) for t, v in points if v == v]) for legend, points in lines]
    lines = [(legend, points) for legend, points in lines if points]
    if not lines:
        return False
    defaults = panel["fieldConfig"]["defaults"]
    stacked = defaults["custom"]["stacking"]["mode"] == "normal"
    legends = min(len(lines), MOST_LEGENDS)
    left, bottom = x + 58, y + height - 14 * ((legends + 1) // 2) - 4
    base = {}
    if stacked:
        stack = []
        for legend, points in lines:
            floor = [(t, base.get(round(t), 0)) for t, _ in points]
            for (t, v), (_, below) in zip(points, floor):
                base[round(t)] = below + v
            stack.append((legend, [(t, base[round(t)]) for t, _ in points], floor))
        lines = [(legend, points) for legend, points, _ in stack]
    top = defaults.get("max") or max(v for _, points in lines for _, v in points) * 1.1 or 1

    def at(t, v):
        share = (t - prometheus.start) / (prometheus.end - prometheus.start)
        return left + share * (x + width - left), bottom - min(v / top, 1) * (bottom - y - 6)

    for share in (0, 0.5, 1):
        _, height_of_line = at(prometheus.start, share * top)
        picture.line([(left, height_of_line), (x + width, height_of_line)], COLORS["grid"], 1)
        picture.words(
            left - 4, height_of_line + 4, figure(share * top, defaults["unit"]), size=9, color=COLORS["faint"],
            anchor="end")
    for index, (legend, points) in enumerate(lines):
        color = PALETTE[index % len(PALETTE)]
        if stacked:
            floor = stack[index][2]
            picture.area([at(t, v) for t, v in points] + [at(t, v) for t, v in reversed(floor)], color)
        picture.line([at(t, v) for t, v in points], color)
        if index < MOST_LEGENDS:
            column, row = index % 2, index // 2
            place_x, place_y = x + column * width / 2, bottom + 16 + row * 14
            picture.rectangle(place_x, place_y - 5, 10, 3, color)
            picture.words(place_x + 14, place_y, legend, size=9, room=width / 2 - 20)
    return True


def _cells(picture, panel, prometheus, place):
    x, y, width, height = place
    rows = [(float(legend or "inf"), points) for legend, points in prometheus.lines(panel["targets"][0])]
    rows.sort(key=lambda row: row[0])
    counts, below = [], {}
    for bound, points in rows:
        own = {round(t): v - below.get(round(t), 0) for t, v in points}
        below = {round(t): v for t, v in points}
        counts.append((bound, own))
    most = max((v for _, own in counts for v in own.values()), default=0)
    if not most:
        return False
    line = height / len(counts)
    step = (width - 58) * prometheus.step / (prometheus.end - prometheus.start)
    boxes = []
    for index, (bound, own) in enumerate(counts):
        top = y + height - (index + 1) * line
        unit = panel["fieldConfig"]["defaults"]["unit"]
        name = "more" if bound == float("inf") else figure(bound, unit)
        picture.words(x + 54, top + line / 2 + 3, name, size=9, color=COLORS["faint"], anchor="end")
        for t, v in own.items():
            if v > 0:
                place_x = x + 58 + (t - prometheus.start) / (prometheus.end - prometheus.start) * (width - 58)
                boxes.append((place_x, top, min(step, x + width - place_x), line - 1, (v / most) ** 0.5))
    picture.cells(boxes, "#d9480f")
    return True


def _table(picture, panel, prometheus, place):
    x, y, width, height = place
    rows = prometheus.rows(panel["targets"][0])
    if not rows:
        return False
    names = panel["transformations"][0]["options"]["renameByName"]
    shown = [name for name in names if name == "Value" or any(name in labels for labels, _ in rows)]
    shown = [name for name in shown if name not in ("instance", "target", "job")]
    column, defaults = width / len(shown), panel["fieldConfig"]["defaults"]
    for index, name in enumerate(shown):
        picture.words(x + index * column, y + 12, names[name], size=10, weight="bold", room=column - 6)
    rows.sort(key=lambda row: -row[1])
    for number, (labels, value) in enumerate(rows[: int((height - 16) / 15)]):
        for index, name in enumerate(shown):
            text = figure(value, defaults["unit"]) if name == "Value" else labels.get(name, "")
            picture.words(x + index * column, y + 28 + number * 15, text, size=10, room=column - 6)
    return True


def _bars(picture, panel, prometheus, place):
    x, y, width, height = place
    rows = prometheus.lines(panel["targets"][0])
    if not rows:
        return False
    line, defaults = min(22, height / len(rows)), panel["fieldConfig"]["defaults"]
    scale = (width - 110) / (prometheus.end - prometheus.start)
    # Names that would stand in each other's way are left out.
    named = -(-10 // line)
    for number, (legend, points) in enumerate(rows):
        top = y + number * line
        if number % named == 0:
            picture.words(x + 104, top + line / 2 + 3, legend, size=9, anchor="end", room=104)
        begin = 0
        for index in range(1, len(points) + 1):
            if index < len(points) and points[index][1] == points[begin][1]:
                continue
            end = points[index][0] if index < len(points) else prometheus.end
            start = x + 110 + (points[begin][0] - prometheus.start) * scale
            value = points[begin][1]
            picture.rectangle(
                start, top + 1, (end - points[begin][0]) * scale, line - 2, _color(value, {"thresholds": {"steps": [
                    {"color": "blue", "value": 0}]}, **defaults}), 0.75)
            begin = index
    return True


KINDS = {
    "stat": _number, "timeseries": _lines, "heatmap": _cells, "table": _table, "state-timeline": _bars,
}
