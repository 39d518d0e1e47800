"""The demo's gateway: an HTTP server in front of Redis and Postgres, with an access log.

    gateway.py PORT REDIS_PORT POOL_PORT ACCESS_LOG

What a gateway does: it looks an API key up, counts the project's quota, and answers from the cache or from the
database. One path is slow, one now and then fails, and one key asks too often. It knows nothing of Sidelong.
"""

import hashlib
import http.server
import json
import sys
import threading
import time

from resp import Redis, RedisError
from sql import Postgres, SQLError

REDIS_PORT, POOL_PORT = int(sys.argv[2]), int(sys.argv[3])
ACCESS_LOG = open(sys.argv[4], "a", buffering=1)
USERS = 200
# Requests a minute that the project named batch has left; the others have no limit.
BATCH_QUOTA = 20


class Refused(Exception):
    """A status to answer with, and nothing else to say."""


class Gateway(http.server.BaseHTTPRequestHandler):
    """Serves one connection, with a session of its own at either database."""

    protocol_version = "HTTP/1.1"
    # One packet per answer, as most servers send.
    wbufsize = -1
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.redis = Redis(REDIS_PORT)
        self.sql = Postgres(POOL_PORT, "gateway", "gateway")

    def serve(self):
        """Answers a request with what its route returns."""
        length = int(self.headers.get("Content-Length", 0))
        self.body = json.loads(self.rfile.read(length)) if length else {}
        parts = self.path.split("?")[0].strip("/").split("/")
        try:
            if parts[0] != "api":
                raise Refused(404)
            self.authenticate()
            route = getattr(self, f"{self.command.lower()}_{parts[1]}" if len(parts) > 1 else "", None)
            if route is None:
                raise Refused(404)
            status, answer = route(*parts[2:])
        except Refused as refusal:
            status, answer = refusal.args[0], {"status": refusal.args[0]}
        except (TypeError, ValueError):
            status, answer = 400, {"status": 400}
        except (RedisError, SQLError):
            status, answer = 500, {"status": 500}
        content = json.dumps(answer).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = serve

    def authenticate(self):
        """Finds the organization of the API key, and counts its project's quota."""
        token = self.headers.get("X-API-Key", "")
        digest = hashlib.sha256(token.encode()).hexdigest()
        keys = self.sql.query(
            "SELECT organization_id FROM api_keys WHERE key_hash = decode(%s, 'hex') AND revoked_at IS NULL", digest
        )
        if not keys:
            raise Refused(401)
        self.organization = int(keys[0][0])
        project = token.removeprefix("demo-")
        quota = f"project:{project}:quota"
        _, used = self.redis.pipeline(("SET", quota, 0, "EX", 60, "NX"), ("INCR", quota))
        if project == "batch" and used > BATCH_QUOTA:
            raise Refused(429)

    def get_users(self, number):
        """A user's profile: from the cache, or from the database and into the cache."""
        key = f"user:{int(number)}:profile"
        profile = self.redis.command("HGETALL", key)
        if not profile:
            rows = self.sql.query("SELECT email, organization_id FROM users WHERE id = %s", int(number))
            if not rows:
                raise Refused(404)
            profile = ["email", rows[0][0], "organization", rows[0][1]]
            self.redis.pipeline(("HSET", key, *profile), ("EXPIRE", key, 30 + int(number) % 90))
        self.redis.command("ZINCRBY", "ranking:daily", 1, f"user:{number}")
        return 200, dict(zip(profile[::2], profile[1::2]))

    def post_sessions(self):
        """Begins a session and queues a mail about it."""
        session = hashlib.sha256(f"{self.body['user']} {time.time_ns()}".encode()).hexdigest()[:16]
        self.redis.pipeline(
            ("SET", f"session:{session}", self.body["user"], "EX", 60), ("LPUSH", "queue:mail", self.body["user"])
        )
        return 201, {"session": session}

    def get_sessions(self, session):
        """Whose session it is."""
        user = self.redis.command("GET", f"session:{session}")
        if user is None:
            raise Refused(404)
        return 200, {"user": user}

    def get_instances(self):
        """The organization's Redis instances, straight from the database."""
        rows = self.sql.query(
            "SELECT id, name FROM redis_instances WHERE organization_id = %s AND deleted_at IS NULL LIMIT 20",
            self.organization,
        )
        return 200, {"instances": [dict(zip(("id", "name"), row)) for row in rows]}

    def post_instances(self):
        """Adds an instance or brings a deleted one back, in a transaction as an ORM makes it."""
        self.sql.query("BEGIN")
        self.sql.query(
            "INSERT INTO redis_instances (organization_id, name) VALUES (%s, %s)"
            " ON CONFLICT (organization_id, name) DO UPDATE SET deleted_at = NULL",
            self.organization,
            self.body["name"],
        )
        self.sql.query("COMMIT")
        return 201, {}

    def delete_instances(self, number):
        """Marks an instance as deleted."""
        self.sql.query("UPDATE redis_instances SET deleted_at = now() WHERE id = %s", int(number))
        return 200, {}

    def get_reports(self, name):
        """The slow path; the report named growth divides by what can be nothing."""
        ranking = self.redis.command("ZREVRANGE", "ranking:daily", 0, 9)
        if name == "growth":
            self.sql.query("SELECT count(*) / (count(*) - count(*)) FROM organizations")
        self.sql.query("SELECT name, pg_sleep(0.08) FROM organizations LIMIT 3")
        return 200, {"ranking": ranking}

    def log_request(self, code="-", size="-"):
        ACCESS_LOG.write(f"{self.command} {self.path} {int(code)}\n")

    def log_message(self, text, *values):
        pass


def send_mails():
    """Takes the mails off their queue, as a worker does, and counts what it has done."""
    redis = Redis(REDIS_PORT)
    while True:
        if redis.command("BRPOP", "queue:mail", 5):
            redis.command("INCR", "counter:mails")


def warm():
    """Fills the cache, so that the first requests find something."""
    profiles = [
        ("HSET", f"user:{number}:profile", "email", f"{number}@example.com", "organization", 1 + number % 3)
        for number in range(1, USERS + 1)
    ]
    expiries = [("EXPIRE", f"user:{number}:profile", 30 + number % 90) for number in range(1, USERS + 1)]
    Redis(REDIS_PORT).pipeline(*profiles, *expiries)


if __name__ == "__main__":
    warm()
    threading.Thread(target=send_mails, daemon=True).start()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Gateway)
    server.daemon_threads = True
    server.serve_forever()
