"""How long a run may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """The whole table takes about half an hour; the quick form only shows that everything runs."""

    # Of what takes seconds, and of what takes longer.
    rounds: int = 5
    long_rounds: int = 3
    # Of starts, which take milliseconds and vary by as many.
    starts: int = 15
    # Of one measurement of latency: as fast as the answers come, and with one request per second.
    wrk_seconds: int = 1
    paced_seconds: int = 30
    # Before memory is looked at, and in one measurement of processor time: ours and each of the peers'.
    scrapes: int = 1000
    own_scrapes: int = 250
    peer_scrapes: int = 25
    # In which work per hour is counted: of one scrape each, and for databases of four, since Postgres is asked some
    # things every 30 s.
    windows: int = 6
    # Windows before those: after four scrapes at one distance polls follow them.
    warm_up: int = 5
    scrape_interval: float = 15
    database_windows: int = 2
    # Polls of Redis in one measurement: the dearer commands go with every third and with every twelfth.
    polls: int = 12
    # Polls of PgBouncer in one measurement.
    console_polls: int = 30
    page_samples: tuple = (500, 2_000, 5_000, 20_000, 50_000)
    connections: tuple = (10, 100, 1_000, 10_000)
    keys: tuple = (1, 100, 10_000, 1_000_000)
    # Redis takes 10,000 clients at the most, and some are ours.
    live_connections: tuple = (10, 100, 1_000, 9_000)
    replayed_commands: int = 1_000_000
    live_commands: int = 200_000
    engine_commands: int = 1_000_000
    targets: tuple = (1, 5, 10, 20)
    # How long redis-benchmark runs beside a watcher.
    wire_seconds: float = 2


FULL = Effort()
QUICK = Effort(
    rounds=1, long_rounds=1, starts=1, wrk_seconds=1, paced_seconds=2, scrapes=20, own_scrapes=5, peer_scrapes=1,
    windows=1, warm_up=1, scrape_interval=1, database_windows=1, polls=1, console_polls=5, page_samples=(500,),
    connections=(10,), keys=(100,), live_connections=(10,), replayed_commands=10_000, live_commands=5_000,
    engine_commands=100_000, targets=(1, 2), wire_seconds=0.2)
