"""How long a run may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """The whole table takes about a quarter of an hour; the quick form only shows that everything runs."""

    rounds: int = 5
    # Of one measurement of latency.
    wrk_seconds: int = 2
    # Before memory is looked at.
    scrapes: int = 1000
    # In which work per hour is counted, in windows of one scrape interval.
    windows: int = 8
    scrape_interval: float = 15
    # Polls of Redis in one measurement: the dearer commands go with every third and with every twelfth.
    polls: int = 12
    # Polls of PgBouncer in one measurement.
    console_polls: int = 30
    page_samples: tuple = (500, 2_000, 5_000, 20_000, 50_000)
    connections: tuple = (10, 100, 1_000, 10_000)
    keys: tuple = (1, 100, 10_000, 1_000_000)
    engine_commands: int = 400_000
    live_commands: int = 200_000
    targets: tuple = (1, 5, 10, 20)


FULL = Effort()
QUICK = Effort(
    rounds=1, wrk_seconds=1, scrapes=20, windows=1, scrape_interval=1, polls=1, console_polls=5,
    page_samples=(500,), connections=(10,), keys=(100,), engine_commands=10_000, live_commands=5_000, targets=(1, 2))
