// Most commands are plain: a handful of short arguments in one packet, the key at a fixed place, nothing that changes
// the connection. They are read in one go; everything else goes through the parser, which leads to the same result.

/// A whole command that needs no parser.
struct PlainCommand {
    let command: CommandID
    let facts: CommandFacts
    /// Where the key stands; nil when the command has none.
    let key: Range<Int>?
    let argumentCount: Int
    /// Whether it reads, and its reply tells what it found.
    let isRead: Bool
    /// Where the next command starts.
    let end: Int

    /// Reads the command that starts at a place; nil when it has to be parsed.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, at start: Int, _ table: CommandTable) {
        guard start &+ 8 <= bytes.count else { return nil }
        let head = bytes.word(at: start)
        argumentCount = Int(UInt8(truncatingIfNeeded: head >> 8) &- 0x30)
        guard UInt8(truncatingIfNeeded: head) == UInt8(ascii: "*"), 1...9 ~= argumentCount,
            UInt16(truncatingIfNeeded: head >> 16) == 0x0A0D,
            let name = bytes.wholeBulk(at: start &+ 4), let word = ShortWord(lowercasing: bytes, in: name),
            let command = table.find(word)
        else { return nil }
        let facts = table.facts[Int(command)]
        guard let keyPosition = facts.plainKeyPosition else { return nil }
        var key: Range<Int>?
        var place = name.upperBound &+ 2
        var index = 1
        while index < argumentCount {
            guard let body = bytes.wholeBulk(at: place) else { return nil }
            if index == keyPosition { key = body }
            place = body.upperBound &+ 2
            index &+= 1
        }
        self.command = command
        self.facts = facts
        self.key = key
        isRead =
            facts.reads == .oldValue
            ? argumentCount > 3 && Self.hasGet(bytes, after: name.upperBound &+ 2, count: argumentCount)
            : facts.reads != .untold
        end = place
    }

    /// Whether GET is among the options of a SET, whose key starts at a place.
    private static func hasGet(_ bytes: Span<UInt8>, after start: Int, count: Int) -> Bool {
        var place = start
        for index in 1..<count {
            guard let body = bytes.wholeBulk(at: place) else { return false }
            if index > 2, ShortWord(lowercasing: bytes, in: body) == CommandReader.get { return true }
            place = body.upperBound &+ 2
        }
        return false
    }
}

extension CommandFacts {
    /// The place of the key of a command that only asks and is answered, 0 when it has none; nil for other commands.
    @inline(__always)
    fileprivate var plainKeyPosition: Int? {
        guard role == .ordinary, traits.isDisjoint(with: [.blocking, .hasSubcommands]) else { return nil }
        switch keys {
        case .none: return 0
        case .at(let position): return Int(position)
        case .counted, .following, .migrate: return nil
        }
    }
}
