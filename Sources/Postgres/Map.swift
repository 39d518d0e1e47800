// The room of Postgres and PgBouncer: what to read first. Folders from the bottom up.
//
//   Connection    libpq behind deadlines: addresses, start-up options, transactions, statements, rows, errors
//   Queries       the queries file of postgres_exporter, read and checked
//   Session       what a session may see, and what a part is (PostgresPart); options, exclusions, when parts are asked
//   Server, Replication, Statements    the parts: one file, one statement, one subject
//   PgBouncer     its console, in parts of their own
//
//   PostgresTarget     a poll from its start to its end: connect, ask all parts in one round trip, take the answers
//   PostgresParts      the one list of parts
//   HealthInputs       the families that the health page looks at
//
// A further collector is a file beside the other parts and a line in PostgresParts; CONTRIBUTING.md has one whole.
//
// "Why is this family absent?": the part's `query(for:)`, which asks nothing where the release or a privilege is
// missing; PostgresSession has what is known of both. The owner of a database is not trusted: StartupOptions and
// TransactionOpening keep its settings out of our statements.
