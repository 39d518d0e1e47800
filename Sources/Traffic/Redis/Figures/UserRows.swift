// Figures per ACL user, and their errors by first word. Both lists are bounded: names come from clients.

/// A user's place in the list.
typealias UserID = UInt16

/// Users, with a histogram and error counts each.
struct UserRows: Sendable {
    /// The user of a connection that has not said otherwise.
    static let defaultUser: UserID = 0
    /// The user of a connection that was joined in the middle.
    static let unknown: UserID = 1
    /// All users for whom there was no more room.
    static let other: UserID = 2

    /// The most users that are told apart.
    static let mostUsers = 100
    /// The most error words that are told apart; the rest is `other`.
    static let mostErrors = 48

    private(set) var names: [[UInt8]] = [Array("default".utf8), Array("unknown".utf8), Array("other".utf8)]
    private(set) var histograms: HistogramRows
    private(set) var errors: [ShortWord] = [ShortWord("other")]
    private var errorCounts: [UInt64]

    init(buckets: Int) {
        histograms = HistogramRows(buckets: buckets, rows: 3)
        errorCounts = Array(repeating: 0, count: 3 * Self.mostErrors)
    }

    /// The place of a user, new or not.
    mutating func find(_ name: [UInt8]) -> UserID {
        if let known = names.firstIndex(of: name) { return UserID(known) }
        guard names.count < Self.mostUsers else { return Self.other }
        names.append(name)
        histograms.addRow()
        errorCounts.append(contentsOf: repeatElement(0, count: Self.mostErrors))
        return UserID(names.count - 1)
    }

    @inline(__always)
    mutating func record(_ user: UserID, bucket: Int, _ observation: UInt64) {
        histograms.record(Int(user), bucket: bucket, observation)
    }

    mutating func countError(_ user: UserID, _ word: ShortWord) {
        errorCounts[Int(user) * Self.mostErrors + place(of: word)] += 1
    }

    func errorCount(_ user: Int, _ error: Int) -> UInt64 { errorCounts[user * Self.mostErrors + error] }

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
