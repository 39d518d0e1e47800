// SELECT, WITH and the statements that write. Brackets open levels. Of each level is known whether it is a query of its
// own, and whether its FROM is being read. One of them is where the table of the whole statement is looked for.

/// The levels of brackets of one statement, a bit each; what lies deeper than 63 of them is not looked at.
private struct BracketLevels {
    var depth = 0
    /// Levels whose first table is the statement's.
    private var own: UInt64 = 1
    private var queries: UInt64 = 0
    private var froms: UInt64 = 0
    private var lists: UInt64 = 0

    private var bit: UInt64 { depth < 64 ? 1 << UInt64(depth) : 0 }

    var isOwn: Bool { own & bit != 0 }
    /// Whether a SELECT is read.
    var isQuery: Bool {
        get { queries & bit != 0 }
        set { queries = newValue ? queries | bit : queries & ~bit }
    }
    /// Whether its FROM is read.
    var isFrom: Bool {
        get { froms & bit != 0 }
        set { froms = newValue ? froms | bit : froms & ~bit }
    }
    /// Whether the list of a WITH is read.
    var isList: Bool {
        get { lists & bit != 0 }
        set { lists = newValue ? lists | bit : lists & ~bit }
    }

    mutating func open(isOwn: Bool) {
        let isOwn = isOwn && self.isOwn
        depth += 1
        own = isOwn ? own | bit : own & ~bit
        (isQuery, isFrom, isList) = (false, false, false)
    }

    mutating func close() {
        if depth > 0 { depth -= 1 }
    }
}

/// What the next word would be.
private enum Expected {
    case anything
    /// The first word of a level.
    case verb
    /// The first word of a level within a FROM: a query's, or a table.
    case verbOrTable
    /// A table of a FROM.
    case table
    /// The table that is written to.
    case target
    /// INTO or FROM before that.
    case targetWord
    /// A name in the list of a WITH.
    case given
}

extension StatementScanner {
    /// Reads a query from its first word, or its opening brackets, on, until its table is found.
    mutating func readQuery(
        _ text: Span<UInt8>, _ position: inout Int, _ statement: inout ScannedStatement
    ) {
        var levels = BracketLevels()
        var expected = Expected.verb
        var isDistinct = false
        var hasInner = false
        given.removeAll(keepingCapacity: true)
        while true {
            let begin = position
            let token = lexer.next(text, &position)
            let wasDistinct = isDistinct
            isDistinct = false
            var identifier: TableName.Identifier?
            switch token {
            case .word(let range):
                let word = SQLWord(text, range)
                if accept(word, &expected, &levels, isDistinct: wasDistinct, &statement) {
                    identifier = .init(range: range, isQuoted: false)
                }
                isDistinct = word == .distinct
            case .quoted(let range): identifier = .init(range: range, isQuoted: true)
            case .sign(UInt8(ascii: "(")): open(&levels, &expected)
            case .sign(UInt8(ascii: ")")):
                levels.close()
                expected = .anything
            case .sign(UInt8(ascii: ",")):
                expected = levels.isList ? .given : levels.isFrom ? .table : .anything
            case .sign(UInt8(ascii: ";")), .end:
                if case .sign = token { position = begin }
                if hasInner {
                    swap(&name, &inner)
                    statement.table = .named
                }
                return
            case .sign, .value: expected = .anything
            }
            guard let identifier else { continue }
            if expected == .verbOrTable { (levels.isQuery, levels.isFrom) = (true, true) }
            switch expected {
            case .given: give(identifier, text)
            case .table, .verbOrTable, .target:
                let isTarget = expected == .target
                guard isTable(identifier, text, &position, isTarget: isTarget) else { break }
                if levels.isOwn {
                    statement.table = .named
                    return
                }
                if !hasInner { swap(&name, &inner) }
                hasInner = true
            case .anything, .verb, .targetWord: break
            }
            expected = .anything
        }
    }

    private func open(_ levels: inout BracketLevels, _ expected: inout Expected) {
        switch expected {
        case .table, .verbOrTable:
            levels.open(isOwn: true)
            expected = .verbOrTable
        case .verb:
            levels.open(isOwn: true)
        case .anything, .target, .targetWord, .given:
            levels.open(isOwn: false)
            expected = .verb
        }
    }

    /// Takes a word.
    ///
    /// - Returns: whether it is a name where one is expected.
    private func accept(
        _ word: SQLWord, _ expected: inout Expected, _ levels: inout BracketLevels, isDistinct: Bool,
        _ statement: inout ScannedStatement
    ) -> Bool {
        switch expected {
        case .given: return word != .recursive
        case .table: return word != .only && word != .lateral
        case .target: return word != .only
        case .targetWord:
            if word == .into || word == .from { expected = .target }
            return false
        case .verb, .verbOrTable:
            if begin(word, &expected, &levels, &statement) { return false }
            if expected == .verbOrTable { return word != .only && word != .lateral }
            expected = .anything
            return false
        case .anything:
            if levels.isList, begin(word, &expected, &levels, &statement) { return false }
            if levels.isQuery { go(on: word, &expected, &levels, isDistinct: isDistinct) }
            return false
        }
    }

    /// Begins a query, or another statement, with its verb; false when the word is none.
    private func begin(
        _ word: SQLWord, _ expected: inout Expected, _ levels: inout BracketLevels,
        _ statement: inout ScannedStatement
    ) -> Bool {
        var type = StatementType.select
        switch word {
        case .select:
            levels.isQuery = true
            expected = .anything
        case .values: expected = .anything
        case .table: expected = .target
        case .with:
            levels.isList = true
            expected = .given
            return true
        case .insert, .merge:
            expected = .targetWord
            type = word == .insert ? .insert : .merge
        case .delete:
            expected = .targetWord
            type = .delete
        case .update:
            expected = .target
            type = .update
        default: return false
        }
        levels.isList = false
        if levels.isOwn { statement.type = type }
        return true
    }

    /// Takes a word within a query.
    @inline(__always)
    private func go(
        on word: SQLWord, _ expected: inout Expected, _ levels: inout BracketLevels, isDistinct: Bool
    ) {
        switch word {
        case .from where !isDistinct:  // IS DISTINCT FROM is a comparison
            levels.isFrom = true
            expected = .table
        case .join where levels.isFrom: expected = .table
        case .where, .group, .having, .order, .limit, .window, .union, .except, .intersect, .offset, .fetch, .for:
            levels.isFrom = false
        default: break
        }
    }

    private mutating func give(_ identifier: TableName.Identifier, _ text: Span<UInt8>) {
        guard given.count < Self.mostGiven else { return }
        name.set(text, identifier, schema: nil)
        given.append(name.hash(hasher))
    }

    /// Reads a name into ``name``; false for a function's, and for one that a WITH has given.
    private mutating func isTable(
        _ identifier: TableName.Identifier, _ text: Span<UInt8>, _ position: inout Int, isTarget: Bool
    ) -> Bool {
        readName(identifier, text, &position)
        if isTarget { return true }
        var place = position
        switch lexer.next(text, &place) {
        case .sign(UInt8(ascii: "(")): return false
        case .word(let range) where SQLWord(text, range) == .from:  // ROWS FROM (...)
            position = place
            return false
        default: break
        }
        if given.isEmpty { return true }
        let hash = name.hash(hasher)
        return !(name.isPlain && given.contains(hash))
    }
}
