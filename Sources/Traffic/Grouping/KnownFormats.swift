// Formats of a whole piece that rules about words would take apart.

/// Kombu, the messaging library of Celery, keeps a list for each priority of a queue: the queue's name, two control
/// characters, and the priority (kombu.transport.redis, `sep` and `priority_steps`).
enum Kombu {
    /// Where the queue's name ends; nil for anything else.
    static func queueEnd(_ piece: Span<UInt8>) -> Int? {
        guard piece.count > 3, let last = piece.indices.last, Digits.isDigit(piece[last]) else { return nil }
        let digits = Digits.isDigit(piece[last - 1]) ? 2 : 1
        let end = piece.count - digits - 2
        guard end > 0, piece[end] == 0x06, piece[end + 1] == 0x16 else { return nil }
        return end
    }
}

/// Hardware addresses with weak delimiters: `02-42-ac-11-00-02`, `0242.ac11.0002` (IEEE 802).
enum HardwareAddress {
    /// Whether the piece is six or eight pairs of hexadecimal digits, or three or four groups of four.
    static func isPairs(_ piece: Span<UInt8>, _ kinds: ByteKinds) -> Bool {
        switch piece.count {
        case 17, 23: isRow(piece, of: 2, kinds)
        case 14, 19: isRow(piece, of: 4, kinds)
        default: false
        }
    }

    private static func isRow(_ piece: Span<UInt8>, of width: Int, _ kinds: ByteKinds) -> Bool {
        piece.indices.allSatisfy { place in
            place % (width + 1) == width ? kinds[piece[place]] == .weak : kinds[piece[place]].isHexadecimal
        }
    }
}

/// Letters beyond ASCII. Everything else there, such as digits of other scripts, invisible and bidirectional marks, is
/// no part of a word.
enum ForeignLetters {
    /// Whether the bytes are UTF-8, and all characters beyond ASCII are letters or marks on letters.
    static func areLetters(_ bytes: Span<UInt8>) -> Bool {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        for place in bytes.indices { copy.append(bytes[place]) }
        guard let text = String(validating: copy, as: UTF8.self) else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            if scalar.isASCII { return true }
            return switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
                .spacingMark:
                true
            default: false
            }
        }
    }
}
