// What a Postgres or a PgBouncer answers, and what an operator writes to say where it is.

let targets: [String: @Sendable (inout FuzzInput) -> Void] = [
    "Rows": fuzzRows, "ServerErrors": fuzzServerErrors, "ConnectionStrings": fuzzConnectionStrings,
    "Servers": fuzzServers,
]
