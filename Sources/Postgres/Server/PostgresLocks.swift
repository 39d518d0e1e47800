// Locks by mode, and sessions that have been waiting for one, which is what a gateway sees as "the database hangs".
import Metrics

/// Locks held or awaited in each database, by mode.
///
/// Reads `pg_locks`, which copies the whole lock table while it holds all its partition locks: every backend that wants
/// a lock waits that long, some microseconds for each thousand locks. Hence the slower timer.
struct PostgresLocks: PostgresPart {
    let name = "postgres_locks"
    let pace = PostgresPace.relaxed

    private let databases: DatabaseFilter

    init(_ databases: DatabaseFilter = .all) {
        self.databases = databases
    }

    static let count = Descriptor(
        .gauge, "pg_locks_count", labels: ["datname", "mode"],
        help: "Locks held or awaited by other sessions (pg_locks); with more than \(DatabaseFilter.mostWithZeros) "
            + "databases those that are 0 are left out.")

    let descriptors = [count]

    func query(for session: PostgresSession) -> PostgresQuery {
        .ask(
            """
            SELECT d.datname, m.mode, pg_catalog.count(l.mode) AS count
            FROM pg_catalog.pg_database AS d
            CROSS JOIN (VALUES ('AccessShareLock'), ('RowShareLock'), ('RowExclusiveLock'),
                ('ShareUpdateExclusiveLock'), ('ShareLock'), ('ShareRowExclusiveLock'), ('ExclusiveLock'),
                ('AccessExclusiveLock'), ('SIReadLock')) AS m (mode)
            LEFT JOIN (
                SELECT * FROM pg_catalog.pg_locks WHERE pid IS DISTINCT FROM pg_catalog.pg_backend_pid()) AS l
                ON l.database = d.oid AND l.mode = m.mode
            WHERE NOT d.datistemplate\(databases.condition(on: "d.datname"))
            GROUP BY 1, 2
            HAVING pg_catalog.count(l.mode) > 0
                OR (SELECT pg_catalog.count(*) FROM pg_catalog.pg_database) <= \(DatabaseFilter.mostWithZeros)
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows {
            samples.add(
                Self.count, ifKnown: row.number("count"), row.label("datname"), row.label("mode").lowercased())
        }
        return samples
    }
}

/// Lock requests that are not granted, and the longest wait among them.
///
/// Asks with each poll, but reads `pg_locks` only where `pg_stat_activity` shows a backend that waits for a lock: the
/// server checks that condition once, before it copies anything.
struct PostgresLockWaits: PostgresPart {
    let name = "postgres_lock_waits"
    let pace = PostgresPace.everyPoll

    private let databases: DatabaseFilter

    init(_ databases: DatabaseFilter = .all) {
        self.databases = databases
    }

    private static let labels = ["datname", "mode", "locktype"]

    static let waiting = Descriptor(
        .gauge, "pg_locks_waiting", labels: labels,
        help: "Lock requests not granted yet (pg_locks); one series without labels, 0, when there is none.")
    static let longest = Descriptor(
        .gauge, "pg_locks_longest_wait_seconds", labels: labels,
        help: "How long the oldest of these requests has waited (pg_locks waitstart, from Postgres 14).")

    let descriptors = [waiting, longest]

    func query(for session: PostgresSession) -> PostgresQuery {
        guard session.readsAllStatistics else { return session.denied("who waits for a lock") }
        let wait =
            session.isAtLeast(14)
            ? "EXTRACT(epoch FROM pg_catalog.max(pg_catalog.clock_timestamp() - l.waitstart))" : "NULL"
        return .ask(
            """
            SELECT d.datname, pg_catalog.lower(l.mode) AS mode, l.locktype, pg_catalog.count(*) AS count,
                \(wait) AS longest
            FROM pg_catalog.pg_locks AS l LEFT JOIN pg_catalog.pg_database AS d ON d.oid = l.database
            WHERE NOT l.granted\(databases.condition(on: "d.datname"))
                AND EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE wait_event_type = 'Lock')
            GROUP BY 1, 2, 3
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows {
            let labels = [row.label("datname"), row.label("mode"), row.label("locktype")]
            samples.add(Self.waiting, Sample(labels: labels, value: .number(row.number("count") ?? 0)))
            if let longest = row.number("longest") {
                samples.add(Self.longest, Sample(labels: labels, value: .number(max(0, longest))))
            }
        }
        if rows.count == 0 {
            samples.add(Self.waiting, 0, "", "", "")
            if session.isAtLeast(14) { samples.add(Self.longest, 0, "", "", "") }
        }
        return samples
    }
}
