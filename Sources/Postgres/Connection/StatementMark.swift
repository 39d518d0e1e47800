// What we ask is work of the server like any other, and pg_stat_statements counts it. A mark in each text of ours tells
// it from the application's, even where both use one role.

/// The comment by which Sidelong's own statements are known.
enum StatementMark {
    private static let text = "/* sidelong */"

    /// The command with the mark behind its first word or bracket: what stands before that is not kept by Postgres 18,
    /// and what comes after a semicolon by none.
    static func put(in command: String) -> String {
        let start = beginning(of: command)
        let word = command[start...].prefix { $0.isLetter }
        let end = word.isEmpty ? command.index(start, offsetBy: 1, limitedBy: command.endIndex) : word.endIndex
        guard let end else { return command }
        return "\(command[..<end]) \(text)\(command[end...])"
    }

    /// An SQL expression: whether that text is a statement of ours.
    static func isIn(_ expression: String) -> String {
        "pg_catalog.strpos(\(expression), '\(text)') > 0"
    }

    /// Behind blanks and comments.
    private static func beginning(of command: String) -> String.Index {
        var rest = command[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                rest = behindComment(rest)
            } else {
                break
            }
        }
        return rest.startIndex
    }

    /// Comments of this kind may stand in one another.
    private static func behindComment(_ text: Substring) -> Substring {
        var rest = text
        var depth = 0
        repeat {
            if rest.hasPrefix("/*") {
                depth += 1
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("*/") {
                depth -= 1
                rest = rest.dropFirst(2)
            } else {
                rest = rest.dropFirst()
            }
        } while depth > 0 && !rest.isEmpty
        return rest
    }
}
