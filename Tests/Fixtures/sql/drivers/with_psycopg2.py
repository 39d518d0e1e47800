"""psycopg2: simple queries only, and a transaction around everything but what autocommit has."""

import io

import psycopg2
from report import DELETE, HOST, INSERT, MERGE, PARAMETER, SELECT, UPDATE, USER, WITH, Report

report = Report()
connection = psycopg2.connect(host=HOST, port=report.port, dbname=report.database, user=USER, sslmode="disable")
connection.autocommit = True
cursor = connection.cursor()


def fails(kind, text, values):
    try:
        cursor.execute(text, values)
    except psycopg2.Error as error:
        report.failed(kind, error.pgcode)


for number in range(12):
    cursor.execute(SELECT.format("%s"), (number,))
    report.did("select")
for kind, text, delay in report.each_timed("%s"):
    report.timed(kind, lambda: cursor.execute(text, (delay,)))
fails("select", "SELECT 1 / %s FROM accounts", (0,))
fails("select", "SELECT * FROM nowhere", ())
cursor.execute("PREPARE p (int) AS " + SELECT.format("$1"))
cursor.execute("EXECUTE p(1)")
cursor.execute(WITH)
cursor.execute("SELECT id FROM accounts; " + UPDATE.format("5") + "; -- nothing")
report.did("select", 2), report.did("insert"), report.did("update")
cursor.execute("CREATE TEMP TABLE copied AS SELECT * FROM accounts")
report.did("select")
connection.autocommit = False

for number in range(3):
    with connection:
        cursor.execute(INSERT.format("%s", "%s"), (number, PARAMETER))
        cursor.execute(UPDATE.format("%s"), (number,))
        cursor.execute(MERGE)
        cursor.execute(DELETE.format("%s"), (number,))
    report.committed += 1
    for kind in ["insert", "update", "merge", "delete"]:
        report.did(kind)
cursor.execute(UPDATE.format("%s"), (1,))
report.did("update")
fails("insert", "INSERT INTO accounts (id) VALUES (%s)", (1,))
fails("select", SELECT.format("%s"), (1,))
connection.rollback()
report.rolled_back += 1

cursor.executemany(INSERT.format("%s", "%s"), [(number, PARAMETER) for number in range(5)])
report.did("insert", 5)
cursor.copy_expert("COPY events_2026_11 FROM STDIN", io.StringIO("7\tplanted-copy\n" * 400))
cursor.copy_expert("COPY events_2026_11 TO STDOUT", io.StringIO())
report.did("copy", 2)
named = connection.cursor("rows")
named.itersize = 30
named.execute("SELECT * FROM accounts")
report.did("fetch", len(list(named)) // 30 + 2)  # the last one finds nothing
connection.commit()
report.committed += 1
connection.close()
report.end()
