"""Figures as Grafana writes them, by the unit of a panel."""

SECONDS = [(86400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs")]
BYTES = [(2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "B")]
PLAIN = [(1e9, " Bil"), (1e6, " Mil"), (1e3, " K"), (1, "")]


def figure(value, unit):
    """The value with three digits at the most, and its unit."""
    if value != value:
        return "-"
    if unit in ("percentunit", "percent"):
        return f"{_digits(value * (100 if unit == 'percentunit' else 1))} %"
    scales = {"s": SECONDS, "dtdurations": SECONDS, "bytes": BYTES, "Bps": BYTES}.get(unit, PLAIN)
    size, name = next((scale for scale in scales if abs(value) >= scale[0]), scales[-1])
    suffix = {"ops": " ops/s", "reqps": " req/s", "Bps": "/s"}.get(unit, "")
    return f"{_digits(value / size)}{' ' if name.strip() == name and name else ''}{name}{suffix}"


def _digits(value):
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
