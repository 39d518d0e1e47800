// `wishlist` is a word and `qxvkbjwz` is none. Where a run of letters is long enough, the pairs of neighbouring letters
// tell: random letters hardly ever keep to the pairs that languages use.

/// How common each pair of letters is, and what follows for a run of them.
enum LetterPairs {
    /// From 0 (never) to 9 (very common): row by first letter, column by second. Base-2 logarithms of frequencies,
    /// times 0.75, plus 7. They are of Debian's word lists of English (three times the weight), German, French,
    /// Spanish, Italian, Portuguese, Dutch, Polish and Swedish, and of some 500 words of key names.
    private static let rows: [StaticString] = [
        "68895785867989485999886566",
        "86448235753734720765733053",
        "91748419848742913768710366",
        "85469354844655854774744455",
        "87887786867999675999776767",
        "73247742824722720756723043",
        "84149366733766731875733043",
        "84238332823655854657714052",
        "87889783467889975899674517",
        "62447321505345630153634003",
        "74338334735645740676654042",
        "95579555946865952577753374",
        "87449553813575884465733152",
        "96899796957657855599664476",
        "77876675757889774988878566",
        "83648436834834870877724042",
        "40000000100400000000700000",
        "97789675947678965788765276",
        "86849657847776885599766066",
        "95649557955665860988745075",
        "77777663755878673888455435",
        "82428222812413710553440020",
        "73457225713525640464411062",
        "50505103501241461415331340",
        "54655453555676550565325214",
        "74547242735445731354625066",
    ]

    private static let table: [UInt8] = rows.flatMap { row in
        (0..<row.utf8CodeUnitCount).map { unsafe row.utf8Start[$0] - UInt8(ascii: "0") }
    }

    /// Whether letters may be a word of some language.
    ///
    /// Of runs of random letters 2 % pass at 12 letters and 0.1 % at 16; of the word lists' words some 99 %.
    ///
    /// - Parameters:
    ///   - range: ASCII letters in any case. Fewer than eight of them always pass.
    ///   - isCapitals: whether they are capitals, which base32 is written with.
    static func mayBeWord(_ bytes: Span<UInt8>, _ range: Range<Int>, isCapitals: Bool) -> Bool {
        switch range.count {
        case ..<8: true
        case ..<12: score(bytes, range) >= (isCapitals ? 68 : 60)
        case ..<16: score(bytes, range) >= (isCapitals ? 74 : 68)
        default: score(bytes, range) >= (isCapitals ? 77 : 74)
        }
    }

    /// Whether letters look so much like a word that they may stand beside something random.
    static func isSurelyWord(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        switch range.count {
        case ..<3: false
        case ..<8: score(bytes, range) >= 65
        case ..<12: score(bytes, range) >= 70
        default: score(bytes, range) >= 77
        }
    }

    /// Ten times the mean of all pairs.
    private static func score(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var sum = 0
        var previous = letter(bytes[range.lowerBound])
        for place in range.dropFirst() {
            let next = letter(bytes[place])
            sum += Int(table[previous * 26 + next])
            previous = next
        }
        return sum * 10 / (range.count - 1)
    }

    /// The place of a letter in the alphabet.
    private static func letter(_ byte: UInt8) -> Int {
        Int((byte | 0x20) - UInt8(ascii: "a"))
    }
}
