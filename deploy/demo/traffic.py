"""The demo's clients: a few programs that ask the gateway, each over a connection of its own.

    traffic.py GATEWAY_PORT [REQUESTS]

About forty requests per second for ever; or REQUESTS of them, as fast as they are answered, for a test.
"""

import http.client
import json
import random
import sys
import threading
import time

CLIENTS = 4
PAUSE = 0.1  # seconds between two requests of a client
PROJECTS = ["web"] * 12 + ["mobile"] * 7 + ["batch"]


class Client(threading.Thread):
    """One of the programs, named by its project's API key."""

    def __init__(self, port, requests):
        super().__init__()
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.requests = requests
        self.sessions = []

    def run(self):
        done = 0
        while self.requests is None or done < self.requests:
            self.ask(*random.choices(ACTIONS, WEIGHTS)[0](self))
            done += 1
            if self.requests is None:
                time.sleep(PAUSE)

    def ask(self, method, path, body=None):
        """One request; remembers the session that it may begin."""
        token = "demo-" + random.choice(PROJECTS) if random.random() > 0.01 else "stolen"
        content = json.dumps(body) if body else None
        self.connection.request(method, path, content, {"X-API-Key": token})
        answer = json.loads(self.connection.getresponse().read())
        if "session" in answer:
            self.sessions = [*self.sessions[-9:], answer["session"]]

    def user(self):
        """Some users are asked for more often than others, and a few are not there."""
        return "GET", f"/api/users/{1 + int(205 * random.random() ** 2)}"

    def session(self):
        """Begins a session, or looks at one that was begun lately."""
        if not self.sessions or random.random() < 0.3:
            return "POST", "/api/sessions", {"user": random.randint(1, 200)}
        return "GET", f"/api/sessions/{random.choice(self.sessions)}"

    def instances(self):
        return "GET", "/api/instances"

    def new_instance(self):
        """Mostly one that is there already, so that the number of instances does not raise an alert."""
        return "POST", "/api/instances", {"name": f"redis-{random.randint(1, 22)}"}

    def old_instance(self):
        return "DELETE", f"/api/instances/{random.randint(1, 500)}"

    def report(self):
        return "GET", "/api/reports/" + ("growth" if random.random() < 0.2 else "daily")


ACTIONS, WEIGHTS = zip(
    (Client.user, 55), (Client.session, 25), (Client.instances, 12), (Client.new_instance, 4),
    (Client.old_instance, 2), (Client.report, 2),
)


if __name__ == "__main__":
    total = int(sys.argv[2]) if len(sys.argv) > 2 else None
    shares = [total and total // CLIENTS + (number < total % CLIENTS) for number in range(CLIENTS)]
    clients = [Client(int(sys.argv[1]), share) for share in shares]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
