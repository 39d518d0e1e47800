// The commands by name. A file is read with the built-in list; a live server's own COMMAND reply corrects and extends
// it.

/// A command's place in the table.
typealias CommandID = UInt16

/// Names and facts of all commands, found by the bytes of their names.
///
/// It only ever grows, so a command keeps its place. Names that were not announced are learned from the traffic, up
/// to a limit; the rest is `unknown`.
struct CommandTable: Sendable {
    /// What a name is when there is no more room for new ones.
    static let unknown: CommandID = 0

    /// The names as labels show them: lower case, `config|get`.
    private(set) var names: [String] = []
    private(set) var facts: [CommandFacts] = []
    /// The command under which each one is counted: itself; `unknown` until the server has announced or accepted it. It
    /// is its container where the server, as Redis 6 does, counts all subcommands together.
    private var countedAs: [CommandID] = []
    /// The words that keys may follow.
    private(set) var keywords: [ShortWord] = []
    private var words: [Word] = []
    /// With room for the built-in list from the start: an index that grows files anew, and not the busiest first.
    private var index = HashIndex(capacity: 512)
    private var learned = 0
    /// The first commands of the table are those of the built-in list.
    private var known = 0

    /// Names that the traffic may add.
    static let mostLearned = 128
    /// Names in all.
    private static let most = 4096

    private struct Word: Hashable, Sendable {
        let container: CommandID
        let word: ShortWord

        @inline(__always)
        var hash: UInt64 { word.spread(after: UInt64(container)) }
    }

    /// The built-in list.
    static let builtIn = CommandTable()

    private init() {
        add("unknown", ShortWord("unknown"), CommandFacts())
        each(BuiltInCommands.busiest) { _ in }
        for row in BuiltInCommands.rows { each(row.names) { $0.keys = row.keys } }
        keywords = [BuiltInCommands.streams]
        for (names, role) in BuiltInCommands.roles { each(names) { $0.role = role } }
        for (names, rule) in BuiltInCommands.reads { each(names) { $0.reads = rule } }
        each(BuiltInCommands.blocking) { $0.traits.insert(.blocking) }
        known = count
    }

    var count: Int { names.count }

    /// The command that the name stands for, among the container's subcommands if there is one.
    @inline(__always)
    func find(_ word: ShortWord, in container: CommandID = 0) -> CommandID? {
        let key = Word(container: container, word: word)
        return index.find(key.hash) { words[$0] == key }.map(CommandID.init(truncatingIfNeeded:))
    }

    /// The command that a client has named; a new name is learned when it looks like one and there is room.
    mutating func learn(_ word: ShortWord, in container: CommandID = 0) -> CommandID {
        if let known = find(word, in: container) { return known }
        guard learned < Self.mostLearned, Self.isPlausible(word), count < Self.most else { return Self.unknown }
        learned += 1
        let name = String(decoding: word.bytes, as: UTF8.self)
        let id = add(container == 0 ? name : "\(names[Int(container)])|\(name)", word, CommandFacts(), in: container)
        countedAs[Int(id)] = facts[Int(container)].traits.contains(.countsTogether) ? container : Self.unknown
        return id
    }

    /// The command under which a reply is counted: the server's first answer other than an error confirms a name.
    @inline(__always)
    mutating func confirm(_ command: CommandID, isError: Bool) -> CommandID {
        let known = countedAs[Int(command)]
        if known != Self.unknown || isError { return known }
        countedAs[Int(command)] = command
        return command
    }

    /// Takes over what a server says of its commands.
    mutating func learn(_ commands: [ServerCommand]) {
        for command in commands {
            let keyword = learnKeyword(of: command)
            let name = Array(command.name.lowercased().utf8)[...]
            define(name) { $0.take(command, keyword: keyword) }
            learnRead(command, name)
            if command.subcommands.isEmpty { countTogether(name) }
            learn(command.subcommands)
        }
    }

    /// What a reply says of a read that the built-in list does not have.
    private mutating func learnRead(_ command: ServerCommand, _ name: ArraySlice<UInt8>) {
        guard command.flags.contains("readonly"), let place = place(of: name), place >= known else { return }
        facts[place].reads = .unfamiliar
    }

    /// A server that lists no subcommands of a container counts them under its name.
    private mutating func countTogether(_ name: ArraySlice<UInt8>) {
        guard !name.contains(UInt8(ascii: "|")), let place = place(of: name),
            facts[place].traits.contains(.hasSubcommands)
        else { return }
        facts[place].traits.insert(.countsTogether)
        for id in words.indices where words[id].container == place { countedAs[id] = CommandID(place) }
    }

    private mutating func learnKeyword(of command: ServerCommand) -> KeywordID? {
        guard case .keyword(let text, _)? = command.keySearch else { return nil }
        let word = ShortWord(text.lowercased())
        if let known = keywords.firstIndex(of: word) { return KeywordID(known) }
        guard keywords.count < Int(KeywordID.max) else { return nil }
        keywords.append(word)
        return KeywordID(keywords.count - 1)
    }

    /// Finds or adds a command by its full name and changes its facts.
    private mutating func define(_ name: ArraySlice<UInt8>, _ change: (inout CommandFacts) -> Void) {
        guard let place = place(of: name) else { return }
        change(&facts[place])
        if countedAs[place] == Self.unknown { countedAs[place] = CommandID(place) }
    }

    private mutating func place(of name: ArraySlice<UInt8>) -> Int? {
        // By bytes: this is a part of every start, and characters take ten times as long.
        let end = name.firstIndex(of: UInt8(ascii: "|")) ?? name.endIndex
        let first = name[..<end]
        guard !first.isEmpty, first.count <= ShortWord.capacity, count < Self.most else { return nil }
        let word = ShortWord(first.span)
        let container = find(word) ?? add(String(decoding: first, as: UTF8.self), word, CommandFacts())
        guard end < name.endIndex else { return Int(container) }
        let second = name[end...].dropFirst()
        guard !second.isEmpty, second.count <= ShortWord.capacity else { return nil }
        facts[Int(container)].traits.insert(.hasSubcommands)
        let last = ShortWord(second.span)
        let known = find(last, in: container)
        return Int(known ?? add(String(decoding: name, as: UTF8.self), last, CommandFacts(), in: container))
    }

    private mutating func each(_ names: String, _ change: (inout CommandFacts) -> Void) {
        for name in Array(names.utf8).split(separator: UInt8(ascii: " ")) { define(name, change) }
    }

    /// - Parameter last: the part of the name that is found in its container.
    @discardableResult
    private mutating func add(
        _ name: String, _ last: ShortWord, _ facts: CommandFacts, in container: CommandID = 0
    ) -> CommandID {
        let word = Word(container: container, word: last)
        let id = CommandID(names.count)
        names.append(name)
        self.facts.append(facts)
        countedAs.append(id)
        words.append(word)
        index.insert(word.hash, Int(id))
        return id
    }

    /// Command names are short words of letters, digits and a few marks; anything else is somebody's noise.
    private static func isPlausible(_ word: ShortWord) -> Bool {
        let bytes = word.bytes
        return !bytes.isEmpty
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}

extension CommandFacts {
    /// Takes over where the key is and whether the command waits; what it does to its connection is ours to know.
    ///
    /// Modules flag what they do on a thread of their own as blocking; only its time tells whether it has waited.
    fileprivate mutating func take(_ command: ServerCommand, keyword: KeywordID?) {
        if traits.contains(.blocking) || !command.flags.contains("blocking") {
            traits.remove(.mayWait)
        } else {
            traits.insert(.mayWait)
        }
        switch command.keySearch {
        case .index(let position): if keys != .migrate { keys = Self.position(position).map(KeyRule.at) ?? keys }
        case .count(let position): keys = Self.position(position).map(KeyRule.counted) ?? keys
        case .keyword(_, let from):
            if let from = Self.position(from), let keyword { keys = .following(keyword, from: from) }
        case .notAKey: keys = .none
        case nil:
            let isMovable = command.flags.contains("movablekeys")
            if let first = Self.position(command.firstKey), !isMovable { keys = .at(first) }
        }
    }

    private static func position(_ number: Int) -> UInt8? {
        number > 0 ? UInt8(exactly: number) : nil
    }
}
