// The families that tell how healthy a database and its pooler are, for the rules of the health page.
public import Metrics

extension PostgresTarget {
    /// Connections in use; absent where our role may not see them. No labels.
    public static let connectionsUsed = PostgresActivity.connectionsUsed
    /// Connections that ordinary roles can have. No labels.
    public static let connectionsUsable = PostgresSession.connectionsUsable
}

extension PgBouncerTarget {
    /// Clients that wait for a server connection. Labels `database`, `user`; the database `pgbouncer` is the console.
    public static let clientsWaiting = PgBouncerPools.clientsWaiting.descriptor
    /// How long the one that has waited longest has waited. Labels as above.
    public static let longestWait = PgBouncerPools.longestWait
    /// Server connections over pool size. Labels as above.
    public static let utilization = PgBouncerPools.utilization
}
