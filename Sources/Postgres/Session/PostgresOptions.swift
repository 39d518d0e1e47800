// One Postgres target's settings, as far as there is a choice: where it is, how often what is asked, and what else.
import Metrics

/// What can be chosen about one Postgres target.
public struct PostgresOptions: Sendable {
    public var access: PostgresAccess
    /// How long a poll has by the deadlines that it is given. The server's `statement_timeout` for our statements is
    /// four fifths of it, its `lock_timeout` a fifth, half a second at most.
    public var timeout: Duration
    /// How often the parts are asked that read a directory or all statement texts, or hold a lock that all backends
    /// need.
    public var relaxedInterval: Duration
    /// How often the parts are asked that walk the disk or hardly ever change: sizes, settings, limits.
    public var slowInterval: Duration
    /// How many statements of `pg_stat_statements` are shown, by total time; 0 shows none.
    public var topStatements: Int
    /// The statements of the queries file.
    public var queries: [CustomQuery]
    /// How many series one of these queries may give.
    public var seriesPerQuery: Int
    /// The databases that are looked at.
    public var databases: DatabaseFilter
    /// What is not asked at all.
    public var exclusions: PostgresExclusions

    public init(
        _ access: PostgresAccess, timeout: Duration = .seconds(5), relaxedInterval: Duration = .seconds(30),
        slowInterval: Duration = .seconds(300), topStatements: Int = 50, queries: [CustomQuery] = [],
        seriesPerQuery: Int = 1000, databases: DatabaseFilter = .all, exclusions: PostgresExclusions = .none
    ) {
        self.access = access
        self.timeout = timeout
        self.relaxedInterval = relaxedInterval
        self.slowInterval = slowInterval
        self.topStatements = topStatements
        self.queries = queries
        self.seriesPerQuery = seriesPerQuery
        self.databases = databases
        self.exclusions = exclusions
    }
}
