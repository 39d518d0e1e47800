// Between MULTI and EXEC Redis answers QUEUED and does nothing. What the commands did stands in EXEC's reply, one
// element for each: that is where their hits, misses and bytes come from. Task queues run most of their commands so.

/// The commands of a connection's open transaction, in the order in which they were queued.
///
/// There is room for so many, on each connection and on all. One beyond that is not remembered, only counted.
struct TransactionQueue: Sendable {
    private var commands = InFlightQueue<PendingCommand>()
    /// Commands that were queued and for which there was no room; they are the last ones.
    private(set) var forgotten = 0

    var isEmpty: Bool { commands.isEmpty && forgotten == 0 }

    /// Bytes that it takes.
    var bytes: Int { commands.bytes }

    /// Gives back what it takes while it is empty.
    mutating func giveBack(_ budget: inout Budget) { commands.giveBack(&budget.queueBytes) }

    /// How many results EXEC has to bring.
    var count: Int { commands.count + forgotten }

    /// Adds a command that was answered with QUEUED.
    mutating func append(_ command: PendingCommand, _ budget: inout Budget) {
        let limits = budget.limits
        guard forgotten == 0, commands.count < limits.queued, budget.queued < limits.queuedInAll else {
            forgotten += 1
            return
        }
        commands.append(command, &budget.queueBytes)
        budget.queued += 1
    }

    /// Takes out the command to which the next result belongs; nil when it is not remembered.
    mutating func takeFirst(_ budget: inout Budget) -> PendingCommand? {
        if commands.isEmpty {
            forgotten = Swift.max(0, forgotten - 1)
            return nil
        }
        budget.queued -= 1
        return commands.removeFirst(&budget.queueBytes)
    }

    /// Forgets all: they will not run, or what they did is not known.
    mutating func clear(_ budget: inout Budget) {
        budget.queued -= commands.count
        budget.queueBytes -= commands.bytes
        self = TransactionQueue()
    }
}
