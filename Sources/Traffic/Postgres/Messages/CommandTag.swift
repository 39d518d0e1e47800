// A CommandComplete says what a statement has done, whatever its text looked like: `EXECUTE p` and `WITH x AS (...)
// INSERT ...` answer `INSERT 0 1`. So the type of an answered statement needs no text and no memory of names.

/// The tag of a CommandComplete.
struct CommandTag: Equatable {
    let type: StatementType
    /// The rows that it tells of; nil for a tag without a number.
    let rows: UInt64?
    /// What it means for a transaction.
    let mark: TransactionMark

    init(_ body: Span<UInt8>) {
        var end = 0
        while end < body.count, body[end] != 0 { end &+= 1 }
        var wordEnd = 0
        while wordEnd < end, body[wordEnd] != UInt8(ascii: " ") { wordEnd &+= 1 }
        let word = wordEnd > 8 ? 0 : body.word(at: 0, count: wordEnd)
        let isWordAlone = wordEnd == end
        switch word {
        case Word.select: type = .select
        case Word.insert: type = .insert
        case Word.update: type = .update
        case Word.delete: type = .delete
        case Word.merge: type = .merge
        case Word.copy: type = .copy
        case Word.fetch, Word.move: type = .fetch
        case Word.begin, Word.start, Word.commit, Word.rollback, Word.release: type = .transaction
        default: type = wordEnd == 9 && body.word(at: 0) == Word.savepoin ? .transaction : .other
        }
        switch word {
        case Word.begin, Word.start: mark = .begin
        case Word.commit: mark = isWordAlone ? .commit : .none  // COMMIT PREPARED is of another one
        case Word.rollback: mark = isWordAlone ? .rollback : .none
        case Word.prepare: mark = isWordAlone ? .none : .commit  // PREPARE TRANSACTION ends the session's own
        default: mark = .none
        }
        rows = type.hasRows ? Self.number(body, end) : nil
    }

    /// The number at the end of the tag.
    @inline(__always)
    private static func number(_ body: Span<UInt8>, _ end: Int) -> UInt64? {
        var (value, factor, place) = (UInt64(0), UInt64(1), end)
        while place > 0, case let digit = body[place &- 1] &- UInt8(ascii: "0"), digit < 10, end &- place < 19 {
            value &+= UInt64(digit) &* factor
            factor &*= 10
            place &-= 1
        }
        return place == end ? nil : value
    }

    /// Words of tags, the first letter lowest.
    private enum Word {
        static var select: UInt64 { 0x54_43_45_4C_45_53 }
        static var insert: UInt64 { 0x54_52_45_53_4E_49 }
        static var update: UInt64 { 0x45_54_41_44_50_55 }
        static var delete: UInt64 { 0x45_54_45_4C_45_44 }
        static var merge: UInt64 { 0x45_47_52_45_4D }
        static var copy: UInt64 { 0x59_50_4F_43 }
        static var fetch: UInt64 { 0x48_43_54_45_46 }
        static var move: UInt64 { 0x45_56_4F_4D }
        static var begin: UInt64 { 0x4E_49_47_45_42 }
        static var start: UInt64 { 0x54_52_41_54_53 }
        static var commit: UInt64 { 0x54_49_4D_4D_4F_43 }
        static var rollback: UInt64 { 0x4B_43_41_42_4C_4C_4F_52 }
        static var release: UInt64 { 0x45_53_41_45_4C_45_52 }
        static var prepare: UInt64 { 0x45_52_41_50_45_52_50 }
        /// The first eight letters of SAVEPOINT.
        static var savepoin: UInt64 { 0x4E_49_4F_50_45_56_41_53 }
    }
}

/// What an answered statement means for the transaction that it is in.
enum TransactionMark: UInt8, Sendable {
    case none, begin, commit, rollback
}
