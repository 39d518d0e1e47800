// Figures per name: of users, databases, API keys; and their errors by word. Both lists are bounded, since names come
// from clients.

/// Names, with a histogram and error counts each.
struct NamedRows: Sendable {
    /// The most names that are told apart.
    static let most = 100
    /// The most error words that are told apart; the rest is `other`.
    static let mostErrors = 48

    private(set) var names: [[UInt8]]
    /// The row of all names for which there was no more room.
    private let rest: UInt16
    private(set) var histograms: HistogramRows
    private(set) var errors: [ShortWord] = [ShortWord("other")]
    private var errorCounts: [UInt64]

    /// - Parameter names: the rows that there are from the start; the last one takes names without room.
    init(_ names: [String], _ places: RowPlaces) {
        self.names = names.map { Array($0.utf8) }
        rest = UInt16(names.count - 1)
        histograms = HistogramRows(places, rows: names.count)
        errorCounts = Array(repeating: 0, count: names.count * Self.mostErrors)
    }

    /// The row of a name, new or not.
    mutating func find(_ name: [UInt8]) -> UInt16 {
        if let known = names.firstIndex(of: name) { return UInt16(known) }
        guard names.count < Self.most else { return rest }
        names.append(name)
        histograms.addRow()
        errorCounts.append(contentsOf: repeatElement(0, count: Self.mostErrors))
        return UInt16(names.count - 1)
    }

    @inline(__always)
    mutating func record(_ row: UInt16, place: Int, _ observation: UInt64) {
        histograms.record(Int(row), place: place, observation)
    }

    mutating func countError(_ row: UInt16, _ word: ShortWord) {
        errorCounts[Int(row) * Self.mostErrors + place(of: word)] += 1
    }

    func errorCount(_ row: Int, _ error: Int) -> UInt64 { errorCounts[row * Self.mostErrors + error] }

    /// Error words are capitals, digits and underscores; a script may answer with anything.
    private mutating func place(of word: ShortWord) -> Int {
        if let known = errors.firstIndex(of: word) { return known }
        let isPlain = word.bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
        guard errors.count < Self.mostErrors, isPlain, !word.isEmpty else { return 0 }
        errors.append(word)
        return errors.count - 1
    }
}
