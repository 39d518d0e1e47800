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

    /// How many bytes of a list are looked at, so that reading one stays cheap. Real lists have some 400.
    static let longestList = 4096

    /// The value of a parameter, the first if it stands twice.
    func parameter(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// The members of a list. A member that cannot be understood is left out; any text is fine.
    static func list(_ text: String) -> [WeightedMember] {
        pieces(of: Array(text.utf8.prefix(longestList))[...], at: UInt8(ascii: ",")).compactMap(WeightedMember.init)
    }

    private typealias Bytes = ArraySlice<UInt8>

    private init?(_ text: Bytes) {
        let pieces = Self.pieces(of: text, at: UInt8(ascii: ";"))
        let value = Self.trimmed(pieces[0])
        guard !value.isEmpty else { return nil }
        var parameters: [Parameter] = []
        var weight = 1000
        for piece in pieces.dropFirst() {
            guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = Self.lowercased(Self.trimmed(piece[..<equals]))
            let value = Self.unquoted(Self.trimmed(piece[(equals + 1)...]))
            if name == "q" {
                guard let known = Self.weight(value) else { return nil }
                weight = known
            } else {
                parameters.append(Parameter(name: name, value: String(decoding: value, as: UTF8.self)))
            }
        }
        self.value = Self.lowercased(value)
        self.parameters = parameters
        self.weight = weight
    }

    /// `0`, `1`, `0.75`: at most 1, in thousandths; further digits are dropped.
    private static func weight(_ text: Bytes) -> Int? {
        let zero = UInt8(ascii: "0")
        guard let whole = text.first, whole == zero || whole == zero + 1 else { return nil }
        let fraction = text.dropFirst()
        guard fraction.isEmpty || fraction.first == UInt8(ascii: ".") else { return nil }
        var thousandths = Int(whole - zero) * 1000
        var worth = 100
        for digit in fraction.dropFirst() {
            guard zero...zero + 9 ~= digit else { return nil }
            thousandths += Int(digit - zero) * worth
            worth /= 10
        }
        return min(1000, thousandths)
    }

    /// Cuts at a separator that is not inside quotes; one piece at least.
    private static func pieces(of text: Bytes, at separator: UInt8) -> [Bytes] {
        var pieces: [Bytes] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            switch text[index] {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = isQuoted
            case UInt8(ascii: "\""): isQuoted.toggle()
            case separator where !isQuoted:
                pieces.append(text[start..<index])
                start = index + 1
            default: break
            }
        }
        return pieces + [text[start...]]
    }

    private static func trimmed(_ text: Bytes) -> Bytes {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        guard let first = text.firstIndex(where: { !isBlank($0) }),
            let last = text.lastIndex(where: { !isBlank($0) })
        else { return [] }
        return text[first...last]
    }

    private static func unquoted(_ text: Bytes) -> Bytes {
        let quote = UInt8(ascii: "\"")
        return text.count > 1 && text.first == quote && text.last == quote ? text.dropFirst().dropLast() : text
    }

    private static func lowercased(_ text: Bytes) -> String {
        String(decoding: text, as: UTF8.self).lowercased()
    }
}
