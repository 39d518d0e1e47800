"""The kinds of panel that the dashboards use, each with the few settings that differ from panel to panel.

What an empty panel means is added to each (nodata.py). In an expression `{TARGET}` stands for the matchers of job, instance and target, `{INSTANCE}` for those of job and
instance alone (families that carry no label `target`), and `[RATE]` for Grafana's rate interval. Further matchers
follow a comma: `{TARGET, err="OOM"}`.
"""

from nodata import meaning

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}

MATCHERS = {
    "{TARGET": '{job=~"$job", instance=~"$instance", target=~"$target"',
    "{INSTANCE": '{job=~"$job", instance=~"$instance"',
    "[RATE]": "[$__rate_interval]",
}

# What tells the servers apart in a legend, of families with a label target and of others. Where there is only one
# server these hidden variables are blank; see Dashboard.
WHERE = "${where}"
HERE = "${here}"
LABELS = {"{{instance}} {{target}}": WHERE, "{{instance}}": HERE}


def above(warning, critical):
    """Good below `warning`, bad from `critical` on."""
    return _thresholds(("green", 0), ("orange", warning), ("red", critical))


def below(warning, critical):
    """Good from `warning` on, bad below `critical`."""
    return _thresholds(("red", 0), ("orange", critical), ("green", warning))


def limit(value):
    """Good below `value`, bad from there on."""
    return _thresholds(("green", 0), ("red", value))


def least(value):
    """Bad below `value`, good from there on."""
    return _thresholds(("red", 0), ("green", value))


def plain():
    """Neither good nor bad."""
    return _thresholds(("blue", 0))


# Grafana takes the first step's value for minus infinity, whatever it is.
def _thresholds(*steps):
    return {"mode": "absolute", "steps": [{"color": color, "value": value} for color, value in steps]}


def words(*results):
    """Shows words for values: words((1, "Up", "green"), (0, "Down", "red"))."""
    return [
        {
            "type": "value",
            "options": {
                str(value): {"index": index, "text": text, "color": color}
                for index, (value, text, color) in enumerate(results)
            },
        }
    ]


YES_NO = words((1, "Yes", "green"), (0, "No", "red"))


def number(
    title, unit, description, query, thresholds, mappings=None, legend=WHERE, name=False, shows="lastNotNull", width=4
):
    """One number per series, coloured by its threshold; with `name` the legend is shown instead of the number."""
    defaults = {"unit": unit, "color": {"mode": "thresholds"}, "thresholds": thresholds}
    if mappings:
        defaults["mappings"] = mappings
    options = {
        "reduceOptions": {"calcs": [shows], "fields": "", "values": False},
        "orientation": "auto",
        "textMode": "name" if name else "auto",
        "colorMode": "value",
        "graphMode": "none",
        "justifyMode": "auto",
    }
    return _panel("stat", title, description, [(query, legend)], defaults, options, width, 4)


def graph(title, unit, description, *queries, thresholds=None, stacked=False, top=None, step=None, width=8):
    """Lines over time, or areas on top of each other. A query is an expression, or a pair of expression and legend.

    `step` is the shortest distance of two points, and so the least time over which a rate is taken.
    """
    custom = {
        "drawStyle": "line",
        "lineInterpolation": "linear",
        "lineWidth": 1,
        "fillOpacity": 30 if stacked else 10,
        "showPoints": "never",
        "spanNulls": False,
        "stacking": {"group": "A", "mode": "normal" if stacked else "none"},
        "thresholdsStyle": {"mode": "line" if thresholds else "off"},
    }
    defaults = {"unit": unit, "min": 0, "color": {"mode": "palette-classic"}, "custom": custom}
    if top is not None:
        defaults["max"] = top
    if thresholds:
        defaults["thresholds"] = thresholds
    options = {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    panel = _panel("timeseries", title, description, queries, defaults, options, width, 8)
    if step:
        panel["interval"] = step
    return panel


def heatmap(title, unit, description, query, width=12):
    """How the values of a histogram are spread, over time: one row of cells per bucket."""
    defaults = {"unit": unit, "custom": {"scaleDistribution": {"type": "linear"}}}
    options = {
        "calculate": False,
        "cellGap": 1,
        "color": {
            "mode": "scheme",
            "scheme": "Oranges",
            "fill": "dark-orange",
            "exponent": 0.5,
            "steps": 64,
            "reverse": False,
        },
        "exemplars": {"color": "rgba(255,0,255,0.7)"},
        "filterValues": {"le": 1e-9},
        "legend": {"show": True},
        "rowsFrame": {"layout": "auto"},
        "showValue": "never",
        "tooltip": {"mode": "single", "yHistogram": True},
        "yAxis": {"axisPlacement": "left", "unit": unit},
    }
    panel = _panel("heatmap", title, description, [(query, "{{le}}")], defaults, options, width, 8)
    panel["targets"][0]["format"] = "heatmap"
    return panel


def table(title, unit, description, query, columns, thresholds=None, step=None, width=12):
    """One line per series of the newest values: the labels in `columns`, then the value.

    `columns` gives each label its heading in the order of the table, and the value's heading under `Value`.
    """
    defaults = {"unit": unit, "color": {"mode": "thresholds"}, "custom": {"align": "auto", "filterable": True}}
    if thresholds:
        defaults["thresholds"] = thresholds
    options = {"showHeader": True, "cellHeight": "sm"}
    panel = _panel("table", title, description, [(query, "")], defaults, options, width, 8)
    panel["targets"][0].update(format="table", instant=True, range=False)
    if step:
        panel["interval"] = step
    hidden = [name for name in ("Time", "__name__", "job", "alertstate") if name not in columns]
    panel["transformations"] = [
        {
            "id": "organize",
            "options": {
                "excludeByName": {name: True for name in hidden},
                "indexByName": {name: index for index, name in enumerate(columns)},
                "renameByName": dict(columns),
            },
        }
    ]
    return panel


def timeline(title, description, query, mappings, legend, width=12):
    """A bar per series that changes its colour with the state, in words."""
    defaults = {
        "unit": "none",
        "color": {"mode": "thresholds"},
        "mappings": mappings,
        "custom": {"lineWidth": 0, "fillOpacity": 70},
    }
    options = {
        "alignValue": "left",
        "mergeValues": True,
        "rowHeight": 0.9,
        "showValue": "auto",
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
        "tooltip": {"mode": "single", "sort": "none"},
    }
    return _panel("state-timeline", title, description, [(query, legend)], defaults, options, width, 8)


def place(panels, top, first):
    """Lays panels out from left to right and gives them their numbers; returns them and the line below them."""
    placed, x, height = [], 0, 0
    for identifier, panel in enumerate(panels, first):
        size = panel["gridPos"]
        if x + size["w"] > 24:
            x, top, height = 0, top + height, 0
        height = max(height, size["h"])
        position = {"x": x, "y": top, "w": size["w"], "h": size["h"]}
        placed.append({"id": identifier, **panel, "gridPos": position})
        x += size["w"]
    return placed, top + height


def _panel(kind, title, description, queries, defaults, options, width, height):
    targets = [_target(index, query) for index, query in enumerate(queries)]
    words, sentence = meaning(title, [target["expr"] for target in targets])
    defaults["noValue"] = words if kind == "stat" else f"No data: {sentence}"
    for target in targets:
        # A line that only the server would name is called what the panel is.
        if kind == "timeseries" and target["legendFormat"] in (WHERE, HERE):
            target["legendFormat"] = f"{title} {target['legendFormat']}"
    return {
        "type": kind,
        "title": title,
        "description": f"{description} No data: {sentence}.",
        "datasource": DATASOURCE,
        "gridPos": {"x": 0, "y": 0, "w": width, "h": height},
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": options,
        "targets": targets,
    }


def _target(index, query):
    expression, legend = (query, WHERE) if isinstance(query, str) else query
    for short, long in MATCHERS.items():
        expression = expression.replace(short, long)
    for labels, variable in LABELS.items():
        legend = legend.replace(labels, variable)
    return {"refId": chr(ord("A") + index), "expr": expression, "legendFormat": legend, "range": True}
