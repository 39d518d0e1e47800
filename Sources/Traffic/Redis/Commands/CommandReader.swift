// Reads a command's arguments as they pass: which command it is, its key, and the few others that change the
// connection. Everything else goes by unseen; passwords in particular are never asked for.

/// Whether replies are sent, as CLIENT REPLY has it.
enum ReplyMode: UInt8, Sendable {
    case on, off
    /// The next command is not answered.
    case skip
    /// CLIENT REPLY SKIP itself and the next command are not answered.
    case skipThisAndNext
}

/// Gathers the facts of one command, argument by argument.
struct CommandReader: Sendable {
    private enum Stage: UInt8, Sendable {
        case name, subcommand, key, keyCount, keyword
        case migrateKey, migrateOption
        case user, protocolVersion, helloOption
        case replyMode, replicaOption, setOption
        case channel, furtherKey, destination, score
    }

    /// No further argument is wanted.
    static let nothing = Int.max

    private var stage = Stage.name
    private(set) var command = CommandTable.unknown
    private(set) var facts = CommandFacts()
    private(set) var group = GroupHandle.none
    private(set) var transfer = TransferNote()
    /// Whether BLOCK was among the options.
    private var hasBlock = false
    /// Whether GET was among the options of SET.
    private var hasGet = false
    /// What CLIENT REPLY asks for.
    private(set) var replyMode: ReplyMode?
    /// What HELLO asks for.
    private(set) var protocolVersion: UInt8?
    /// The user that AUTH or HELLO names.
    private(set) var user: [UInt8]?
    /// Whether this is REPLCONF ACK, which only a replica sends.
    private(set) var isReplicaAcknowledgment = false

    /// Gets ready for the next command.
    @inline(__always)
    mutating func begin() {
        stage = .name
        command = CommandTable.unknown
        facts = CommandFacts()
        group = .none
        transfer.begin()
        hasBlock = false
        hasGet = false
        replyMode = nil
        protocolVersion = nil
        if user != nil { user = nil }
        isReplicaAcknowledgment = false
    }

    /// Whether the command may wait for something to happen.
    var isBlocking: Bool {
        guard facts.traits.contains(.blocking) else { return false }
        if case .following = facts.keys { return hasBlock }
        return true
    }

    /// Whether the command reads, and its reply tells what it found.
    var isRead: Bool { facts.reads == .oldValue ? hasGet : facts.reads != .untold }

    /// Takes an argument that was wanted, and says which one is wanted next.
    ///
    /// - Parameters:
    ///   - bytes: the argument, cut at ``RESPLimits/keptArgument`` or where the capture lost it.
    ///   - length: its full length.
    ///   - count: all arguments of the command; 0 in an inline command, where their number is not known yet.
    @inline(__always)
    mutating func take(
        _ bytes: Span<UInt8>, length: Int, index: Int, count: Int, _ books: inout RedisBooks
    ) -> Int {
        if bytes.count < length && bytes.count < RESPLimits.keptArgument {
            // The capture lost a part of it. The group of a key is unknown then; all else is as good as unseen.
            if stage == .key || stage == .migrateKey { group = .other }
            if stage == .key || stage == .channel { transfer.loseName(facts.role) }
            return Self.nothing
        }
        switch stage {
        case .name:
            return takeName(bytes, count: count, &books)
        case .key:
            group = books.group(of: bytes, length: length)
            if facts.role != .ordinary { return takeQueue(bytes, length: length, index: index, count: count, &books) }
            if facts.reads != .oldValue { return Self.nothing }
            stage = .setOption
            return index + 2
        default:
            return takeOther(bytes, length: length, index: index, count: count, &books)
        }
    }

    @inline(__always)
    private mutating func takeName(_ bytes: Span<UInt8>, count: Int, _ books: inout RedisBooks) -> Int {
        guard let word = ShortWord(lowercasing: bytes) else { return Self.nothing }
        command = books.commands.find(word) ?? books.commands.learn(word)
        facts = books.commands.facts[Int(command)]
        if facts.traits.contains(.hasSubcommands) {
            stage = .subcommand
            return 1
        }
        return plan(count: count)
    }

    private mutating func takeOther(
        _ bytes: Span<UInt8>, length: Int, index: Int, count: Int, _ books: inout RedisBooks
    ) -> Int {
        let word = ShortWord(lowercasing: bytes) ?? ShortWord()
        switch stage {
        case .name, .key: break
        case .subcommand:
            command = books.commands.find(word, in: command) ?? books.commands.learn(word, in: command)
            facts = books.commands.facts[Int(command)]
            return plan(count: count)
        case .keyCount:
            stage = .key
            let keys = Self.number(bytes)
            transfer.keysToCome = keys - 1
            return keys > 0 ? index + 1 : Self.nothing
        case .keyword:
            if case .following(let keyword, _) = facts.keys, books.commands.keywords[Int(keyword)] == word {
                stage = .key
            }
            if word == Words.block { hasBlock = true }
            return index + 1
        case .migrateKey:
            if length > 0 {
                group = books.group(of: bytes, length: length)
                return Self.nothing
            }
            stage = .migrateOption
            return 6
        case .migrateOption:
            if word == Words.keys { stage = .key }
            return index + 1 + (word == Words.auth ? 1 : word == Words.auth2 ? 2 : 0)
        case .user:
            user = Self.copy(bytes)
        case .protocolVersion:
            let version = Self.number(bytes)
            guard version > 0 else { return Self.nothing }
            protocolVersion = UInt8(clamping: version)
            stage = .helloOption
            return index + 1
        case .helloOption:
            if word == Words.auth {
                stage = .user
                return index + 1
            }
            return index + (word == Words.setname ? 2 : 1)
        case .replyMode:
            replyMode = word == Words.on ? .on : word == Words.off ? .off : word == Words.skip ? .skip : nil
        case .replicaOption:
            isReplicaAcknowledgment = word == Words.ack
        case .setOption:
            if word != Self.get { return index + 1 }
            hasGet = true
        case .channel: transfer.takeChannel(bytes, length: length, isSharded: facts.role == .shardPublish, &books)
        case .furtherKey:
            if transfer.takeFurther(bytes, length: length, &books) { return index + 1 }
        case .destination: _ = transfer.takeFurther(bytes, length: length, &books)
        case .score:
            if !transfer.takeScore(bytes) { return index + 1 }
        }
        return Self.nothing
    }

    /// Takes the key of a command that puts something into a queue or takes something out, and says which argument is
    /// wanted next.
    private mutating func takeQueue(
        _ key: Span<UInt8>, length: Int, index: Int, count: Int, _ books: inout RedisBooks
    ) -> Int {
        switch facts.role {
        case .pop:
            // The last argument of a blocking one is how long it waits; those with a count of keys have told it.
            if case .at = facts.keys, facts.traits.contains(.blocking) { transfer.keysToCome = count - index - 2 }
            stage = .furtherKey
        case .deliver:
            transfer.keysToCome = (count - index) / 2 - 1
            stage = .furtherKey
        case .move:
            transfer.keysToCome = 1
            stage = .destination
        case .push, .acknowledge: transfer.keysToCome = 0
        case .remove:
            transfer.hold(key, length: length)
            return Self.nothing
        case .delay:
            transfer.hold(key, length: length)
            stage = .score
            return index + 1
        default: return Self.nothing
        }
        return transfer.take(key, length: length, &books) ? index + 1 : Self.nothing
    }

    /// The first argument to ask for, now that the command is known.
    @inline(__always)
    private mutating func plan(count: Int) -> Int {
        switch facts.role {
        case .auth:
            // With one argument it is the password; in an inline command the two cannot be told apart in time.
            stage = .user
            return count == 3 ? 1 : Self.nothing
        case .hello:
            stage = .protocolVersion
            return 1
        case .clientReply:
            stage = .replyMode
            return 2
        case .replicaConfiguration:
            stage = .replicaOption
            return 1
        case .publish, .shardPublish:
            stage = .channel
            return 1
        default: return planKey()
        }
    }

    @inline(__always)
    private mutating func planKey() -> Int {
        switch facts.keys {
        case .none: return Self.nothing
        case .at(let position):
            stage = .key
            return Int(position)
        case .counted(let position):
            stage = .keyCount
            return Int(position)
        case .following(_, let position):
            stage = .keyword
            return Int(position)
        case .migrate:
            stage = .migrateKey
            return 3
        }
    }

    /// A short decimal number; 0 for anything else.
    private static func number(_ bytes: Span<UInt8>) -> Int {
        guard bytes.count <= 9 else { return 0 }
        var result = 0
        for index in bytes.indices {
            guard bytes[index] &- 0x30 < 10 else { return 0 }
            result = result * 10 + Int(bytes[index] - 0x30)
        }
        return result
    }

    private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
        bytes.indices.map { bytes[$0] }
    }

    /// The option that makes SET a read.
    static let get = ShortWord("get")

    private enum Words {
        static let ack = ShortWord("ack")
        static let auth = ShortWord("auth")
        static let auth2 = ShortWord("auth2")
        static let block = ShortWord("block")
        static let keys = ShortWord("keys")
        static let off = ShortWord("off")
        static let on = ShortWord("on")
        static let setname = ShortWord("setname")
        static let skip = ShortWord("skip")
    }
}
