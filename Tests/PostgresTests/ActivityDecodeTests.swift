import Metrics
import Testing

@testable import Postgres

/// Rows of pg_stat_activity as series.
@Suite struct PostgresActivityDecodeTests {
    @Test func activityHasEveryStateOfEveryDatabaseAndCountsConnections() throws {
        let samples = PostgresActivity().samples(from: try fixture("activity-15"), of: session())
        #expect(samples.value("pg_stat_activity_count", "postgres", "active", "client backend", "Timeout") == 1)
        #expect(samples.value("pg_stat_activity_count", "postgres", "idle", "client backend", "Client") == 1)
        #expect(samples.value("pg_stat_activity_count", "postgres", "idle in transaction", "", "") == 0)
        #expect(
            samples.value("pg_stat_activity_max_tx_duration", "postgres", "active", "client backend", "Timeout")
                == 1.255927)
        #expect(samples.value("pg_stat_activity_max_tx_duration", "postgres", "idle in transaction", "", "") == 0)
        #expect(
            samples.value("pg_stat_activity_max_state_age_seconds", "postgres", "idle", "client backend", "Client")
                == 2571.095824)
        #expect(
            samples.value("pg_stat_activity_max_state_age_seconds", "postgres", "idle in transaction", "", "") == nil)
        #expect(samples.value("pg_stat_activity_backends", "walsender") == 1)
        #expect(samples.sum("pg_stat_activity_count") == 2, "background processes are no backends of a database")
        #expect(samples.first(PostgresActivity.connectionsUsed) == 3, "two clients and our own")
        let old = PostgresActivity().samples(from: try fixture("activity-15"), of: session(110000))
        #expect(old.first(PostgresActivity.connectionsUsed) == 4, "a replication connection counted up to 11")
    }

    private static let header =
        "datname\tbackend_type\tstate\twait_event_type\tcount\tlongest_transaction\tlongest_state\n"

    @Test func aDatabaseWithoutSessionsStillHasItsStates() {
        let samples = PostgresActivity().samples(
            from: rows(Self.header + "app\t\\N\t\\N\t\\N\t0\t\\N\t\\N\n"), of: session())
        #expect(samples[PostgresActivity.count].count == 6)
        #expect(samples.sum("pg_stat_activity_count") == 0)
    }

    /// A family whose series stand elsewhere than before is merged, sorted and written anew.
    @Test func twoPollsBringTheirSeriesInTheSameOrder() {
        let sessions = (0..<8).map { "base\($0)\tkind \($0)\tidle\tClient\t1\t\\N\t1\n" }.joined()
        let orders = Set(
            (0..<20).map { _ in
                PostgresActivity().samples(from: rows(Self.header + sessions), of: session()).families
                    .map { $0.samples.map(\.labels) }
            })
        #expect(orders.count == 1)
    }
}
