// What we ask is work of the server like any other, and pg_stat_statements counts it. A mark in each text of ours tells
// it from the application's, even where both use one role.

/// The comment by which Sidelong's own statements are known.
enum StatementMark {
    private static let text = "/* sidelong */"

    /// The command with the mark behind its first word or bracket: what stands before that is not kept by Postgres 18,
    /// and what comes after a semicolon by none.
    static func put(in command: String) -> String {
        let rest = behindComments(command.utf8[...])
        guard !rest.isEmpty else { return command }
        let word = rest.prefix(while: isOfWord)
        let end = word.isEmpty ? rest.index(after: rest.startIndex) : word.endIndex
        return "\(command[..<end]) \(text)\(command[end...])"
    }

    /// An SQL expression: whether that text is a statement of ours.
    static func isIn(_ expression: String) -> String {
        "pg_catalog.strpos(\(expression), '\(text)') > 0"
    }

    private typealias Bytes = Substring.UTF8View

    /// As Postgres reads words, all characters beyond ASCII are letters.
    private static func isOfWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Behind blanks and comments.
    private static func behindComments(_ command: Bytes) -> Bytes {
        var rest = command
        while let first = rest.first {
            if " \t\n\r\u{b}\u{c}".utf8.contains(first) {
                rest.removeFirst()
            } else if rest.starts(with: "--".utf8) {
                rest = rest.drop { !"\n\r".utf8.contains($0) }
            } else if rest.starts(with: "/*".utf8) {
                rest = behindComment(rest)
            } else {
                break
            }
        }
        return rest
    }

    /// Comments of this kind may stand in one another.
    private static func behindComment(_ command: Bytes) -> Bytes {
        var rest = command
        var depth = 0
        repeat {
            if rest.starts(with: "/*".utf8) {
                depth += 1
                rest = rest.dropFirst(2)
            } else if rest.starts(with: "*/".utf8) {
                depth -= 1
                rest = rest.dropFirst(2)
            } else {
                rest = rest.dropFirst()
            }
        } while depth > 0 && !rest.isEmpty
        return rest
    }
}
