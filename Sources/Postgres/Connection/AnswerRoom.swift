// What the answers of one poll take of the memory that all targets share: rows, and what libpq holds besides them.

import System

/// Room for the answers of one connection.
struct AnswerRoom: ~Copyable {
    /// What a byte of a message takes that is not whole yet: in libpq's buffer, in its result, and as text.
    private static let bytesPerByte = 4
    /// What a cell takes besides its text.
    private static let bytesPerCell = 32

    private let mostBesides: Int
    private var room: MemoryHold
    /// What rows take.
    private var rows = 0
    /// What libpq holds besides.
    private var besides = 0

    init(_ memory: MemoryBudget) {
        mostBesides = memory.share(of: .replies) / 2
        room = MemoryHold(memory, for: .replies)
    }

    /// Makes room for a row; false when there is none.
    mutating func takes(cells: Int, _ bytes: Int) -> Bool {
        rows += cells * Self.bytesPerCell + bytes
        return room.covers(rows + besides)
    }

    /// Makes room for what libpq has read; false when there is none.
    mutating func takesInput(_ input: InputMeter) -> Bool {
        besides = Self.bytesPerByte * input.besides
        return room.covers(rows + besides)
    }

    /// Whether a connection has been told more, over all its polls, than libpq is to hold.
    func isWornOut(by input: InputMeter) -> Bool { Self.bytesPerByte * input.besidesInAll > mostBesides }

    /// Takes note that nothing is needed any more of what came.
    mutating func endPoll() {
        room.release()
        (rows, besides) = (0, 0)
    }
}
