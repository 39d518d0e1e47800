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


# Latencies on the wire are native histograms where Prometheus stores some, else classic ones; a query asks for either.


def quantile(q, by, histogram, selector):
    """A quantile of a histogram over the labels in `by`."""
    native = f"histogram_quantile({q}, {speed(by, histogram + selector)})"
    return f"({native} or {classic_quantile(q, by, histogram, selector)})"


def classic_quantile(q, by, histogram, selector):
    """A quantile of a histogram that has classic buckets always."""
    return f"histogram_quantile({q}, {speed(f'{by}, le', f'{histogram}_bucket{selector}')})"


def observations(by, histogram, selector):
    """Observations per second."""
    return _part("count", by, histogram, selector)


def total(by, histogram, selector):
    """The sum of what is observed in a second."""
    return _part("sum", by, histogram, selector)


def _part(part, by, histogram, selector):
    native = f"histogram_{part}({speed(by, histogram + selector)})"
    return f"({native} or {speed(by, f'{histogram}_{part}{selector}')})"


def mean(by, histogram, selector):
    """The mean of a histogram's observations."""
    return per(total(by, histogram, selector), observations(by, histogram, selector))


def spread(histogram, selector):
    """How observations are spread over buckets: of native histograms where there are some, else of classic ones."""
    native = f"sum (increase({histogram}{selector}[RATE]))"
    return f"{native} or ({classic_spread(histogram, selector)} unless on () {native})"


def classic_spread(histogram, selector):
    """How the observations of a histogram that has classic buckets always are spread."""
    return f"sum by (le) (increase({histogram}_bucket{selector}[RATE]))"
