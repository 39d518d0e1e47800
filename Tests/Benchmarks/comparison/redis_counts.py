"""What a Redis counts of the work that it is given. Nothing is reset, since a Redis that has forgotten its commands
answers INFO faster."""

from collections import Counter
from contextlib import contextmanager

QUESTION = "INFO clients stats commandstats"


@contextmanager
def added(*servers):
    """What the work in the block adds to the counts of each server, once the block has ended. A reading is counted in
    the next one; what it adds itself is known from two that follow each other, when one before them has warmed Redis
    up."""
    counts = [Counter() for _ in servers]
    readings = [(_read(server), _read(server), _read(server)) for server in servers]
    yield counts
    for server, count, (_, first, second) in zip(servers, counts, readings):
        count.update(_read(server))
        count.subtract(second)
        count.subtract(second)
        count.update(first)


def _read(server):
    """The microseconds and the calls of each command, and of all; what went through the sockets."""
    fields = server.fields(QUESTION)
    # Redis sees that a connection was closed by one more read, of nothing.
    closed = int(fields["total_connections_received"]) - int(fields["connected_clients"])
    counts = Counter(
        received=int(fields["total_net_input_bytes"]), sent=int(fields["total_net_output_bytes"]),
        reads=int(fields["total_reads_processed"]) - closed)
    for name, value in fields.items():
        if name.startswith("cmdstat_"):
            command = name.removeprefix("cmdstat_")
            figures = dict(field.split("=") for field in value.split(","))
            for key, figure in (("time", "usec"), ("commands", "calls")):
                counts[key] += int(figures[figure])
                counts[f"{key} {command}"] = int(figures[figure])
    return counts
