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
    /// Whether it reads, and its reply tells what it found.
    let isRead: Bool
    /// The queues or the channel that it uses; `none` for most commands.
    var place = GroupHandle.none

    /// How many replies answer it; for subscriptions as many as there are confirmations to come.
    var replies: Int {
        facts.role.isSubscription ? Swift.max(1, arguments - 1) : 1
    }
}

/// A command that was sent and not answered yet.
struct PendingCommand: Equatable, BitwiseCopyable, Sendable {
    /// What a command that may wait takes at most when it has not, in nanoseconds.
    private static let longestAtOnce: UInt64 = 1_000_000_000

    /// When its last byte was captured.
    let stamp: UInt64
    let group: GroupHandle
    /// Its bytes, saturating.
    let size: UInt32
    let command: CommandID
    let role: CommandRole
    private(set) var marks: Marks
    /// The arguments after its name. For subscriptions: how many confirmations are still to come; 0 for as many as
    /// there are subscriptions. For a transfer: the handle of its place.
    private(set) var items: UInt32

    @inline(__always)
    init(_ sent: SentCommand, _ marks: Marks, stamp: UInt64) {
        self.stamp = stamp
        self.marks = marks
        group = sent.group
        size = UInt32(clamping: sent.size)
        command = sent.command
        role = sent.facts.role
        items = sent.place == .none ? UInt32(clamping: sent.arguments &- 1) : sent.place.rawValue
    }

    struct Marks: OptionSet, BitwiseCopyable {
        let rawValue: UInt8

        /// It waits for something to happen, by its nature.
        static let blocking = Marks(rawValue: 1)
        /// It was sent while a blocking one was not answered, and waits with it.
        static let behindBlocking = Marks(rawValue: 2)
        /// It reads, and its reply tells what it found.
        static let read = Marks(rawValue: 4)
        /// The first confirmation has come and was measured.
        static let isCounted = Marks(rawValue: 8)
        /// The server says that it may wait.
        static let mayWait = Marks(rawValue: 16)
        /// It puts something into a queue, takes something out, or publishes.
        static let transfer = Marks(rawValue: 32)
    }

    /// The queues or the channel of a transfer.
    var place: GroupHandle { GroupHandle(rawValue: items) }

    /// Whether the answer to a command that may wait says, by its time, that it has.
    func hasWaited(until stamp: UInt64) -> Bool {
        marks.contains(.mayWait) && stamp > self.stamp && stamp - self.stamp > Self.longestAtOnce
    }

    /// Takes note that it was waiting, or waited with another.
    mutating func mark(_ more: Marks) {
        marks.insert(more)
    }

    /// Takes note of a confirmation that is not the last one.
    mutating func expectMoreConfirmations() {
        marks.insert(.isCounted)
        if items > 0 { items -= 1 }
    }
}
