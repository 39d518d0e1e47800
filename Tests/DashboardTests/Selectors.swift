// Finds the series selectors of a PromQL expression that is known to be valid, so that rules about selectors can be
// tested.

/// One `name{matchers}` of an expression.
struct Selector: Equatable, Sendable {
    let name: String
    /// Empty where there are no braces.
    let matchers: String
    /// The range in brackets, if any.
    let range: String?
    /// The innermost function or aggregation around it.
    let function: String?

    /// The selectors of an expression, from left to right.
    static func all(in expression: String) -> [Selector] {
        var scanner = SelectorScanner(expression)
        return scanner.scan()
    }
}

private struct SelectorScanner {
    private static let aggregations: Set = [
        "sum", "min", "max", "avg", "count", "topk", "bottomk", "quantile", "stddev", "group", "count_values",
    ]
    private static let labelLists: Set = ["by", "without", "on", "ignoring"]
    private static let words: Set = ["and", "or", "unless", "bool", "offset", "group_left", "group_right"]

    private var rest: Substring
    private var calls: [String] = []
    /// The function or aggregation whose parenthesis comes next.
    private var callee = ""
    private var found: [Selector] = []

    init(_ expression: String) {
        rest = expression[...]
    }

    mutating func scan() -> [Selector] {
        while let first = rest.first {
            switch first {
            case "\"": _ = quoted()
            case "(":
                rest.removeFirst()
                calls.append(callee)
                callee = ""
            case ")":
                rest.removeFirst()
                _ = calls.popLast()
            case "{": add("")
            case _ where first.isLetter || first == "_" || first == ":": word()
            case _ where first.isNumber: rest = rest.drop { $0.isNumber || $0.isLetter || $0 == "." }
            default: rest.removeFirst()
            }
        }
        return found
    }

    private mutating func word() {
        let name = String(taking { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" })
        _ = taking(while: \.isWhitespace)
        if Self.labelLists.contains(name) {
            _ = taking { $0 != ")" }
            rest = rest.dropFirst()
        } else if Self.aggregations.contains(name) || rest.first == "(" {
            callee = name
        } else if !Self.words.contains(name) {
            add(name)
        }
    }

    private mutating func add(_ name: String) {
        let matchers = rest.first == "{" ? braces() : ""
        var range: String?
        if rest.first == "[" {
            rest.removeFirst()
            range = String(taking { $0 != "]" })
            rest = rest.dropFirst()
        }
        let function = calls.last { !$0.isEmpty }
        found.append(Selector(name: name, matchers: matchers, range: range, function: function))
    }

    /// What stands between braces; a brace in a quoted value does not end it.
    private mutating func braces() -> String {
        rest.removeFirst()
        var text = ""
        while let next = rest.first, next != "}" {
            if next == "\"" { text += quoted() } else { text.append(rest.removeFirst()) }
        }
        rest = rest.dropFirst()
        return text
    }

    private mutating func quoted() -> String {
        var text = String(rest.removeFirst())
        while let next = rest.popFirst() {
            text.append(next)
            if next == "\\", let escaped = rest.popFirst() { text.append(escaped) } else if next == "\"" { break }
        }
        return text
    }

    private mutating func taking(while condition: (Character) -> Bool) -> Substring {
        let taken = rest.prefix(while: condition)
        rest = rest[taken.endIndex...]
        return taken
    }
}
