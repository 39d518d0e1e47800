// Which queues or which channel a command uses, gathered while its arguments pass.

/// What is noted of one command.
struct TransferNote: Sendable {
    /// Names of queues that are still to come.
    var keysToCome = 0
    /// Whether anything was noted. Most commands use no queue, and must not pay for those that do.
    private(set) var isUsed = false
    private var only = GroupHandle.none
    /// All queues, where there are several.
    private var choices: [QueueChoice] = []
    /// A key of which it is not clear yet whether it is a queue.
    private var held: (key: [UInt8], length: Int)?
    /// When what is added is due, in nanoseconds since 1970; nil where the score is no time.
    private var due: UInt64?

    /// Gets ready for the next command.
    @inline(__always)
    mutating func begin() {
        keysToCome = 0
        if isUsed { self = TransferNote() }
    }

    /// Takes the first queue.
    ///
    /// - Returns: whether another one is wanted.
    mutating func take(_ key: Span<UInt8>, length: Int, _ books: inout RedisBooks) -> Bool {
        if books.isNaming { return false }
        isUsed = true
        only = books.queues.place(of: key, length: length)
        if keysToCome > 0 { choices = [QueueChoice(only, key)] }
        return keysToCome > 0
    }

    /// Takes a further queue.
    ///
    /// - Returns: whether another one is wanted.
    mutating func takeFurther(_ key: Span<UInt8>, length: Int, _ books: inout RedisBooks) -> Bool {
        choices.append(QueueChoice(books.queues.place(of: key, length: length), key))
        keysToCome -= 1
        return keysToCome > 0 && choices.count < QueueSets.mostChoices
    }

    mutating func takeChannel(_ name: Span<UInt8>, length: Int, isSharded: Bool, _ books: inout RedisBooks) {
        if books.isNaming { return }
        isUsed = true
        only = books.channels.place(of: name, length: length, isSharded: isSharded)
    }

    /// The name was not captured whole.
    mutating func loseName(_ role: CommandRole) {
        guard role.isCertainTransfer else { return }
        isUsed = true
        only = .other
    }

    /// The queues or the channel, now that the command is complete; `none` where it uses none.
    ///
    /// - Parameter stamp: the time at which it was sent, in nanoseconds since 1970.
    @inline(__always)
    func place(at stamp: UInt64, _ books: inout RedisBooks) -> GroupHandle {
        isUsed ? notedPlace(at: stamp, &books) : .none
    }

    @inline(never)
    private func notedPlace(at stamp: UInt64, _ books: inout RedisBooks) -> GroupHandle {
        if choices.count > 1 { return books.queues.place(of: choices) }
        guard let (key, length) = held else { return only }
        let isDelayed = due.map { $0 > stamp && $0 - stamp > Self.tolerance } ?? false
        guard isDelayed || books.queues.knows(key.span) else { return .none }
        return books.queues.place(of: key.span, length: length)
    }

    /// How much later than now a time must be to be one that is yet to come: clocks differ.
    private static let tolerance: UInt64 = 1_000_000_000
}

// Sorted sets: most are no queues. One is when jobs are added to it for a time to come, or when it is known as one.
extension TransferNote {
    mutating func hold(_ key: Span<UInt8>, length: Int) {
        isUsed = true
        held = (key.indices.map { key[$0] }, length)
    }

    /// Takes an argument of ZADD after the key.
    ///
    /// - Returns: whether it was the score, and no option before it.
    mutating func takeScore(_ argument: Span<UInt8>) -> Bool {
        if let word = ShortWord(lowercasing: argument), Self.options.contains(word) { return false }
        due = Self.time(argument)
        return true
    }

    private static let options = Set(["nx", "xx", "gt", "lt", "ch", "incr"].map { ShortWord($0) })

    /// A score as a time, in nanoseconds since 1970: ten digits are seconds, thirteen milliseconds, sixteen
    /// microseconds.
    private static func time(_ score: Span<UInt8>) -> UInt64? {
        var (value, digits) = (UInt64(0), 0)
        for index in score.indices {
            let digit = score[index] &- UInt8(ascii: "0")
            guard digit < 10 else {
                if score[index] == UInt8(ascii: ".") { break }
                return nil
            }
            guard digits < 16 else { return nil }
            value = value * 10 + UInt64(digit)
            digits += 1
        }
        switch digits {
        case 10: return value * 1_000_000_000
        case 13: return value * 1_000_000
        case 16: return value * 1000
        default: return nil
        }
    }
}

extension CommandRole {
    /// Whether it uses a queue or a channel whatever its arguments are.
    fileprivate var isCertainTransfer: Bool {
        switch self {
        case .push, .pop, .move, .deliver, .acknowledge, .publish, .shardPublish: true
        default: false
        }
    }
}
