// The figures of one port at one moment, to be scraped or printed.

public import Metrics

/// What had been counted of the traffic with a port of Postgres or PgBouncer when the snapshot was taken.
///
/// A value: taking one is cheap, and turning it into samples is done where no packet waits.
public struct PostgresSnapshot: ProtocolSnapshot {
    let wire: WireSnapshot
    let counts: PostgresCounts
    let tables: [[UInt8]]
    /// The value of `port`; nil where there is one port only.
    public let port: String?

    init(_ books: borrowing PostgresBooks, port: String?) {
        wire = books.wireSnapshot(target: nil)
        counts = books.counts
        tables = books.tables.labels
        self.port = port
    }

    private var portLabel: String { port ?? "" }
    private var buckets: Buckets { counts.scale.buckets }

    /// The samples of the families that only Postgres has.
    public var samples: Samples {
        var samples = Samples(bounded: false)
        addFamilies(to: &samples)
        return samples
    }

    /// Statements seen and not measured, by reason.
    public var unmeasured: [(reason: String, count: UInt64)] { wire.unmeasured }

    func addFamilies(to samples: inout Samples) {
        addTypes(to: &samples)
        addTables(to: &samples)
        addSessions(to: &samples)
        addTransactions(to: &samples)
        addErrors(to: &samples)
        samples.add(PostgresTrafficFamilies.inFlight, Double(counts.inFlight), portLabel)
        samples.add(PostgresTrafficFamilies.preparedExecutions, Double(counts.knownExecutions), "known", portLabel)
        samples.add(
            PostgresTrafficFamilies.preparedExecutions, Double(counts.unknownExecutions), "unknown", portLabel)
    }

    private func addTypes(to samples: inout Samples) {
        for type in StatementType.allCases {
            let value = counts.types.value(Int(type.rawValue), buckets)
            samples.add(PostgresTrafficFamilies.queries, Double(value.count), type.label, "wire", portLabel)
            if type.hasRows {
                let rows = counts.rows[Int(type.rawValue)]
                samples.add(PostgresTrafficFamilies.rows, Double(rows), type.label, portLabel)
            }
            add(PostgresTrafficFamilies.queryDuration, [type.label], value, to: &samples)
        }
    }

    private func addTables(to samples: inout Samples) {
        for (row, pair) in counts.tables.pairs.enumerated() {
            guard let pair else { continue }
            let labels = [String(printable: tables[pair.slot]), pair.type.label]
            add(
                PostgresTrafficFamilies.tableQueryDuration, labels, counts.tables.histograms.value(row, buckets),
                to: &samples)
        }
        let rest = counts.tables.histograms.value(TableRows.rest, buckets)
        add(PostgresTrafficFamilies.tableQueryDuration, ["other", "other"], rest, to: &samples)
    }

    private func addSessions(to samples: inout Samples) {
        for (row, name) in counts.sessions.names.enumerated() {
            let labels = [String(printable: name.database), String(printable: name.user)]
            add(
                PostgresTrafficFamilies.userQueryDuration, labels, counts.sessions.histograms.value(row, buckets),
                to: &samples)
        }
        samples.add(PostgresTrafficFamilies.logins, Double(counts.logins), portLabel)
        samples.add(PostgresTrafficFamilies.cancels, Double(counts.cancels), portLabel)
        samples.add(PostgresTrafficFamilies.replicationSessions, Double(counts.replicationSessions), portLabel)
    }

    private func addTransactions(to samples: inout Samples) {
        samples.add(PostgresTrafficFamilies.transactions, Double(counts.committed), "committed", portLabel)
        samples.add(PostgresTrafficFamilies.transactions, Double(counts.rolledBack), "rolled_back", portLabel)
        for (descriptor, rows) in [
            (PostgresTrafficFamilies.transactionDuration, counts.transactions),
            (PostgresTrafficFamilies.idleInTransaction, counts.idle),
        ] {
            samples.add(descriptor, Sample(labels: [portLabel], value: .histogram(rows.value(0, buckets))))
        }
    }

    private func addErrors(to samples: inout Samples) {
        for (row, count) in counts.errors.counts {
            samples.add(
                PostgresTrafficFamilies.queryErrors, Double(count), row.type.label, row.code?.text ?? "other", portLabel
            )
        }
        for (descriptor, rows) in [
            (PostgresTrafficFamilies.loginFailures, counts.loginFailures),
            (PostgresTrafficFamilies.sessionErrors, counts.sessionErrors),
        ] {
            for (row, count) in rows.counts {
                samples.add(descriptor, Double(count), row.code?.text ?? "other", portLabel)
            }
        }
    }

    /// Adds a histogram that has observations.
    private func add(
        _ descriptor: Descriptor, _ labels: [String], _ value: HistogramValue, to samples: inout Samples
    ) {
        guard value.count > 0 else { return }
        samples.add(descriptor, Sample(labels: labels + [portLabel], value: .histogram(value)))
    }
}
