import Metrics
import TestKit
import Testing

@testable import Traffic

@Suite struct SQLRecordingTests {
    @Test func everyDriverIsRecorded() {
        let names = Set(SQLRecording.all.map(\.name))
        for driver in ["psycopg2", "psycopg", "asyncpg", "pg8000", "sqlalchemy", "jdbc", "pgx", "libpq", "pgbench"] {
            #expect(names.isSuperset(of: ["\(driver)-15", "\(driver)-18"]), "\(driver)")
        }
        for mode in ["session", "transaction", "statement"] { #expect(names.contains("psycopg-18-\(mode)")) }
        for driver in ["jdbc", "asyncpg", "pgx", "pgbench"] { #expect(names.contains("\(driver)-18-transaction")) }
    }

    /// Executed without an error, by type.
    private func succeeded(_ figures: SQLFigures, _ truth: SQLRecording.Truth) -> [String: Int] {
        figures.errors.reduce(into: figures.queries.merging(truth.client.refused ?? [:], uniquingKeysWith: +)) {
            $0[String($1.key.split(separator: " ")[0]), default: 0] -= $1.value
        }
    }

    /// What pg_stat_statements counts as often as it runs.
    private static let exact = ["select", "insert", "update", "delete", "merge", "copy"]

    @Test(arguments: SQLRecording.all)
    func countsAreThoseOfTheServerAndTheClient(recording: SQLRecording) throws {
        let truth = try recording.truth()
        for port in truth.ports {
            let figures = try recording.figures(ofPort: port)
            let succeeded = succeeded(figures, truth)
            for type in Self.exact {
                #expect(succeeded[type] ?? 0 == truth.server[type] ?? 0, "\(type) on \(port)")
                #expect(succeeded[type] ?? 0 >= truth.client.executed[type] ?? 0, "\(type) of the client's")
            }
            #expect(succeeded["fetch"] ?? 0 == truth.client.executed["fetch"] ?? 0)
            // Of a prepared BEGIN or COMMIT the server counts the first execution only.
            #expect(succeeded["transaction"] ?? 0 >= truth.server["transaction"] ?? 0)
            #expect(figures.errors == truth.client.errors)
            #expect(figures.transactions["committed"] ?? 0 == truth.client.committed)
            #expect(figures.transactions["rolled_back"] ?? 0 == truth.client.rolledBack)
            #expect(figures.unmeasured["skipped_after_error"] ?? 0 == truth.client.skipped)
            #expect(figures.unmeasured.filter { $0.key != "skipped_after_error" }.isEmpty, "\(figures.unmeasured)")
            #expect(figures.resyncs.isEmpty && figures.inFlight == 0, "\(figures.resyncs)")
        }
    }

    /// Each statement of a table that only timed ones work on takes as long as its client has waited, or a little less.
    @Test(arguments: SQLRecording.all)
    func durationsAreThoseOfTheClient(recording: SQLRecording) throws {
        let truth = try recording.truth()
        for port in truth.ports {
            let figures = try recording.figures(ofPort: port)
            let buckets = figures.buckets(ofTable: "timed")
            let bounds = Buckets.latency.bounds
            let clients = truth.client.times.sorted().map { time in bounds.firstIndex { time <= $0 } ?? bounds.count }
            #expect(!clients.isEmpty && buckets.count == clients.count)
            for (wire, client) in zip(buckets, clients) { #expect(abs(wire - client) <= 1) }
        }
    }

    /// What a segment of the loopback has at most is kept of each packet.
    @Test(arguments: SQLRecording.all)
    func nothingIsLostWithWhatIsKeptOfPackets(recording: SQLRecording) throws {
        let truth = try recording.truth()
        for port in truth.ports {
            let (whole, cut) = (
                try recording.figures(ofPort: port), try recording.figures(ofPort: port, snapLength: 8_500)
            )
            #expect(cut.queries == whole.queries && cut.errors == whole.errors && cut.inFlight == 0)
        }
    }

    /// A capture that starts late, loses packets or cuts them short counts no statement twice and none that there was
    /// not.
    @Test(arguments: SQLRecording.all)
    func lossesMakeNothingUp(recording: SQLRecording) throws {
        let truth = try recording.truth()
        for port in truth.ports {
            let whole = try recording.figures(ofPort: port)
            for loss in 0..<3 {
                let figures = try recording.figures(ofPort: port, snapLength: loss % 3 == 0 ? 300 : .max) {
                    loss % 2 == 0 ? $0 > loss * 7 : ($0 &* 2_654_435_761 >> 7 + loss) % 19 != 0
                }
                // What a cut answer was is told by its text, so types may differ.
                let (seen, all) = (figures.queries.values.reduce(0, +), whole.queries.values.reduce(0, +))
                #expect(seen <= all, "loss \(loss)")
                #expect(figures.inFlight == 0)
            }
        }
    }

    /// Nothing of a text, a parameter or the data of a COPY is on the page.
    @Test(arguments: SQLRecording.all)
    func nothingOfAStatementIsShown(recording: SQLRecording) throws {
        for port in try recording.truth().ports {
            let page = try recording.figures(ofPort: port).page
            #expect(!page.contains("planted") && page.contains(#"table="timed""#))
        }
    }
}
