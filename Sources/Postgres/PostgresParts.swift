// The one list of what is asked of a Postgres server, and how parts of it are switched off.
import Metrics

/// Everything that Sidelong asks of its own accord.
public enum PostgresParts {
    /// In this order: what may take long comes last, so that a deadline costs nothing else.
    static func builtIn(_ options: PostgresOptions? = nil) -> [any PostgresPart] {
        let databases = options?.databases ?? .all
        let queries = PostgresQueries(databases)
        return [
            PostgresActivity(databases),
            PostgresDatabases(databases),
            PostgresLockWaits(databases),
            PostgresReplication(),
            PostgresReceiver(),
            PostgresStandbys(),
            PostgresSlots(),
            PostgresWAL(),
            PostgresArchiver(),
            PostgresBackgroundWriter(),
            PostgresTransactionAge(databases),
            PostgresIO(),
            PostgresLocks(databases),
            PostgresRoles(),
            PostgresSettings(),
            PostgresWALFiles(),
            PostgresStatements(limit: options?.topStatements ?? 0, databases) { queries.statementCount },
            queries,
            PostgresSizes(databases),
        ]
    }

    /// The parts that can be switched off, in the order in which they are asked: their collectors' names without
    /// `postgres_`.
    public static let names: [String] = builtIn().map(\.shortName)
}
