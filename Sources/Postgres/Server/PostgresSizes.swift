// How large databases are, and how many connections each database and role may have.
import Metrics

/// Size and connection limit of each database.
///
/// `pg_database_size` looks at every file of a database (one `stat` for each gigabyte of each table and index) and
/// locks nothing. A database that our role may not see has no size here.
struct PostgresSizes: PostgresPart {
    let name = "postgres_size"
    let pace = PostgresPace.slow

    private let databases: DatabaseFilter

    init(_ databases: DatabaseFilter = .all) {
        self.databases = databases
    }

    static let size = Descriptor(
        .gauge, "pg_database_size_bytes", labels: ["datname"],
        help: "Bytes on disk (pg_database_size); templates are left out.")
    static let limit = Descriptor(
        .gauge, "pg_database_connection_limit", labels: ["datname"],
        help: "Connections that the database takes, -1 for any number (pg_database datconnlimit).")

    let descriptors = [size, limit]

    func query(for session: PostgresSession) -> PostgresQuery {
        .ask(
            """
            SELECT datname, datconnlimit, CASE WHEN pg_catalog.has_database_privilege(oid, 'CONNECT')
                OR pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') THEN pg_catalog.pg_database_size(oid) END AS size
            FROM pg_catalog.pg_database WHERE NOT datistemplate\(databases.condition(on: "datname"))
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows {
            samples.add(Self.size, ifKnown: row.number("size"), row.label("datname"))
            samples.add(Self.limit, ifKnown: row.number("datconnlimit"), row.label("datname"))
        }
        return samples
    }
}

/// Connection limits of all roles. Reads the catalog `pg_roles`.
struct PostgresRoles: PostgresPart {
    let name = "postgres_roles"
    let pace = PostgresPace.slow

    static let limit = Descriptor(
        .gauge, "pg_roles_connection_limit", labels: ["rolname"],
        help: "Connections that a role may have, -1 for any number (pg_roles rolconnlimit).")

    let descriptors = [limit]

    func query(for session: PostgresSession) -> PostgresQuery {
        .ask("SELECT rolname, rolconnlimit FROM pg_catalog.pg_roles")
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows { samples.add(Self.limit, ifKnown: row.number("rolconnlimit"), row.label("rolname")) }
        return samples
    }
}
