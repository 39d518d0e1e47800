"""Building blocks of queries. What `{TARGET}`, `{INSTANCE}` and `[RATE]` stand for is said in panels.py."""


def speed(by, counter):
    """How fast a counter grows per second, added up over all labels but those in `by`."""
    return f"sum by ({by}) (rate({counter}[RATE]))"


def per(part, whole):
    """One in proportion to the other; absent where there is nothing to divide by."""
    return f"{part} / ({whole} > 0)"


def share(part, rest):
    """A part in proportion to itself and the rest."""
    return per(part, f"{part} + {rest}")


def top(query, most=10):
    """The highest series of a query."""
    return f"topk({most}, {query})"


def quantile(q, by, histogram, selector):
    """A quantile of a histogram over the labels in `by`."""
    return f"histogram_quantile({q}, {speed(f'{by}, le', f'{histogram}_bucket{selector}')})"


def mean(by, histogram, selector):
    """The mean of a histogram's observations."""
    return per(*(speed(by, f"{histogram}_{part}{selector}") for part in ("sum", "count")))
