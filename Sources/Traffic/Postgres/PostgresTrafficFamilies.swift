// The families that come from the wire of Postgres and PgBouncer. Their names and labels are part of Sidelong's
// contract.

public import Metrics

/// The descriptors of what is read off the database's wire. `port` is there where several ports are read.
public enum PostgresTrafficFamilies {
    public static let queries = SharedFamilies.databaseQueries
    public static let queryDuration = Descriptor(
        .histogram, "database_query_duration_seconds", labels: ["type", "port"],
        help: "Latency per type of statement: from the message that the server can start on to the packet with its "
            + "CommandComplete or error, as seen on the network.")
    public static let queryErrors = Descriptor(
        .counter, "database_query_errors_total", labels: ["type", "sqlstate", "port"],
        help: "Statements answered with an error, by type and SQLSTATE, as seen on the network.")
    public static let tableQueryDuration = Descriptor(
        .histogram, "database_table_query_duration_seconds", labels: ["table", "type", "port"],
        help: "Latency per table, the first one that a statement works on, and type, as seen on the network.")
    public static let userQueryDuration = Descriptor(
        .histogram, "database_user_query_duration_seconds", labels: ["database", "user", "port"],
        help: "Latency per database and user, as seen on the network.")
    public static let rows = Descriptor(
        .counter, "database_rows_total", labels: ["type", "port"],
        help: "Rows returned or changed, by the tags of CommandComplete, as seen on the network.")
    public static let transactions = Descriptor(
        .counter, "database_transactions_total", labels: ["outcome", "port"],
        help: "Explicit transactions that have ended, as seen on the network.")
    public static let transactionDuration = Descriptor(
        .histogram, "database_transaction_duration_seconds", labels: ["port"],
        help: "Time from the first statement of an explicit transaction to its end, as seen on the network.")
    public static let idleInTransaction = Descriptor(
        .histogram, "database_idle_in_transaction_seconds", labels: ["port"],
        help: "Time from an answer within a transaction to the client's next message, as seen on the network.")
    public static let inFlight = Descriptor(
        .gauge, "database_queries_in_flight", labels: ["port"],
        help: "Statements sent and not answered yet, as seen on the network.")
    public static let logins = Descriptor(
        .counter, "database_logins_total", labels: ["port"],
        help: "Sessions that got in, as seen on the network.")
    public static let loginFailures = Descriptor(
        .counter, "database_login_failures_total", labels: ["sqlstate", "port"],
        help: "Sessions that were refused, by SQLSTATE, as seen on the network.")
    public static let cancels = Descriptor(
        .counter, "database_query_cancels_total", labels: ["port"],
        help: "Requests to cancel a statement, as seen on the network.")
    public static let sessionErrors = Descriptor(
        .counter, "database_session_errors_total", labels: ["sqlstate", "port"],
        help: "Errors that a server sent while no statement was under way, most of which end a session, by SQLSTATE.")
    public static let replicationSessions = Descriptor(
        .counter, "database_replication_sessions_total", labels: ["port"],
        help: "Sessions of replicas and other readers of the log, which are not read.")
    public static let preparedExecutions = Descriptor(
        .counter, "database_prepared_executions_total", labels: ["statement", "port"],
        help: "Executions of named prepared statements; unknown: prepared before the capture began.")

    /// All of them, in the order of the documentation.
    public static let all: [Descriptor] = [
        queries, queryDuration, queryErrors, tableQueryDuration, userQueryDuration, rows, transactions,
        transactionDuration, idleInTransaction, inFlight, logins, loginFailures, cancels, sessionErrors,
        replicationSessions, preparedExecutions,
    ]
}
