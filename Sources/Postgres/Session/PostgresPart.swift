// Everything that is asked of a Postgres server is a part: one statement, its families, and a way to read its rows. A
// part fails alone, and slow ones have a slower timer.
import Metrics

/// One statement about one subject.
///
/// A statement reads catalogs, statistics views and functions only, never a user's table, so that nobody's DDL can hold
/// it up. What it costs and which lock it takes stands with each part.
protocol PostgresPart: Sendable {
    /// The name in `collector="…"`.
    var name: String { get }
    var pace: PostgresPace { get }
    var descriptors: [Descriptor] { get }

    /// What to ask this server for, considering its release, its role and our privileges.
    func query(for session: PostgresSession) -> PostgresQuery

    /// The families by which `--metrics.exclude` tells whether any of the part is wanted; where names come from the
    /// server, the beginning that they share.
    var familyNames: [String] { get }

    /// What the rows leave open and one more statement in the same poll can tell; nil for nearly all parts.
    func followUp(to rows: Rows, of session: PostgresSession, at now: ContinuousClock.Instant) -> Statement?

    /// Takes the answer to the follow-up, at the same instant, before the samples are read.
    func takeFollowUp(_ result: Result<Rows, CollectorFailure>, at now: ContinuousClock.Instant)

    /// Reads the statement's rows. Pure; a NULL or a missing column costs the series concerned and nothing else.
    func samples(from rows: Rows, of session: PostgresSession) -> Samples

    /// What is wrong with an answer although its samples stand; nil when nothing is.
    func shortcoming(of rows: Rows) -> CollectorFailure?
}

extension PostgresPart {
    var familyNames: [String] { descriptors.map(\.name) }

    func followUp(to rows: Rows, of session: PostgresSession, at now: ContinuousClock.Instant) -> Statement? { nil }

    func takeFollowUp(_ result: Result<Rows, CollectorFailure>, at now: ContinuousClock.Instant) {}

    func shortcoming(of rows: Rows) -> CollectorFailure? { nil }
}

/// How often a part is asked.
enum PostgresPace: Sendable, Equatable {
    case everyPoll
    /// Dearer than a look into shared memory.
    case relaxed
    /// Walks the disk, or hardly ever changes.
    case slow
    case every(Duration)
}

/// What a part wants to know.
enum PostgresQuery: Sendable, Equatable {
    case ask(Statement)
    /// This server has nothing of the kind.
    case nothing
    /// Our role would see a wrong picture.
    case denied(CollectorFailure)

    static func ask(_ text: String) -> PostgresQuery { .ask(Statement(text)) }
}

/// A column that becomes one family.
struct ColumnMetric: Sendable {
    let column: String
    let descriptor: Descriptor
    /// What one unit of the column is worth in the family's.
    let scale: Double

    init(
        _ column: String, _ kind: Descriptor.Kind, _ name: String, labels: [String] = [], scale: Double = 1,
        help: String
    ) {
        self.column = column
        self.descriptor = Descriptor(kind, name, labels: labels, help: help)
        self.scale = scale
    }
}

extension Samples {
    /// Adds one row's value for each metric whose column is there and not NULL.
    mutating func add(_ metrics: [ColumnMetric], from row: Rows.Row, labels: [String] = []) {
        for metric in metrics {
            guard let value = row.number(metric.column) else { continue }
            add(metric.descriptor, Sample(labels: labels, value: .number(value * metric.scale)))
        }
    }
}
