"""asyncpg: each text is prepared first, behind a Flush, and executed by name."""

import asyncio
import time

import asyncpg
from report import DELETE, HOST, INSERT, MERGE, PARAMETER, SELECT, UPDATE, USER, WITH, Report

report = Report()


async def main():
    connection = await asyncpg.connect(
        host=HOST, port=report.port, database=report.database, user=USER, ssl=False,
        statement_cache_size=0 if report.database == "app" else 100)

    async def run(kind, text, *values):
        await connection.execute(text, *values)
        report.did(kind)

    async def fails(kind, text, *values):
        try:
            await connection.fetch(text, *values)
        except asyncpg.PostgresError as error:
            report.failed(kind, error.sqlstate, refused=error.sqlstate == "42P01")

    for number in range(12):
        await connection.fetch(SELECT.format("$1"), number)
        report.did("select")
    for kind, text, delay in report.each_timed("$1"):
        statement = await connection.prepare(text) if report.database != "app" else None
        started = time.perf_counter()
        await (statement.fetch(delay) if statement else connection.execute(text.replace("$1", str(delay))))
        report.times.append(round(time.perf_counter() - started, 6))
        report.did(kind)
    await fails("select", "SELECT 1 / $1::int FROM accounts", 0)
    await fails("select", "SELECT * FROM nowhere WHERE id = $1", 1)
    await run("insert", WITH)
    await connection.execute("SELECT id FROM accounts; " + UPDATE.format("5"))
    report.did("select"), report.did("update")
    for number in range(3):
        async with connection.transaction():
            await run("insert", INSERT.format("$1", "$2"), number, PARAMETER)
            await run("merge", MERGE)
            await run("delete", DELETE.format("$1"), number)
        report.committed += 1
    try:
        async with connection.transaction():
            await fails("insert", "INSERT INTO accounts (id) VALUES ($1)", 1)
            raise KeyError
    except KeyError:
        report.rolled_back += 1
    async with connection.transaction():
        rows = [row async for row in connection.cursor("SELECT * FROM accounts", prefetch=30)]
    assert len(rows) == 100
    # Three portals are suspended, the last execution of the same one ends by its tag.
    report.did("fetch", 3), report.did("select")
    report.committed += 1
    await connection.executemany(INSERT.format("$1", "$2"), [(number, PARAMETER) for number in range(6)])
    report.did("insert", 6)
    await connection.copy_records_to_table("events_2026_11", records=[(n, "planted-copy") for n in range(400)])
    await connection.copy_from_table("events_2026_11", output=lambda data: asyncio.sleep(0))
    report.did("copy", 2)
    await connection.close()


asyncio.run(main())
report.end()
