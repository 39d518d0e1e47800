// A server may hold thousands of databases, of which an operator wants a few: `--postgres.databases=app*,!app_test`.

/// Which databases are looked at. What is left out is left out by the server, and costs it nothing.
public struct DatabaseFilter: Sendable, Equatable {
    private let included: [String]
    private let excluded: [String]

    /// Every database.
    public static let all = DatabaseFilter([])

    /// - Parameter patterns: names in which `*` stands for any run of characters; one that begins with `!` leaves
    ///   databases out. Without any other pattern all the rest are looked at.
    public init(_ patterns: [String]) {
        included = patterns.filter { !$0.hasPrefix("!") }
        excluded = patterns.filter { $0.hasPrefix("!") }.map { String($0.dropFirst()) }
    }

    /// With more databases than that, families with several series for each of them leave out those that are 0: what
    /// happens nowhere must not push out what happens.
    static let mostWithZeros = 500

    private var isEmpty: Bool { included.isEmpty && excluded.isEmpty }

    /// ` AND …` for an SQL condition on a database's name; empty where all databases are wanted. No name, which is that
    /// of what all databases share, always fits.
    func condition(on column: String) -> String {
        isEmpty ? "" : " AND (\(column) IS NULL OR (\(test(column))))"
    }

    /// The same for a database's object identifier.
    func condition(onID column: String) -> String {
        guard !isEmpty else { return "" }
        return " AND \(column) IN (SELECT f.oid FROM pg_catalog.pg_database AS f WHERE \(test("f.datname")))"
    }

    private func test(_ column: String) -> String {
        let wanted = included.map { "\(column) LIKE \(Self.likePattern($0))" }.joined(separator: " OR ")
        let unwanted = excluded.map { "\(column) NOT LIKE \(Self.likePattern($0))" }
        return ((wanted.isEmpty ? [] : ["(\(wanted))"]) + unwanted).joined(separator: " AND ")
    }

    /// A pattern as LIKE has it, in a literal that no setting of the session reads in another way.
    private static func likePattern(_ pattern: String) -> String {
        var text = ""
        for character in pattern {
            switch character {
            case "*": text += "%"
            // Escaped for LIKE, and the backslash once more for the literal.
            case "%", "_": text += "\\\\\(character)"
            case "\\": text += "\\\\\\\\"
            case "'": text += "''"
            default: text.append(character)
            }
        }
        return "E'\(text)'"
    }
}
