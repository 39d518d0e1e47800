// PgBouncer's console answers SHOW commands, one at a time, from its own memory. None of those asked here costs more
// than a walk over its pools, or now and then its clients, and none touches Postgres.
import Metrics

/// One or two SHOW commands about one subject.
protocol PgBouncerPart: Sendable {
    /// The name in `collector="…"`.
    var name: String { get }
    var descriptors: [Descriptor] { get }

    /// The commands for a release; none where it does not know the subject.
    func commands(for version: PgBouncerVersion) -> [String]

    /// Asked less often than with every poll, because it costs more than a walk over pools.
    var isRelaxed: Bool { get }

    /// How one of the commands is sent, and what of its answer is kept.
    func statement(for command: String) -> Statement

    /// Reads the commands' rows, in their order. Pure; a missing column costs its own series only.
    func samples(from answers: [Rows]) -> Samples
}

extension PgBouncerPart {
    var isRelaxed: Bool { false }

    func statement(for command: String) -> Statement { Statement(command) }
}

/// A release of PgBouncer, which decides what its console knows.
struct PgBouncerVersion: Sendable, Equatable, Comparable {
    /// `PgBouncer 1.18.0`, as SHOW VERSION has it.
    let text: String
    private let numbers: [Int]

    /// - Parameter text: a release such as `PgBouncer 1.18.0`. One that cannot be read counts as the oldest.
    init(_ text: String) {
        self.text = text
        let last = text.split(separator: " ").last ?? ""
        numbers = last.split(separator: ".").map { part in Int(part.prefix { $0.isNumber }) ?? 0 }
    }

    static func < (left: PgBouncerVersion, right: PgBouncerVersion) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }

    static let withState = PgBouncerVersion("1.19")
    static let withUserPools = PgBouncerVersion("1.23")
}
