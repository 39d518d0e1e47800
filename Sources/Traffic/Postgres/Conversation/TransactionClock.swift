// A transaction that is left open holds its locks and keeps VACUUM from its work. The server says with each
// ReadyForQuery whether a session is in one.

/// Whether a session is in a transaction of its own, since when, and since when it does nothing in it.
///
/// Only explicit transactions are meant: those that a ReadyForQuery shows, and those that begin and end within one
/// Query message.
struct TransactionClock: Sendable {
    /// When the statement began that opened it, in nanoseconds since 1970; 0 for none, or for one whose beginning was
    /// not seen.
    private var begin: UInt64 = 0
    /// Since when its client has been silent; 0 while it is not, or outside of a transaction.
    private var idleSince: UInt64 = 0
    private var isOpen = false
    /// How the one that was ended last by a statement has ended.
    private var outcome = TransactionMark.none

    /// A statement was answered.
    @inline(__always)
    mutating func answered(_ mark: TransactionMark, from stamp: UInt64, at end: UInt64, _ counts: inout PostgresCounts)
    {
        switch mark {
        case .none: break
        case .begin:
            if outcome != .none, isOpen { close(at: end, &counts) }
            if !isOpen { (isOpen, begin) = (true, stamp) }
        case .commit, .rollback: outcome = mark
        }
    }

    /// The server is ready, and says whether it is in a transaction.
    @inline(__always)
    mutating func ready(isInTransaction: Bool, at stamp: UInt64, _ counts: inout PostgresCounts) {
        if isInTransaction {
            // COMMIT AND CHAIN; a ROLLBACK that leaves the transaction open went to a savepoint.
            if outcome == .commit, isOpen {
                close(at: stamp, &counts)
                begin = stamp
            }
            outcome = .none
            isOpen = true
            idleSince = stamp
        } else if isOpen {
            close(at: stamp, &counts)
        } else {
            outcome = .none
        }
    }

    /// The client goes on.
    @inline(__always)
    mutating func goesOn(at stamp: UInt64, _ counts: inout PostgresCounts) {
        if idleSince == 0 { return }
        counts.wasIdle(from: idleSince, to: stamp)
        idleSince = 0
    }

    /// The connection ends, and with it what was open.
    mutating func disconnect(at stamp: UInt64, _ counts: inout PostgresCounts) {
        goesOn(at: stamp, &counts)
        guard isOpen else { return }
        outcome = .rollback
        close(at: stamp, &counts)
    }

    /// What the session is in is not known any longer.
    mutating func forget() {
        self = TransactionClock()
    }

    private mutating func close(at stamp: UInt64, _ counts: inout PostgresCounts) {
        switch outcome {
        case .commit: counts.committed &+= 1
        case .rollback: counts.rolledBack &+= 1
        case .none, .begin: break  // its last statement was not seen
        }
        if begin > 0 { counts.endTransaction(from: begin, to: stamp) }
        (isOpen, begin, idleSince, outcome) = (false, 0, 0, .none)
    }
}
