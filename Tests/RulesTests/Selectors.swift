/// What a PromQL expression asks for: the names of its series, each with the labels that it matches on.
///
/// A scan, not a parser: promtool has parsed the expression before.
struct Selectors {
    struct Selector {
        let metric: String
        let labels: [String]
    }

    private(set) var all: [Selector] = []

    /// Words that stand before a list of labels in parentheses.
    private static let listing: Set = ["by", "without", "on", "ignoring", "group_left", "group_right"]
    private static let operators: Set = ["and", "or", "unless", "bool", "offset"]

    init(_ expression: String) {
        var rest = Substring(expression)
        while let character = rest.first {
            if character == "\"" {
                rest = rest.dropFirst().drop { $0 != "\"" }.dropFirst()
            } else if character == "[" {
                rest = rest.drop { $0 != "]" }
            } else if character.isNumber {
                rest = rest.drop { $0.isNumber || $0.isLetter || $0 == "." }
            } else if character.isLetter || character == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" }
                rest = rest.dropFirst(word.count)
                take(String(word), &rest)
            } else {
                rest = rest.dropFirst()
            }
        }
    }

    private mutating func take(_ word: String, _ rest: inout Substring) {
        let following = rest.drop { $0 == " " }
        if Self.listing.contains(word) {
            rest = following.drop { $0 != ")" }
        } else if following.first == "{" {
            let matchers = Self.upToBrace(following.dropFirst())
            rest = following.dropFirst(matchers.count + 2)
            all.append(Selector(metric: word, labels: Self.labels(in: matchers)))
        } else if !Self.isCall(following) && !Self.operators.contains(word) {
            all.append(Selector(metric: word, labels: []))
        }
    }

    /// The matchers of a selector, whose values may have braces of their own.
    private static func upToBrace(_ text: Substring) -> Substring {
        var isQuoted = false
        return text.prefix { character in
            if character == "\"" { isQuoted.toggle() }
            return isQuoted || character != "}"
        }
    }

    /// Whether a word is a function or an aggregation: `rate(`, `sum without (`.
    private static func isCall(_ following: Substring) -> Bool {
        ["(", "by (", "without ("].contains { following.hasPrefix($0) }
    }

    /// The words before `=` and `!=`.
    private static func labels(in matchers: Substring) -> [String] {
        var labels: [String] = []
        var rest = matchers
        while let quote = rest.firstIndex(of: "\"") {
            let word = rest[..<quote].filter { $0.isLetter || $0.isNumber || $0 == "_" }
            labels.append(word)
            rest = rest[quote...].dropFirst().drop { $0 != "\"" }.dropFirst()
        }
        return labels
    }
}
