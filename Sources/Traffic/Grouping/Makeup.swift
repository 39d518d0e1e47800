// What a run of characters is made of tells whether it is a word.

/// How many bytes of each kind a run has, and how they change.
struct Makeup {
    private(set) var digits = 0
    private(set) var lowers = 0
    private(set) var uppers = 0
    private(set) var hexadecimals = 0
    private(set) var stars = 0
    /// All kinds that occur.
    private(set) var kinds: ByteKind = []
    /// Neighbouring letters of which only one is a capital; `Anna` has none, `userProfile` two.
    private(set) var caseChanges = 0
    let count: Int

    init(_ bytes: Span<UInt8>, _ range: Range<Int>, _ table: ByteKinds) {
        count = range.count
        var all: UInt8 = 0
        var previous: UInt8 = 0
        var beforePrevious: UInt8 = 0
        for place in range {
            let kind = table.rawKind(of: bytes[place])
            all |= kind
            if kind & Self.digit != 0 {
                digits += 1
                hexadecimals += 1
            } else if kind & Self.lower != 0 {
                lowers += 1
                if previous & Self.upper != 0 && beforePrevious & Self.letter != 0 { caseChanges += 1 }
                if kind & Self.hexLetter != 0 { hexadecimals += 1 }
            } else if kind & Self.upper != 0 {
                uppers += 1
                if previous & Self.lower != 0 { caseChanges += 1 }
                if kind & Self.hexLetter != 0 { hexadecimals += 1 }
            } else if kind == 0 {
                stars += 1
            }
            beforePrevious = previous
            previous = kind
        }
        kinds = ByteKind(rawValue: all)
    }

    // As numbers, since this is where judging spends its time.
    private static let digit = ByteKind.digit.rawValue
    private static let lower = ByteKind.lower.rawValue
    private static let upper = ByteKind.upper.rawValue
    private static let letter = ByteKind.letter.rawValue
    private static let hexLetter = ByteKind.hexLetter.rawValue

    /// Letters of any script.
    var hasLetters: Bool { !kinds.isDisjoint(with: .letter) }
    var isLettersOnly: Bool { digits == 0 && hasLetters && kinds.isDisjoint(with: [.weak, .noise]) }
}
