import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

extension Rows {
    /// Adds a row.
    mutating func append(_ cells: [String?]) {
        for cell in cells {
            if let cell { append(cell.utf8Span.span) } else { append(nil) }
        }
    }
}

/// Rows in the text form of COPY with a header: tabs between cells, `\N` for NULL.
func rows(_ text: String) -> Rows {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    if lines.last == [""] { lines.removeLast() }
    var rows = Rows(columns: lines.removeFirst())
    for line in lines { rows.append(line.map { $0 == "\\N" ? nil : $0 }) }
    return rows
}

/// Rows that a real server of the release in the name has given, or that have its columns where it cannot be had any
/// more (Postgres 10, PgBouncer 1.16).
func fixture(_ name: String) throws -> Rows {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/postgres/\(name).tsv")
    return rows(try String(contentsOf: file, encoding: .utf8))
}

/// A session of a superuser on a server of that release.
func session(_ version: Int = 150020, privileged: Bool = true, statements: Int? = 10) -> PostgresSession {
    let header = """
        version\tversion_number\trole\tis_replica\treads_all_statistics\tlists_wal\tstatement_timeout\tmaximum\t\
        reserved_for_superusers\treserved_for_roles\tstatements_schema\tstatements_version
        """
    let extensionCells = statements.map { "public\t1.\($0)" } ?? "\\N\t\\N"
    let flag = privileged ? "t" : "f"
    let cells = "PostgreSQL\t\(version)\tmonitor\tf\t\(flag)\t\(flag)\t4000\t100\t3\t\\N\t\(extensionCells)"
    do throws(CollectorFailure) {
        return try PostgresSession(from: rows("\(header)\n\(cells)"), options: StartupOptions(timeout: .seconds(5)))
    } catch {
        fatalError("\(error)")
    }
}

extension Samples {
    /// The value of the series with these label values, in the order of the family's labels.
    func value(_ family: String, _ labels: String...) -> Double? {
        guard let samples = families.first(where: { $0.descriptor.name == family })?.samples,
            case .number(let value)? = samples.first(where: { $0.labels == labels })?.value
        else { return nil }
        return value
    }

    /// The sum over all series of a family; nil when it is absent.
    func sum(_ family: String) -> Double? {
        guard let samples = families.first(where: { $0.descriptor.name == family })?.samples else { return nil }
        return samples.reduce(0) { sum, sample in
            if case .number(let value) = sample.value { sum + value } else { sum }
        }
    }

    var names: Set<String> { Set(families.filter { !$0.samples.isEmpty }.map(\.descriptor.name)) }
}

extension Collected {
    /// Why a part failed; nil when it did not.
    func failure(of part: String) -> CollectorFailure? { partFailures.first { $0.part == part }?.failure }
}

extension PostgresServer {
    /// A target on this server. Nothing has a slower timer unless the test wants one.
    func target(
        user: String = "postgres", passwordFile: String? = nil, port: Int? = nil, timeout: Duration = .seconds(10),
        queries: [CustomQuery] = [], parameters: String = "", slowInterval: Duration = .zero,
        databases: DatabaseFilter = .all, exclusions: PostgresExclusions = .none
    ) throws -> PostgresTarget {
        let address = "host=127.0.0.1 port=\(port ?? self.port) user=\(user) dbname=postgres \(parameters)"
        return PostgresTarget(
            PostgresOptions(
                PostgresAccess(
                    try ConnectionString(parsing: address), passwordFile: passwordFile, connectTimeout: .seconds(10)),
                timeout: timeout, relaxedInterval: .zero, slowInterval: slowInterval, queries: queries,
                databases: databases, exclusions: exclusions))
    }

    /// How many sessions of Sidelong the server has.
    func sidelongSessions() throws -> Int {
        Int(try sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sidelong'")) ?? -1
    }
}

extension PostgresTarget {
    /// Polls with plenty of time.
    func poll(within limit: Duration = .seconds(60)) async throws(CollectorFailure) -> Collected {
        try await collect(before: .after(limit))
    }
}

/// One custom query in the queries file's format.
func customQuery(_ text: String, name: String = "test", timeout: String? = nil) throws -> CustomQuery {
    let limit = timeout.map { "  timeout: \($0)\n" } ?? ""
    return try CustomQuery.read(
        SmallYAML.parse("\(name):\n  query: \(text)\n\(limit)  metrics:\n    - value:\n        usage: GAUGE\n"))[0]
}

/// Gives a suite one Postgres server of its own, which ends with the suite.
struct OnPostgres: SuiteTrait, TestScoping {
    @TaskLocal private static var current: PostgresServer?

    /// The suite's server.
    static var server: PostgresServer {
        get throws { try #require(current) }
    }

    let settings: [String: String]

    init(settings: [String: String] = [:]) {
        self.settings = settings
    }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let server = try await PostgresServer.start(settings: settings)
        try await Self.$current.withValue(server) { try await function() }
        server.stop()
    }
}

extension PostgresServer {
    /// Creates the role that docs/security.md has, under another name; the server lets it in once at a time.
    func createMonitor(_ name: String) throws {
        let page = try Project.text("docs/security.md")
        let block = try #require(page.components(separatedBy: "```sql\n").dropFirst().first)
        let statements = try #require(block.components(separatedBy: "```").first)
        // One test of a server at a time: CREATE EXTENSION IF NOT EXISTS is no protection from itself.
        try sql("SELECT pg_advisory_lock(1);" + statements.replacingOccurrences(of: "sidelong", with: name))
        try sql("ALTER ROLE \(name) CONNECTION LIMIT 1")
    }

    /// Sessions of a role as the server's log has them: how many there were, and how many at once at most.
    func sessions(of role: String) -> (total: Int, most: Int) {
        var (total, most) = (0, 0)
        var open: Set<Substring> = []
        for line in log.split(separator: "\n") {
            let process = line.prefix { $0 != " " }
            if line.contains("connection authorized: user=\(role) ") {
                open.insert(process)
                total += 1
            }
            if line.contains("disconnection: "), line.contains("user=\(role) ") { open.remove(process) }
            most = max(most, open.count)
        }
        return (total, most)
    }
}
