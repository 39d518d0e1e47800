import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

// The collector that CONTRIBUTING.md shows, word for word: what is written there compiles.

/// Transactions that were prepared and never ended. Takes no lock that anyone could wait for.
struct PostgresPrepared: PostgresPart {
    let name = "postgres_prepared"
    let pace = PostgresPace.relaxed
    static let count = Descriptor(.gauge, "pg_prepared_xacts", help: "Prepared transactions (pg_prepared_xacts).")
    let descriptors = [Self.count]

    func query(for session: PostgresSession) -> PostgresQuery {
        .ask("SELECT count(*) AS count FROM pg_catalog.pg_prepared_xacts")
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows { samples.add(Self.count, ifKnown: row.number("count")) }
        return samples
    }
}

/// A page that shows how to write a collector is of use while it is true.
@Suite struct ContributingTests {
    @Test func theExampleIsTheOneThatCompiles() throws {
        let here = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8)
        #expect(
            try Project.examples(in: "CONTRIBUTING.md").contains { $0.contains(": PostgresPart") && here.contains($0) })
    }
}
