// The first word of a statement says where its table stands.

extension StatementScanner {
    /// Reads on from a statement's first word until its table is found. What ends a statement is left where it is.
    ///
    /// - Parameter begin: where the statement begins, its opening brackets included.
    mutating func read(
        _ verb: SQLWord, _ text: Span<UInt8>, _ position: inout Int, from begin: Int,
        _ statement: inout ScannedStatement
    ) {
        switch verb {
        case .select, .with, .insert, .update, .delete, .merge, .values, .table:
            position = begin
            readQuery(text, &position, &statement)
        case .begin, .start, .commit, .end, .rollback, .abort, .release, .savepoint: statement.type = .transaction
        case .fetch, .move: statement.type = .fetch
        case .copy:
            statement.type = .copy
            readCopy(text, &position, &statement)
        case .execute, .prepare, .deallocate, .discard: readPrepared(verb, text, &position, &statement)
        case .explain: readExplained(text, &position, &statement)
        case .declare: readCursor(text, &position, &statement)
        case .truncate, .lock: readTarget(text, &position, &statement) { $0 == .table || $0 == .only }
        case .vacuum, .analyze, .analyse:
            readTarget(text, &position, &statement) {
                $0 == .full || $0 == .freeze || $0 == .verbose || $0 == .analyze || $0 == .analyse
            }
        case .refresh:
            readTarget(text, &position, &statement) { $0 == .materialized || $0 == .view || $0 == .concurrently }
        case .create, .alter, .drop: readDefinition(text, &position, &statement)
        default: break
        }
    }

    /// `COPY t`, or the query in `COPY (SELECT ...)`.
    private mutating func readCopy(
        _ text: Span<UInt8>, _ position: inout Int, _ statement: inout ScannedStatement
    ) {
        var place = position
        guard case .sign(UInt8(ascii: "(")) = lexer.next(text, &place) else {
            return readTarget(text, &position, &statement) { $0 == .binary }
        }
        var query = ScannedStatement()
        readQuery(text, &position, &query)
        statement.table = query.table
    }

    /// A name that follows, after these words and a list of options in brackets.
    private mutating func readTarget(
        _ text: Span<UInt8>, _ position: inout Int, _ statement: inout ScannedStatement,
        after isPassed: (SQLWord) -> Bool
    ) {
        while true {
            var place = position
            switch lexer.next(text, &place) {
            case .word(let range) where isPassed(SQLWord(text, range)): position = place
            case .word(let range):
                position = place
                return take(TableName.Identifier(range: range, isQuoted: false), text, &position, &statement)
            case .quoted(let range):
                position = place
                return take(TableName.Identifier(range: range, isQuoted: true), text, &position, &statement)
            case .sign(UInt8(ascii: "(")):
                position = place
                skipBrackets(text, &position)
            case .sign, .value, .end: return
            }
        }
    }

    private mutating func take(
        _ identifier: TableName.Identifier, _ text: Span<UInt8>, _ position: inout Int,
        _ statement: inout ScannedStatement
    ) {
        readName(identifier, text, &position)
        statement.table = .named
    }

    /// `CREATE TABLE t`, `ALTER TABLE IF EXISTS ONLY t`, `CREATE INDEX ON t`; what is no table's is let go.
    private mutating func readDefinition(
        _ text: Span<UInt8>, _ position: inout Int, _ statement: inout ScannedStatement
    ) {
        for _ in 0..<12 {
            var place = position
            switch lexer.next(text, &place) {
            case .word(let range):
                position = place
                let word = SQLWord(text, range)
                guard word == .table || word == .on else { continue }
                return readTarget(text, &position, &statement) {
                    $0 == .if || $0 == .not || $0 == .exists || $0 == .only
                }
            case .quoted: position = place
            case .sign(UInt8(ascii: ".")): position = place
            case .sign, .value, .end: return
            }
        }
    }

    /// `EXPLAIN ANALYZE SELECT ...` works on the table of what it explains.
    private mutating func readExplained(
        _ text: Span<UInt8>, _ position: inout Int, _ statement: inout ScannedStatement
    ) {
        while true {
            let begin = position
            switch lexer.next(text, &position) {
            case .word(let range):
                let verb = SQLWord(text, range)
                if verb == .analyze || verb == .analyse || verb == .verbose || verb == .explain { continue }
                var explained = ScannedStatement()
                read(verb, text, &position, from: begin, &explained)
                statement.table = explained.table
                return
            case .sign(UInt8(ascii: "(")): skipBrackets(text, &position)
            default:
                position = begin
                return
            }
        }
    }

    /// `DECLARE c CURSOR FOR SELECT ...`.
    private mutating func readCursor(
        _ text: Span<UInt8>, _ position: inout Int, _ statement: inout ScannedStatement
    ) {
        while true {
            let begin = position
            switch lexer.next(text, &position) {
            case .word(let range) where SQLWord(text, range) == .for:
                var query = ScannedStatement()
                readQuery(text, &position, &query)
                statement.table = query.table
                return
            case .word, .quoted: break
            case .sign, .value, .end:
                position = begin
                return
            }
        }
    }

    /// `PREPARE p AS ...`, `EXECUTE p`, `DEALLOCATE p`, `DISCARD ALL`.
    private mutating func readPrepared(
        _ verb: SQLWord, _ text: Span<UInt8>, _ position: inout Int, _ statement: inout ScannedStatement
    ) {
        while true {
            let begin = position
            let token = lexer.next(text, &position)
            switch token {
            case .word(let range):
                let word = SQLWord(text, range)
                if verb == .deallocate, word == .prepare { continue }
                if word == .all, verb == .deallocate || verb == .discard { statement.role = .forgetAll }
                if verb == .discard || word == .all || verb == .prepare && word == .transaction { return }
                prepared.set(text, .init(range: range, isQuoted: false), schema: nil)
            case .quoted(let range): prepared.set(text, .init(range: range, isQuoted: true), schema: nil)
            case .sign, .value, .end:
                position = begin
                return
            }
            break
        }
        switch verb {
        case .execute: statement.role = .execute
        case .deallocate: statement.role = .deallocate
        default: readPreparedQuery(text, &position, &statement)
        }
    }

    private mutating func readPreparedQuery(
        _ text: Span<UInt8>, _ position: inout Int, _ statement: inout ScannedStatement
    ) {
        while true {
            let begin = position
            switch lexer.next(text, &position) {
            case .word(let range) where SQLWord(text, range) == .as:
                let begin = position
                guard case .word(let range) = lexer.next(text, &position) else { return position = begin }
                read(SQLWord(text, range), text, &position, from: begin, &statement)
                statement.role = .prepare
                return
            case .sign(UInt8(ascii: "(")): skipBrackets(text, &position)
            case .word: break
            default: return position = begin
            }
        }
    }

    /// Goes on behind the bracket that closes the one before `position`.
    func skipBrackets(_ text: Span<UInt8>, _ position: inout Int) {
        var depth = 1
        while depth > 0 {
            let begin = position
            switch lexer.next(text, &position) {
            case .sign(UInt8(ascii: "(")): depth += 1
            case .sign(UInt8(ascii: ")")): depth -= 1
            case .sign(UInt8(ascii: ";")): return position = begin
            case .end: return
            default: break
            }
        }
    }

    /// Reads the rest of a name, its first identifier known, into ``name``.
    mutating func readName(_ first: TableName.Identifier, _ text: Span<UInt8>, _ position: inout Int) {
        var (schema, last) = (TableName.Identifier?.none, first)
        while true {
            var place = position
            guard place < text.count, case .sign(UInt8(ascii: ".")) = lexer.next(text, &place) else { break }
            switch lexer.next(text, &place) {
            case .word(let range): (schema, last) = (last, .init(range: range, isQuoted: false))
            case .quoted(let range): (schema, last) = (last, .init(range: range, isQuoted: true))
            default: return name.set(text, last, schema: schema)
            }
            position = place
        }
        name.set(text, last, schema: schema)
    }
}
