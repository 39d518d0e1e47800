"""A dashboard in Grafana's classic JSON model: variables, links, and rows of panels on a grid of 24 columns."""

from panels import DATASOURCE, place

# Every dashboard has these tags; the links between the dashboards are found by the first.
TAGS = ["sidelong", "prometheus"]

# Where the selectors of the sources leave the choice of instances to the variables.
JOB = 'job=~"$job"'
INSTANCE = JOB + ', instance=~"$instance"'
TARGET = 'target=~"$target"'


def chooser(name, label, query, every=".+", description=""):
    """A list to choose from, filled by a query and refilled when the time range changes. All of it is chosen first."""
    return {
        "name": name,
        "type": "query",
        "label": label,
        "description": description,
        "datasource": DATASOURCE,
        "query": query,
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": every,
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
        "options": [],
        "hide": 0,
    }


def data_source():
    return {
        "name": "datasource",
        "type": "datasource",
        "label": "Data source",
        "description": "The Prometheus that scrapes Sidelong.",
        "query": "prometheus",
        "refresh": 1,
        "multi": False,
        "includeAll": False,
        "options": [],
        "hide": 0,
    }


def teller(name, *cases):
    """A hidden variable for legends: the labels of the first case whose query has several series, else blank."""
    choices = [f'label_replace(count({query}) > 1, "legend", "{labels}", "", "")' for labels, query in cases]
    choices.append('label_replace(vector(0), "legend", " ", "", "")')
    return {
        "name": name,
        "type": "query",
        "label": name,
        "description": "What tells the lines of a legend apart; blank where there is only one instance.",
        "datasource": DATASOURCE,
        "query": f"query_result({' or on () '.join(choices)})",
        "regex": '/legend="([^"]*)"/',
        "refresh": 2,
        "sort": 0,
        "multi": False,
        "includeAll": False,
        "options": [],
        "hide": 2,
    }


class Dashboard:
    """Collects rows and gives the JSON model.

    `metric` is the family whose series say which jobs and instances there are to choose from. `targets` is the family
    whose label `target` tells several servers behind one Sidelong apart; where there is only one, the label is absent
    and the choice "All" matches that too.
    """

    def __init__(self, uid, title, description, metric, targets=None, variables=()):
        self.uid, self.title, self.description = uid, title, description
        self.variables = [
            data_source(),
            chooser("job", "Job", f"label_values({metric}, job)"),
            chooser("instance", "Instance", f"label_values({narrowed(metric, JOB)}, instance)"),
        ]
        if targets:
            self.variables.append(
                chooser(
                    "target",
                    "Target",
                    f"label_values({narrowed(targets, INSTANCE)}, target)",
                    every=".*",
                    description="One of several servers behind one Sidelong; empty where each has its own.",
                )
            )
        self.variables += variables
        family = narrowed(metric, INSTANCE)
        instances = f"count by (instance) ({family})"
        self.variables.append(teller("here", ("{{instance}}", instances)))
        if targets:
            servers = f"count by (target) ({narrowed(targets, INSTANCE + ', ' + TARGET)})"
            where = [("{{instance}} {{target}}", instances), ("{{target}}", servers)]
        else:
            where = [("{{instance}}", instances)]
        self.variables.append(teller("where", *where))
        self.panels = []
        self.bottom = 0

    def row(self, title, *panels):
        """Adds a heading and the panels under it, from left to right, each line as high as its first panel."""
        heading = {
            "id": len(self.panels) + 1,
            "type": "row",
            "title": title,
            "collapsed": False,
            "gridPos": {"x": 0, "y": self.bottom, "w": 24, "h": 1},
            "panels": [],
        }
        self.panels.append(heading)
        placed, self.bottom = place(panels, self.bottom + 1, len(self.panels) + 1)
        self.panels += placed

    def json(self):
        return {
            "uid": self.uid,
            "title": self.title,
            "description": self.description,
            "tags": TAGS,
            "schemaVersion": 39,
            "editable": False,
            "graphTooltip": 1,
            "time": {"from": "now-1h", "to": "now"},
            "refresh": "30s",
            "timezone": "browser",
            "links": [
                {
                    "title": "Sidelong",
                    "type": "dashboards",
                    "tags": TAGS[:1],
                    "icon": "external link",
                    "tooltip": "The other dashboards, for the same instances and time",
                    "asDropdown": False,
                    "targetBlank": False,
                    "includeVars": True,
                    "keepTime": True,
                }
            ],
            "annotations": {
                "list": [
                    {
                        "name": "Annotations & Alerts",
                        "type": "dashboard",
                        "builtIn": 1,
                        "datasource": {"type": "grafana", "uid": "-- Grafana --"},
                        "enable": True,
                        "hide": True,
                        "iconColor": "rgba(0, 211, 255, 1)",
                    }
                ]
            },
            "templating": {"list": self.variables},
            "panels": self.panels,
        }


def narrowed(selector, matchers):
    """The selector with further matchers: a{b} and a both become a{..., matchers}."""
    return f"{selector[:-1]}, {matchers}}}" if selector.endswith("}") else f"{selector}{{{matchers}}}"
