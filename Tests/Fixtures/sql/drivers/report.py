"""What a client did and was answered: the truth that a recording is compared with."""

import collections
import json
import sys
import time

HOST = "127.0.0.1"
USER = "postgres"
SELECT = "SELECT balance FROM accounts WHERE id = {}"
INSERT = "INSERT INTO events_2026_11 (id, note) VALUES ({}, {})"
UPDATE = "UPDATE accounts SET balance = balance + 1 WHERE id = {}"
DELETE = "DELETE FROM events_2026_11 WHERE id = {}"
MERGE = (
    "MERGE INTO accounts a USING (SELECT 3 AS id) s ON a.id = s.id "
    "WHEN MATCHED THEN UPDATE SET note = 'planted-literal' WHEN NOT MATCHED THEN DO NOTHING")
WITH = "WITH x AS (SELECT id FROM accounts WHERE id < 3) INSERT INTO events_2026_11 SELECT id, 'planted-literal' FROM x"
PARAMETER = "planted-parameter"
# Each takes as long as it says. The table is in no other statement.
TIMED = [
    "SELECT n, pg_sleep({}) FROM timed", "UPDATE timed SET n = n + 1 FROM pg_sleep({}) s",
    "INSERT INTO timed SELECT 7 FROM pg_sleep({}) s", "DELETE FROM timed USING pg_sleep({}) s WHERE n = 7",
]
DELAYS = ["0.0035", "0.016", "0.05"]


class Report:
    """Counts by type of statement."""

    def __init__(self):
        self.port, self.database = int(sys.argv[1]), sys.argv[2]
        # Where a pool gives each statement another session there are no transactions and no cursors.
        self.has_sessions = "statement" not in sys.argv[3:]
        self.executed, self.errors, self.refused = (collections.Counter() for _ in range(3))
        self.committed = self.rolled_back = self.skipped = 0
        self.times = []

    def did(self, kind, count=1):
        self.executed[kind] += count

    def failed(self, kind, sqlstate, refused=False):
        """Counts an error; `refused` where the text was sent alone, and so was never executed."""
        self.errors[f"{kind} {sqlstate}"] += 1
        self.refused[kind] += refused

    def timed(self, kind, body):
        """Runs one of the statements of TIMED."""
        started = time.perf_counter()
        body()
        self.times.append(round(time.perf_counter() - started, 6))
        self.did(kind)

    def each_timed(self, placeholder):
        for text in TIMED:
            for delay in DELAYS:
                yield text.split()[0].lower(), text.format(delay if placeholder is None else placeholder), float(delay)

    def end(self):
        print(json.dumps({
            "executed": dict(sorted(self.executed.items())), "errors": dict(sorted(self.errors.items())),
            "refused": dict(+self.refused),
            "committed": self.committed, "rolled_back": self.rolled_back, "skipped": self.skipped, "times": self.times,
        }))
