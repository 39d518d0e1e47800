// What the operator may choose about the traffic of Postgres and PgBouncer.

/// The traffic engine's settings for Postgres. Where several ports are read, the traffic of each is counted apart, with
/// as many tables and histograms.
public struct PostgresTrafficSettings: Sendable {
    /// `--sql.max-tables`: tables beside `other`.
    public var maxTables = 100
    /// `--sql.max-histograms`: pairs of table and type beside `other`.
    public var maxHistograms = 200

    public init() {}
}
