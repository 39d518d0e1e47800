// What is remembered of a command until its reply has come: 24 bytes.

/// A command that a client has sent, whole.
struct SentCommand {
    let command: CommandID
    let facts: CommandFacts
    let group: GroupHandle
    /// All arguments, the name included.
    let arguments: Int
    /// Bytes.
    let size: Int
    let isBlocking: Bool

    /// For subscriptions: how many confirmations answer it; 0 for as many as there are subscriptions.
    @inline(__always)
    var confirmations: UInt32 {
        facts.role != .ordinary && facts.role.isSubscription ? UInt32(clamping: arguments - 1) : 0
    }

    /// Whether it reads one key, and its reply tells whether the key exists.
    @inline(__always)
    var readsOneKey: Bool { facts.misses != .untold && arguments == 2 }
}

/// A command that was sent and not answered yet.
struct PendingCommand: BitwiseCopyable, Sendable {
    /// When its last byte was captured.
    let stamp: UInt64
    let group: GroupHandle
    /// Its bytes, saturating.
    let size: UInt32
    let command: CommandID
    let role: CommandRole
    private(set) var marks: Marks
    /// For subscriptions: how many confirmations are still to come; 0 for as many as there are subscriptions.
    private(set) var confirmations: UInt32

    @inline(__always)
    init(_ sent: SentCommand, _ marks: Marks, stamp: UInt64) {
        self.stamp = stamp
        self.marks = marks
        group = sent.group
        size = UInt32(clamping: sent.size)
        command = sent.command
        role = sent.facts.role
        confirmations = sent.confirmations
    }

    struct Marks: OptionSet, BitwiseCopyable {
        let rawValue: UInt8

        /// It waits for something to happen, by its nature.
        static let blocking = Marks(rawValue: 1)
        /// It was sent while a blocking one was not answered, and waits with it.
        static let behindBlocking = Marks(rawValue: 2)
        /// The connection is not trusted to be in step yet.
        static let onProbation = Marks(rawValue: 4)
        /// It reads one key, and its reply tells whether the key exists.
        static let readsOneKey = Marks(rawValue: 8)
        /// The first confirmation has come and was measured.
        static let isCounted = Marks(rawValue: 16)
    }

    /// Takes note of a confirmation that is not the last one.
    mutating func expectMoreConfirmations() {
        marks.insert(.isCounted)
        if confirmations > 0 { confirmations -= 1 }
    }
}
