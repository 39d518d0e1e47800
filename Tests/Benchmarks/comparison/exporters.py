"""Both sides: Sidelong, and the four exporters that it stands in for, each as its own manual starts it."""

import http.client
import os
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .load import SCRAPER
from .processes import Program, eventually, free_port

# How many seconds pass between two questions whether an exporter is ready. Its start is measured by them.
PAUSE = 0.0005

PROJECT = Path(__file__).parents[3]
SIDELONG = os.environ.get("SIDELONG", str(PROJECT / ".build/release/sidelong"))
# Those of Debian sid, for what is newest.
NEWEST = PROJECT / ".build/tools/peers-sid/bin"


class Exporter:
    """A running exporter and its port."""

    def __init__(self, program, port):
        self.program = program
        self.port = port
        self.kept = None

    def get(self, path="/metrics", headers=None, timeout=30):
        """The body of an answer, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            return self._ask(connection, path, headers)
        finally:
            connection.close()

    def scrape(self, times, headers=None):
        """That many scrapes one after the other, on one connection as Prometheus does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            for _ in range(times):
                self._ask(connection, "/metrics", headers)
        finally:
            connection.close()

    def kept_scrape(self):
        """A scrape as Prometheus makes it, on a connection that stays open between two of them."""
        if self.kept is None:
            self.kept = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        return self._ask(self.kept, "/metrics", SCRAPER)

    def value(self, name):
        """The sum of a family's series."""
        lines = [line for line in self.get().split(b"\n") if line.split(b"{")[0].split(b" ")[0] == name]
        return sum(float(line.rsplit(b" ", 1)[1]) for line in lines)

    def _ask(self, connection, path, headers):
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise ValueError(f"port {self.port} answers {path} with {answer.status}")
        return body


@contextmanager
def _exporter(*arguments, port, lines, probe=None, environment=None):
    """An exporter whose first page with all of these lines has come, which is asked for once a probe is answered well."""
    with Program(*arguments, environment=environment) as program:
        exporter = Exporter(program, port)

        def is_complete():
            if probe:
                exporter.get(probe)
            page = exporter.get()
            return all(b"\n%b\n" % line in page for line in lines)

        eventually(program.name, is_complete, PAUSE)
        yield exporter


def peer_program(name, newest=False):
    """A peer of Debian 12, or of Debian sid. Debian 12's own pgbouncer exporter ends with an error on its PgBouncer."""
    program = f"prometheus-{name}-exporter"
    return str(NEWEST / program) if newest or name == "pgbouncer" else program


def console(pgbouncer):
    """The DSN of the console of a PgBouncer, or of what stands before one, for libpq."""
    return f"host=127.0.0.1 port={pgbouncer.port} user=stats dbname=pgbouncer sslmode=disable"


def sidelong_command(port, redis=(), postgres=None, pgbouncer=None, wire="off", options=()):
    """The command line, and the lines that a complete page has. No limit on requests: the peers have none."""
    command = [
        SIDELONG, f"--web.listen-address=127.0.0.1:{port}", "--web.rate-limit=0", f"--wire.interfaces={wire}",
        "--log.level=error"]
    command += [f"--redis.addr=127.0.0.1:{server.port}" for server in redis]
    lines = [b"redis_up 1"] if len(redis) == 1 else []
    if postgres:
        command.append(f"--postgres.dsn={postgres.dsn('ours')}")
        lines.append(b"pg_up 1")
    if pgbouncer:
        command.append(f"--pgbouncer.dsn={console(pgbouncer)}")
        lines.append(b"pgbouncer_up 1")
    return command + list(options), lines


@contextmanager
def sidelong(*redis, postgres=None, pgbouncer=None, wire="off", options=()):
    """Sidelong with its default intervals. It says by itself when every source has been polled."""
    port = free_port()
    command, lines = sidelong_command(port, redis, postgres, pgbouncer, wire, options)
    with _exporter(*command, port=port, lines=lines, probe="/health/ready") as exporter:
        yield exporter


@contextmanager
def redis_exporter(redis, newest=False):
    port = free_port()
    with _exporter(
        peer_program("redis", newest), "-redis.addr", f"redis://127.0.0.1:{redis.port}",
        "-web.listen-address", f"127.0.0.1:{port}", port=port, lines=[b"redis_up 1"],
    ) as exporter:
        yield exporter


@contextmanager
def postgres_exporter(postgres, newest=False):
    port = free_port()
    with _exporter(
        peer_program("postgres", newest), f"--web.listen-address=127.0.0.1:{port}", port=port,
        lines=[b"pg_up 1"], environment={"DATA_SOURCE_NAME": postgres.dsn("theirs", "postgresql")},
    ) as exporter:
        yield exporter


@contextmanager
def pgbouncer_exporter(pgbouncer):
    port = free_port()
    dsn = f"postgres://stats@127.0.0.1:{pgbouncer.port}/pgbouncer?sslmode=disable"
    with _exporter(
        peer_program("pgbouncer"), f"--web.listen-address=127.0.0.1:{port}", f"--pgBouncer.connectionString={dsn}",
        port=port, lines=[b"pgbouncer_up 1"],
    ) as exporter:
        yield exporter


@contextmanager
def node_exporter(newest=False):
    port = free_port()
    with _exporter(
        peer_program("node", newest), f"--web.listen-address=127.0.0.1:{port}", port=port,
        lines=[b"# TYPE node_load1 gauge"],
    ) as exporter:
        yield exporter


@contextmanager
def peers(redis, postgres, pgbouncer, newest=False):
    """All four."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(context) for context in (
                redis_exporter(redis, newest), postgres_exporter(postgres, newest), pgbouncer_exporter(pgbouncer),
                node_exporter(newest))
        ]
