// What an operator switches off about Postgres: parts by name, and parts of which no family is wanted.

/// Which parts are not asked, because their families are not wanted.
public struct PostgresExclusions: Sendable {
    private let parts: Set<String>
    private let isFamilyExcluded: @Sendable (String) -> Bool

    public static let none = PostgresExclusions(parts: []) { _ in false }

    /// - Parameters:
    ///   - parts: names out of ``PostgresParts/names``.
    ///   - isFamilyExcluded: whether a family is left off the page; a part all of whose families are is not asked.
    public init(parts: Set<String>, isFamilyExcluded: @escaping @Sendable (String) -> Bool) {
        self.parts = parts
        self.isFamilyExcluded = isFamilyExcluded
    }

    func leaveOut(_ part: any PostgresPart) -> Bool {
        parts.contains(part.shortName) || part.familyNames.allSatisfy(isFamilyExcluded)
    }
}

extension PostgresPart {
    /// What the part is called in `--postgres.exclude`.
    var shortName: String { String(name.dropFirst("postgres_".count)) }
}
