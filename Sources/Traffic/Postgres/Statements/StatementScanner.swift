// Which table a statement works on: the one that it writes to, or the first one that its own FROM names. Where that
// names none, as in `SELECT * FROM (SELECT ...)` or in a SELECT of what a WITH has made, it is the first one inside.

/// What is known of a statement by its text.
struct ScannedStatement: Equatable {
    enum Table {
        /// It works on none.
        case none
        /// The one in ``StatementScanner/name``.
        case named
        /// The text was cut before one could be found.
        case unknown
    }

    /// What it does to the prepared statements of its session, by the name in ``StatementScanner/prepared``.
    enum Role {
        case ordinary, prepare, execute, deallocate, forgetAll
    }

    /// By its first word; that behind the list of a WITH. Its CommandComplete knows better.
    var type = StatementType.other
    var table = Table.none
    var role = Role.ordinary
}

/// Reads texts of statements, word by word and no more of them than is needed.
///
/// One for all connections; nothing of a text stays in it but the name of a table. It is never copied: that would
/// cost as much as half of a text.
struct StatementScanner: ~Copyable, Sendable {
    let lexer = SQLLexer()
    let hasher: Hasher64
    /// The table of the statement at hand.
    var name = TableName()
    /// The first table inside, in case there is no other.
    var inner = TableName()
    /// The name of the prepared statement that it makes or runs.
    var prepared = TableName()
    /// Names that a WITH has given, by their hash.
    var given: [UInt64] = []

    init(hasher: Hasher64) {
        self.hasher = hasher
        given.reserveCapacity(Self.mostGiven)
    }

    /// Names of one WITH that are remembered.
    static let mostGiven = 32

    /// Reads the next statement of a text.
    ///
    /// - Parameter isWhole: whether the text ends with these bytes.
    /// - Returns: nil when there are no more.
    mutating func next(_ text: Span<UInt8>, _ position: inout Int, isWhole: Bool) -> ScannedStatement? {
        var begin = position
        while true {
            switch lexer.next(text, &position) {
            case .word(let range):
                var statement = ScannedStatement()
                let verb = SQLWord(text, range)
                read(verb, text, &position, from: begin, &statement)
                if statement.table == .none, !isWhole, position >= text.count, statement.type != .transaction {
                    statement.table = .unknown
                }
                skipStatement(text, &position)
                return statement
            case .sign(UInt8(ascii: ";")): begin = position
            case .end: return nil
            case .sign, .quoted, .value: break
            }
        }
    }

    /// Goes on to the end of the statement.
    private func skipStatement(_ text: Span<UInt8>, _ position: inout Int) {
        if isLast(text, position) {
            position = text.count
            return
        }
        while true {
            switch lexer.next(text, &position) {
            case .sign(UInt8(ascii: ";")), .end: return
            default: break
            }
        }
    }

    /// Whether there is certainly no other statement: no semicolon, or nothing but blanks behind it.
    @inline(__always)
    private func isLast(_ text: Span<UInt8>, _ position: Int) -> Bool {
        var place = position
        while place &+ 8 <= text.count, !Self.hasSemicolon(text.word(at: place)) { place &+= 8 }
        while place < text.count, text[place] != UInt8(ascii: ";") { place &+= 1 }
        while place < text.count, text[place] <= 0x20 || text[place] == UInt8(ascii: ";") { place &+= 1 }
        return place == text.count
    }

    @inline(__always)
    private static func hasSemicolon(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let zeros = word ^ (ones &* UInt64(UInt8(ascii: ";")))
        return (zeros &- ones) & ~zeros & (ones &* 0x80) != 0
    }
}
