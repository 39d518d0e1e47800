"""psycopg 3: the extended protocol, statements that are prepared at their sixth use, and pipelines."""

import psycopg
from report import DELETE, HOST, INSERT, MERGE, PARAMETER, SELECT, UPDATE, USER, WITH, Report

report = Report()
connection = psycopg.connect(
    host=HOST, port=report.port, dbname=report.database, user=USER, sslmode="disable", autocommit=True)


def run(kind, text, values=None, **options):
    connection.execute(text, values, **options)
    report.did(kind)


def fails(kind, text, values):
    try:
        connection.execute(text, values)
    except psycopg.Error as error:
        report.failed(kind, error.sqlstate)


for number in range(12):
    run("select", SELECT.format("%s"), (number,))
for kind, text, delay in report.each_timed("%s::float8"):
    report.timed(kind, lambda: connection.execute(text, (delay,)))
fails("select", "SELECT 1 / %s::int FROM accounts", (0,))
# The error comes with the Parse of a text: it was the first word's.
fails("select", "SELECT * FROM nowhere WHERE id = %s", (1,))
run("insert", WITH)
for number in range(7):
    run("update", UPDATE.format("%s"), (number,), prepare=True)

if report.has_sessions:
    for number in range(3):
        with connection.transaction():
            run("insert", INSERT.format("%s", "%s"), (number, PARAMETER))
            run("merge", MERGE)
            run("delete", DELETE.format("%s"), (number,))
        report.committed += 1
    try:
        with connection.transaction():
            fails("insert", "INSERT INTO accounts (id) VALUES (%s)", (1,))
            fails("select", SELECT.format("%s"), (1,))
            raise KeyError
    except KeyError:
        report.rolled_back += 1
    with connection.transaction(), connection.cursor(name="rows") as named:
        named.itersize = 30
        named.execute("SELECT * FROM accounts")
        report.did("fetch", len(named.fetchall()) and 1)
    report.committed += 1
    cursor = connection.cursor()
    # executemany is a pipeline, and one transaction where autocommit is off.
    cursor.executemany(INSERT.format("%s", "%s"), [(number, PARAMETER) for number in range(6)])
    report.did("insert", 6)
    with cursor.copy("COPY events_2026_11 FROM STDIN") as copy:
        for number in range(400):
            copy.write_row((number, "planted-copy"))
    with cursor.copy("COPY events_2026_11 TO STDOUT") as copy:
        for _ in copy:
            pass
    report.did("copy", 2)
    with connection.pipeline():
        for number in range(20):
            run("select", SELECT.format("%s"), (number,))
    try:
        with connection.pipeline():
            for number in range(5):
                connection.execute("SELECT 10 / %s::int FROM accounts WHERE id = 1", (number - 2,))
    except psycopg.Error as error:
        report.failed("select", error.sqlstate)
    report.did("select", 2)
    report.skipped += 2
connection.close()
report.end()
