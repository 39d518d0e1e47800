// Any text as a statement's: the scanner comes to its end, whatever was cut off, and what it says does not depend on
// the zero behind the text.

@testable import Traffic

/// What was said of a text.
private struct Reading: Equatable {
    struct Statement: Equatable {
        let scanned: ScannedStatement
        let name: [UInt8]
    }

    var statements: [Statement] = []

    init(_ text: [UInt8], isWhole: Bool) {
        var scanner = StatementScanner(hasher: Hasher64(seed: 1))
        var statements: [Statement] = []
        text.inExactMemory { text in
            var place = 0
            while true {
                let begin = place
                guard let scanned = scanner.next(text, &place, isWhole: isWhole) else { break }
                precondition(place > begin && place <= text.count)
                precondition(scanner.name.count <= 127)
                let name = scanned.table == .named ? Array(scanner.name.bytes[..<scanner.name.count]) : []
                statements.append(.init(scanned: scanned, name: name))
            }
        }
        self.statements = statements
    }
}

func fuzzSQLTexts(_ input: inout FuzzInput) {
    let cut = Int(input.short())
    let text = input.rest()
    let whole = Reading(text, isWhole: true)
    _ = Reading(Array(text.prefix(cut)), isWhole: false)
    precondition(Reading(text + [0], isWhole: true) == whole, "a text ends with a zero")
    var names = TableNames(capacity: 4, hasher: Hasher64(seed: 1))
    text.inExactMemory { text in
        var place = 0
        var scanner = StatementScanner(hasher: Hasher64(seed: 1))
        while let scanned = scanner.next(text, &place, isWhole: true) {
            guard scanned.table == .named else { continue }
            let handle = names.handle(scanner.name)
            precondition(names.handle(scanner.name) == handle)
            precondition(names.slot(of: handle, isError: false).map { $0 < names.slotCount } ?? false)
            precondition(names.slot(of: handle, isError: true) != nil)
        }
    }
    precondition(names.labels.count == names.slotCount)
}
