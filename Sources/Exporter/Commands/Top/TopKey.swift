// What a user types, as bytes from a terminal.

/// A key of the keyboard.
enum TopKey: Sendable, Equatable {
    case character(Character)
    case enter, escape, backspace, tab, backTab
    case up, down, pageUp, pageDown, home

    /// The keys in what was read at once. A terminal sends a key that is no character as an escape with more behind it;
    /// an escape with nothing behind it is the key of that name. What is not known is passed over.
    static func keys(in bytes: [UInt8]) -> [TopKey] {
        var keys: [TopKey] = []
        var rest = bytes[...]
        while let byte = rest.first {
            switch byte {
            case 0x1B: if let key = sequence(&rest) { keys.append(key) }
            case 0x0D, 0x0A: take(.enter, &keys, &rest)
            case 0x09: take(.tab, &keys, &rest)
            case 0x7F, 0x08: take(.backspace, &keys, &rest)
            case 0x20...: keys += characters(&rest).map(TopKey.character)
            default: rest.removeFirst()
            }
        }
        return keys
    }

    private static func take(_ key: TopKey, _ keys: inout [TopKey], _ rest: inout ArraySlice<UInt8>) {
        keys.append(key)
        rest.removeFirst()
    }

    private static func characters(_ rest: inout ArraySlice<UInt8>) -> [Character] {
        let run = rest.prefix { $0 >= 0x20 && $0 != 0x7F }
        rest = rest.dropFirst(run.count)
        return Array(String(decoding: run, as: UTF8.self))
    }

    /// ECMA-48: an escape, `[` or `O`, parameters, and a letter or a tilde that says which.
    private static func sequence(_ rest: inout ArraySlice<UInt8>) -> TopKey? {
        rest.removeFirst()
        guard let second = rest.first, second == UInt8(ascii: "[") || second == UInt8(ascii: "O") else {
            return .escape
        }
        rest.removeFirst()
        let parameters = rest.prefix { 0x20...0x3F ~= $0 }
        rest = rest.dropFirst(parameters.count)
        guard let last = rest.popFirst() else { return nil }
        switch (last, parameters.first) {
        case (UInt8(ascii: "A"), _): return .up
        case (UInt8(ascii: "B"), _): return .down
        case (UInt8(ascii: "H"), _): return .home
        case (UInt8(ascii: "Z"), _): return .backTab
        case (UInt8(ascii: "~"), UInt8(ascii: "5")): return .pageUp
        case (UInt8(ascii: "~"), UInt8(ascii: "6")): return .pageDown
        case (UInt8(ascii: "~"), UInt8(ascii: "1")): return .home
        default: return nil
        }
    }
}
