"""pg8000: a Sync behind each message, and a Flush as well."""

import io

import pg8000.dbapi
import pg8000.native
from report import DELETE, HOST, INSERT, MERGE, PARAMETER, SELECT, UPDATE, USER, WITH, Report

report = Report()
connection = pg8000.native.Connection(USER, host=HOST, port=report.port, database=report.database, ssl_context=False)


def fails(kind, text, **values):
    try:
        connection.run(text, **values)
    except pg8000.dbapi.DatabaseError as error:
        report.failed(kind, error.args[0]["C"])


def run(kind, text, **values):
    connection.run(text, **values)
    report.did(kind)


for number in range(12):
    run("select", SELECT.format(":id"), id=number)
prepared = connection.prepare(SELECT.format(":id"))
for number in range(5):
    prepared.run(id=number)
    report.did("select")
prepared.close()
for kind, text, delay in report.each_timed(None):
    report.timed(kind, lambda: connection.run(text))
fails("select", "SELECT 1 / CAST(:zero AS int) FROM accounts", zero=0)
fails("select", "SELECT * FROM nowhere")
run("insert", WITH)
for number in range(3):
    connection.run("START TRANSACTION")
    run("insert", INSERT.format(":id", ":note"), id=number, note=PARAMETER)
    run("update", UPDATE.format(":id"), id=number)
    run("merge", MERGE)
    run("delete", DELETE.format(":id"), id=number)
    connection.run("COMMIT")
    report.committed += 1
connection.run("START TRANSACTION")
fails("insert", "INSERT INTO accounts (id) VALUES (:id)", id=1)
connection.run("ROLLBACK")
report.rolled_back += 1
connection.run("COPY events_2026_11 FROM STDIN", stream=io.StringIO("7\tplanted-copy\n" * 400))
connection.run("COPY events_2026_11 TO STDOUT", stream=io.StringIO())
report.did("copy", 2)
connection.close()
report.end()
