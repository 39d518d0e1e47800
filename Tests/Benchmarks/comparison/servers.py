"""The Redis, Postgres and PgBouncer that both sides watch: throwaway, on 127.0.0.1, the same for all."""

import glob
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .processes import Program, eventually, free_port

# One each, so that commandstats has some sixty lines; errors are counted there too.
COMMANDS = """
PING|ECHO a|SELECT 0|TIME|DBSIZE|LASTSAVE|SET a 1|GET a|GETSET a 2|GETDEL a|SETEX a 9 1|PSETEX a 9000 1
SETNX a 1|MSET a 1 b 2|MGET a b|INCR a|INCRBY a 2|DECR a|DECRBY a 2|APPEND a 1|STRLEN a|GETRANGE a 0 1
SETRANGE a 0 1|EXISTS a|TYPE a|EXPIRE a 900|PEXPIRE a 90000|TTL a|PTTL a|PERSIST a|RENAME b c|DEL c|UNLINK c
RANDOMKEY|SCAN 0|LPUSH l 1|RPUSH l 2|LLEN l|LRANGE l 0 9|LPOP l|RPOP l|SADD s 1|SCARD s|SMEMBERS s|SISMEMBER s 1
SREM s 1|HSET h f 1|HGET h f|HGETALL h|HLEN h|HDEL h f|ZADD z 1 m|ZCARD z|ZSCORE z m|ZRANGE z 0 9|ZREM z m
PFADD p 1|PFCOUNT p|XADD x * f 1|XLEN x|XRANGE x - +|SETBIT bits 1 1|GETBIT bits 1|BITCOUNT bits
"""
KEYS = 100_000
CLIENTS = 200


class Redis:
    """A Redis, and a connection of the harness to it."""

    def __init__(self, program, port):
        self.program = program
        self.port = port
        self.link = socket.create_connection(("127.0.0.1", port))
        self.replies = self.link.makefile("rb")

    def ask(self, command):
        """The reply to one command of words without blanks, as bytes; of an array the first line only."""
        self.link.sendall(command.encode() + b"\r\n")
        line = self.replies.readline()
        if line.startswith(b"$") and (length := int(line[1:])) >= 0:
            return self.replies.read(length + 2)[:-2]
        if line.startswith(b"*"):
            self.skip(int(line[1:]))
        return line

    def skip(self, elements):
        for _ in range(elements):
            line = self.replies.readline()
            if line.startswith(b"$") and (length := int(line[1:])) >= 0:
                self.replies.read(length + 2)
            elif line.startswith(b"*"):
                self.skip(int(line[1:]))

    def fields(self, command):
        """The lines `name:value` of a reply, such as that of INFO."""
        text = self.ask(command).decode()
        return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)


@contextmanager
def redis(loaded=False):
    """A Redis without persistence; a loaded one has 100 thousand keys, 200 clients and 60 commands in commandstats."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        port = free_port()
        program = stack.enter_context(Program(
            "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", folder,
            "--enable-debug-command", "local"))
        server = eventually("redis-server", lambda: Redis(program, port))
        stack.callback(server.link.close)
        if loaded:
            server.ask(f"DEBUG POPULATE {KEYS}")
            for command in COMMANDS.replace("\n", "|").strip("|").split("|"):
                server.ask(command)
            for _ in range(CLIENTS):
                stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            eventually("clients", lambda: int(server.fields("INFO clients")["connected_clients"]) > CLIENTS)
        yield server


def _give_to_postgres(folder):
    """Neither Postgres nor PgBouncer runs as root."""
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")


def _postgres_program(name):
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda path: int(path.split("/")[4]))
    return found[-1] if found else name


class Postgres:
    """A Postgres with pg_stat_statements and two roles, so that each side's work is told apart."""

    def __init__(self, port):
        self.port = port

    def dsn(self, role, scheme="postgres"):
        return f"{scheme}://{role}@127.0.0.1:{self.port}/postgres?sslmode=disable"

    def sql(self, text):
        """The rows of a statement, as lists of text."""
        output = subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", text, self.dsn("postgres")], capture_output=True,
            text=True, check=True).stdout
        return [line.split("|") for line in output.splitlines()]


@contextmanager
def postgres(preload="pg_stat_statements", settings=()):
    """Postgres with the roles `ours` and `theirs`, who may look at everything.

    `preload` may name no library; settings are `name=value`."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _give_to_postgres(folder)
        data = folder / "data"
        with Program(
            _postgres_program("initdb"), "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", user="postgres",
            folder=folder,
        ) as making:
            making.process.wait()
        port = free_port()
        stack.enter_context(Program(
            _postgres_program("postgres"), "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1",
            "-c", "fsync=off", "-c", "unix_socket_directories=", "-c", f"shared_preload_libraries={preload}",
            *(part for setting in settings for part in ("-c", setting)), user="postgres", folder=folder))
        server = Postgres(port)

        def is_ready():
            return subprocess.run(["psql", "-Xqc", "", server.dsn("postgres")], capture_output=True).returncode == 0

        eventually("postgres", is_ready)
        if preload:
            server.sql("CREATE EXTENSION pg_stat_statements")
        for role in ("ours", "theirs"):
            server.sql(f"CREATE ROLE {role} LOGIN; GRANT pg_monitor TO {role}")
        server.sql("CREATE TABLE things AS SELECT n FROM generate_series(1, 1000) n")
        yield server


class PgBouncer:
    def __init__(self, program, port):
        self.program = program
        self.port = port


@contextmanager
def pgbouncer(behind):
    """A PgBouncer in front of a Postgres, whose console lets the user `stats` in."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _give_to_postgres(folder)
        port = free_port()
        file = folder / "pgbouncer.ini"
        file.write_text(f"""
[databases]
app = host=127.0.0.1 port={behind.port} dbname=postgres user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
stats_users = stats
pool_mode = transaction
ignore_startup_parameters = extra_float_digits
""")
        program = stack.enter_context(
            Program(shutil.which("pgbouncer") or "/usr/sbin/pgbouncer", "-q", file, user="postgres", folder=folder))
        eventually("pgbouncer", lambda: socket.create_connection(("127.0.0.1", port)).close() is None)
        yield PgBouncer(program, port)


@contextmanager
def all_three(loaded=False):
    """A Redis, a Postgres and a PgBouncer before it."""
    with redis(loaded) as cache, postgres() as database, pgbouncer(database) as pooler:
        yield cache, database, pooler
