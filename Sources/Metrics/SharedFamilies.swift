// Families that several rooms fill. A family has one owner, or its help text would depend on which room a page meets
// first.

/// Descriptors of families with series from several rooms.
public enum SharedFamilies {
    /// Filled from the network and from LATENCY HISTOGRAM.
    public static let commandDuration = Descriptor(
        .histogram, "redis_command_duration_seconds", labels: ["command", "source"],
        help: "Latency of each command, on the wire or as the server measures it (LATENCY HISTOGRAM).")

    /// Filled from the network and from pg_stat_statements.
    public static let databaseQueries = Descriptor(
        .counter, "database_queries_total", labels: ["type", "source", "port"],
        help:
            "Statements answered, on the wire by what they did (the tag of CommandComplete), or as the server counts them "
            + "by first keyword (pg_stat_statements calls), all databases together; Sidelong's own are left out.")
}
