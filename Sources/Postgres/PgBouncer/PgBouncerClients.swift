// PgBouncer's clients by database, user, the name that the program gives itself, and what they do.
import Metrics

/// Clients in groups (SHOW CLIENTS), as pgbouncer_exporter has them.
///
/// PgBouncer writes a line for each client, so this is asked less often than the rest.
struct PgBouncerClients: PgBouncerPart {
    let name = "pgbouncer_clients"
    let isRelaxed = true

    static let connections = Descriptor(
        .gauge, "pgbouncer_client_connections", labels: ["database", "user", "application_name", "state"],
        help: "Clients by what they call themselves and what they do; application names beyond the "
            + "\(mostApplications) most frequent are `other` (SHOW CLIENTS).")

    let descriptors = [connections]

    /// Programs may put anything into their names, such as a process number.
    private static let mostApplications = 50
    /// Clients that are read; more than PgBouncer can hold descriptors for.
    private static let mostClients = 100_000
    private static let columns = ["database", "user", "application_name", "state"]

    func commands(for version: PgBouncerVersion) -> [String] { ["SHOW CLIENTS"] }

    func statement(for command: String) -> Statement {
        var statement = Statement(command, rowLimit: Self.mostClients)
        statement.columns = Self.columns
        return statement
    }

    func samples(from answers: [Rows]) -> Samples {
        var samples = Samples()
        let clients = (answers.first ?? Rows(columns: [])).map { row in
            Self.columns.map { ForeignName(row.label($0)) }
        }
        let applications = Dictionary(clients.map { ($0[2], 1) }, uniquingKeysWith: +)
        let shown = Set(
            applications.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.mostApplications).map(\.key))
        let groups = Dictionary(
            clients.map { ([$0[0], $0[1], shown.contains($0[2]) ? $0[2] : ForeignName("other"), $0[3]], 1) },
            uniquingKeysWith: +)
        for (labels, count) in groups.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            samples.add(Self.connections, Sample(labels: labels.map(\.text), value: .number(Double(count))))
        }
        return samples
    }
}
