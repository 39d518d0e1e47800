// The commands of one connection that wait for their replies, oldest first.

/// A connection's commands in flight.
///
/// There is room for so many, on each connection and on all. A command beyond that is not remembered; its replies are
/// passed over in their turn, so that the connection stays in sync.
struct CommandQueue: Sendable {
    private var inFlight = InFlightQueue<PendingCommand>()
    private var blocking = 0
    /// Replies to commands for which there was no room.
    private(set) var repliesToPass = 0

    /// Commands in flight, and replies to those that are not remembered.
    var count: Int { inFlight.count &+ repliesToPass }

    /// Whether nothing is in flight.
    var isIdle: Bool { inFlight.isEmpty && repliesToPass == 0 }

    /// Bytes that it takes.
    var bytes: Int { inFlight.bytes }

    /// Gives back what it takes while nothing is in flight.
    mutating func giveBack(_ budget: inout Budget) { inFlight.giveBack(&budget.queueBytes) }

    /// Whether no command is remembered.
    var isEmpty: Bool { inFlight.isEmpty }

    /// The oldest command that is remembered.
    @inline(__always)
    var first: PendingCommand? { inFlight.isEmpty ? nil : inFlight.first }

    /// Adds a command.
    ///
    /// - Parameter marks: what is known of it beside what the queue itself knows.
    /// - Returns: false when there was no room to remember it.
    @inline(__always)
    mutating func send(
        _ command: SentCommand, _ marks: PendingCommand.Marks, at stamp: UInt64, _ books: inout RedisBooks,
        _ budget: inout Budget
    ) -> Bool {
        books.arrived(inFlight: count &+ 1)
        let limits = budget.limits
        guard repliesToPass == 0, inFlight.count < limits.inFlight, budget.inFlight < limits.inFlightInAll else {
            repliesToPass += command.replies
            return false
        }
        var marks = marks
        if marks.contains(.blocking) {
            blocking &+= 1
            if marks.contains(.transfer) { books.queues.beginWait(at: command.place) }
        } else if blocking > 0 {
            marks.insert(.behindBlocking)
        }
        inFlight.append(PendingCommand(command, marks, stamp: stamp), &budget.queueBytes)
        budget.inFlight &+= 1
        return true
    }

    /// Takes out the oldest command; nil when none is remembered.
    @inline(__always)
    mutating func takeFirst(_ books: inout RedisBooks, _ budget: inout Budget) -> PendingCommand? {
        if inFlight.isEmpty { return nil }
        let command = inFlight.removeFirst(&budget.queueBytes)
        budget.inFlight &-= 1
        if command.marks.contains(.blocking) {
            blocking &-= 1
            if command.marks.contains(.transfer) { books.queues.endWait(at: command.place) }
        }
        return command
    }

    /// Takes note that all commands in flight were waiting behind the one just taken out.
    mutating func haveWaited() {
        inFlight.update { $0.mark(.behindBlocking) }
    }

    /// Takes note that the oldest command, a subscription, expects more confirmations.
    mutating func expectMoreConfirmations() {
        if !inFlight.isEmpty { inFlight.first.expectMoreConfirmations() }
    }

    /// Passes over a reply to a command that is not remembered; false when there is none.
    mutating func passReply() -> Bool {
        if repliesToPass == 0 { return false }
        repliesToPass -= 1
        return true
    }

    /// Counts all commands in flight as unmeasured, and forgets them.
    mutating func giveUp(_ reason: UnmeasuredReason, _ books: inout RedisBooks, _ budget: inout Budget) {
        while let command = takeFirst(&books, &budget) {
            if command.marks.contains(.isCounted) { continue }
            books.wire.countUnmeasured(command.role == .shutdown && reason == .closed ? .noReply : reason)
        }
        repliesToPass = 0
        giveBack(&budget)
    }
}
