// The one list of what is asked of a Postgres server, and how parts of it are switched off.
import Metrics

/// Everything that Sidelong asks of its own accord.
enum PostgresParts {
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
}

/// Which parts are not asked, because nobody wants to see what they say.
public struct PostgresExclusions: Sendable {
    private let parts: Set<String>
    private let isFamilyExcluded: @Sendable (String) -> Bool

    public static let none = PostgresExclusions(parts: []) { _ in false }

    /// - Parameters:
    ///   - parts: names out of ``partNames``.
    ///   - isFamilyExcluded: whether a family is left off the page; a part all of whose families are is not asked.
    public init(parts: Set<String>, isFamilyExcluded: @escaping @Sendable (String) -> Bool) {
        self.parts = parts
        self.isFamilyExcluded = isFamilyExcluded
    }

    /// The parts that can be switched off, in the order in which they are asked: their collectors' names without
    /// `postgres_`.
    public static let partNames: [String] = PostgresParts.builtIn().map(shortName)

    func leaveOut(_ part: any PostgresPart) -> Bool {
        parts.contains(Self.shortName(part)) || part.familyNames.allSatisfy(isFamilyExcluded)
    }

    private static func shortName(_ part: any PostgresPart) -> String { String(part.name.dropFirst("postgres_".count)) }
}
