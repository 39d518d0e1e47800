// People put settings of their own into a connection string: `options=-c search_path=app`. Ours are sent behind them
// and win; what remains of theirs is where their own queries look for tables, and limits tighter than ours.

/// The text of libpq's `options` keyword, read as the server reads it (`pg_split_opts` in postinit.c).
struct OptionsText: Sendable, Equatable {
    let text: String
    /// The settings in it, names in lower case; the last one of a name counts.
    let settings: [String: String]

    init(_ text: String) {
        self.text = text
        var settings: [String: String] = [:]
        var words = Self.words(of: text)[...]
        while let word = words.popFirst() {
            var assignment = word
            if word == "-c" {
                assignment = words.popFirst() ?? ""
            } else if word.hasPrefix("--") || word.hasPrefix("-c") {
                assignment = String(word.dropFirst(2))
            } else {
                continue
            }
            guard let equals = assignment.firstIndex(of: "=") else { continue }
            // The server takes a dash for an underscore.
            let name = String(assignment[..<equals].lowercased().map { $0 == "-" ? "_" : $0 })
            settings[name] = String(assignment[assignment.index(after: equals)...])
        }
        self.settings = settings
    }

    /// The `search_path` in it, as SQL writes it; nil without.
    var searchPath: String? { settings["search_path"] }

    /// A time limit in it; nil without, and where it is 0, which is none.
    func limit(_ name: String) -> Duration? { settings[name].flatMap(Self.duration) }

    /// A time as the server reads and shows it, in milliseconds where there is no unit; nil for 0 and for other texts.
    static func duration(_ value: String) -> Duration? {
        let digits = value.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let units: [String: Double] = [
            "": 1, "us": 0.001, "ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000,
        ]
        let unit = String(value.dropFirst(digits.count).filter { $0 != " " })
        guard let number = Double(digits), let scale = units[unit], number > 0, number * scale < 1e12 else {
            return nil
        }
        return .milliseconds(max(1, Int64((number * scale).rounded())))
    }

    /// A value as it has to stand in such a text.
    static func escaped(_ value: String) -> String {
        value.map { $0 == " " || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
    }

    /// White space separates words; a backslash keeps the character behind it.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isEscaped = false
        for character in text {
            switch character {
            case _ where isEscaped:
                word = (word ?? "") + String(character)
                isEscaped = false
            case "\\":
                isEscaped = true
            case _ where character.isWhitespace:
                if let finished = word { words.append(finished) }
                word = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}
