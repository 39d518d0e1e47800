// What has to be known of a command to follow it: where its key is, whether it waits, what its reply says of the key.

/// Where a command's first key stands. Argument 0 is the command's name.
enum KeyRule: Sendable, Equatable {
    case none
    /// At this argument.
    case at(UInt8)
    /// Right after a count of keys at this argument; none when the count is 0.
    case counted(UInt8)
    /// Right after a keyword that is looked for from this argument on, such as STREAMS.
    case following(KeywordID, from: UInt8)
    /// MIGRATE: at argument 3, or when that is empty right after KEYS.
    case migrate
}

/// A keyword's place in ``CommandTable/keywords``.
typealias KeywordID = UInt8

/// What a command does to its connection, or to a queue or a channel, where it does more than ask and be answered.
enum CommandRole: UInt8, Sendable {
    case ordinary
    case auth, hello, reset, quit, ping
    case multi, exec, discard
    case subscribe, patternSubscribe, shardSubscribe
    case unsubscribe, patternUnsubscribe, shardUnsubscribe
    case clientReply
    case monitor, sync, partialSync, replicaConfiguration
    case shutdown
    case push, delay, pop, move, deliver, acknowledge, remove
    case publish, shardPublish
}

/// A command's facts.
struct CommandFacts: Sendable {
    var keys = KeyRule.none
    var reads = ReadRule.untold
    var role = CommandRole.ordinary
    var traits: Traits = []

    /// Asked together for each command, which is cheap only for the bits of one number.
    struct Traits: OptionSet, Sendable {
        let rawValue: UInt8

        /// It may wait for something to happen. XREAD and XREADGROUP wait only with BLOCK.
        static let blocking = Traits(rawValue: 1)
        /// The server says that it may wait, of a command that is not in the table.
        static let mayWait = Traits(rawValue: 2)
        /// Argument 1 names a subcommand with facts of its own.
        static let hasSubcommands = Traits(rawValue: 4)
        /// The server counts its subcommands under its own name.
        static let countsTogether = Traits(rawValue: 8)
    }
}

/// One entry of a server's COMMAND reply, as plain values.
public struct ServerCommand: Sendable {
    /// In any case; a subcommand's with its container, as in `config|get`.
    public let name: String
    /// Such as `blocking`, `movablekeys`.
    public let flags: [String]
    /// The first key's position, 0 for none.
    public let firstKey: Int
    /// How the first key is found, from the first of its key specifications (Redis 7 and later).
    public let keySearch: KeySearch?
    public let subcommands: [ServerCommand]

    /// A key specification's way to the first key.
    public enum KeySearch: Sendable, Equatable {
        /// `index` and `range`.
        case index(Int)
        /// `index` and `keynum`: the position of the count.
        case count(Int)
        /// `keyword`: the word, and where to start looking.
        case keyword(String, from: Int)
        /// The argument is a channel and not a key (`not_key`), or cannot be found.
        case notAKey
    }

    public init(
        name: String, flags: [String] = [], firstKey: Int = 0, keySearch: KeySearch? = nil,
        subcommands: [ServerCommand] = []
    ) {
        self.name = name
        self.flags = flags
        self.firstKey = firstKey
        self.keySearch = keySearch
        self.subcommands = subcommands
    }
}
