// Any cells under any columns as the answer to every statement: the page that comes of them can be read. The text is
// the one of the recordings in Tests/Fixtures/postgres.

import Metrics

@testable import Postgres

func fuzzRows(_ input: inout FuzzInput) {
    let release = 90000 + Int(input.byte() % 12) * 10000
    let bytes = input.rest()
    let rows = rows(bytes)
    let options = StartupOptions(timeout: .seconds(5))
    let told = try? PostgresSession(from: rows, options: options)
    if let told { PageCheck.check(told.samples, madeFrom: bytes.count) }
    guard let session = told ?? session(release) else { return }
    let now = ContinuousClock.now
    for part in PostgresParts.builtIn() + customQueries() {
        _ = part.query(for: session)
        if part.followUp(to: rows, of: session, at: now) != nil { part.takeFollowUp(.success(rows), at: now) }
        PageCheck.check(part.samples(from: rows, of: session), madeFrom: bytes.count)
        _ = part.shortcoming(of: rows)
    }
    for part in PgBouncerTarget.queriedParts {
        _ = part.commands(for: PgBouncerVersion(rows.first?.label("version") ?? ""))
        PageCheck.check(part.samples(from: [rows, rows, rows]), madeFrom: bytes.count)
    }
}

extension Rows {
    /// Adds a row.
    fileprivate mutating func append(_ cells: [String?]) {
        for cell in cells {
            if let cell { append(cell.utf8Span.span) } else { append(nil) }
        }
    }
}

/// Tabs between cells, `\N` for NULL, the columns' names first; short lines are filled up.
private func rows(_ bytes: [UInt8]) -> Rows {
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map { line in
        line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
    var rows = Rows(columns: lines.first ?? [])
    for line in lines.dropFirst() {
        rows.append((0..<rows.columns.count).map { $0 < line.count && line[$0] != "\\N" ? line[$0] : nil })
    }
    return rows
}

/// A server of this release that lets us see everything.
private func session(_ release: Int) -> PostgresSession? {
    var row = Rows(columns: ["version_number", "reads_all_statistics", "lists_wal", "statements_schema"])
    row.append(["\(release)", "t", "t", "public"])
    return try? PostgresSession(from: row, options: nil)
}

/// A query of each usage, over columns of the recordings.
private func customQueries() -> [any PostgresPart] {
    func column(_ name: String, _ usage: String) -> QueryDocument.Entry {
        .init(
            key: name, line: 1, value: .map([.init(key: "usage", line: 1, value: .scalar(usage, line: 1))], line: 1))
    }
    let columns = [
        column("datname", "LABEL"), column("count", "COUNTER"), column("longest", "DURATION"),
        column("sizes", "HISTOGRAM"), column("setting", "GAUGE"),
    ]
    let fields: [QueryDocument.Entry] = [
        .init(key: "query", line: 1, value: .scalar("SELECT", line: 1)),
        .init(key: "metrics", line: 1, value: .map(columns, line: 1)),
    ]
    let document = QueryDocument.map([.init(key: "own", line: 1, value: .map(fields, line: 1))], line: 1)
    guard let queries = try? CustomQuery.read(document), let address = try? ConnectionString(parsing: "host=db") else {
        fatalError("the query is a good one")
    }
    let options = PostgresOptions(PostgresAccess(address))
    return queries.map { CustomQueryPart($0, options) }
}
