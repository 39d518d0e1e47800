// Header fields that are lists with weights, such as `Accept: text/plain;version=0.0.4;q=0.5, */*;q=0.1`.

/// One member of a weighted list (RFC 9110 section 12.4.2).
struct WeightedMember: Equatable {
    /// In lower case, without parameters.
    let value: String
    /// Names in lower case, values without quotes, in order; the weight is not among them.
    let parameters: [Parameter]
    /// The `q` value in thousandths, 0 to 1000.
    let weight: Int

    struct Parameter: Equatable {
        let name: String
        let value: String
    }

    /// The value of a parameter, the first if it stands twice.
    func parameter(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// The members of a list. A member that cannot be understood is left out; any text is fine.
    static func list(_ text: String) -> [WeightedMember] {
        pieces(of: text[...], at: ",").compactMap(WeightedMember.init)
    }

    private init?(_ text: Substring) {
        let pieces = Self.pieces(of: text, at: ";")
        guard let value = pieces.first.map(Self.trimmed), !value.isEmpty else { return nil }
        var parameters: [Parameter] = []
        var weight = 1000
        for piece in pieces.dropFirst() {
            let sides = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else { continue }
            let name = Self.trimmed(sides[0]).lowercased()
            let value = Self.unquoted(Self.trimmed(sides[1]))
            if name == "q" {
                guard let known = Self.weight(value) else { return nil }
                weight = known
            } else {
                parameters.append(Parameter(name: name, value: value))
            }
        }
        self.value = value.lowercased()
        self.parameters = parameters
        self.weight = weight
    }

    /// `0`, `1`, `0.75`: at most 1, in thousandths; further digits are dropped.
    private static func weight(_ text: String) -> Int? {
        let sides = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides[0] == "0" || sides[0] == "1" else { return nil }
        let digits = sides.count > 1 ? sides[1] : ""
        guard digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        let thousandths = Int(digits.prefix(3) + String(repeating: "0", count: max(0, 3 - digits.utf8.count))) ?? 0
        return min(1000, (sides[0] == "1" ? 1000 : 0) + thousandths)
    }

    /// Cuts at a separator that is not inside quotes.
    private static func pieces(of text: Substring, at separator: Character) -> [Substring] {
        var pieces: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            switch text[index] {
            case _ where isEscaped: isEscaped = false
            case "\\": isEscaped = isQuoted
            case "\"": isQuoted.toggle()
            case separator where !isQuoted:
                pieces.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        return pieces + [text[start...]]
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = text.firstIndex(where: { !isBlank($0) }),
            let last = text.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return text[first...last]
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count > 1, text.hasPrefix("\""), text.hasSuffix("\"") else { return String(text) }
        return String(text.dropFirst().dropLast())
    }
}
