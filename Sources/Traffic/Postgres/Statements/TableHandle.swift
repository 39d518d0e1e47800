// Statements are remembered for as long as a session lasts; tables come and go. So a statement keeps a number for its
// table, which stays meaningful when the table has lost its place.

/// The table of a statement.
struct TableHandle: Equatable, BitwiseCopyable, Sendable {
    let value: UInt32

    /// The statement works on none.
    static let none = TableHandle(place: 0xFFFF, generation: 0)
    /// Its text was not seen.
    static let unknown = TableHandle(place: 0xFFFE, generation: 0)
    /// One for which there is no room.
    static let other = TableHandle(place: 0xFFFD, generation: 0)
    /// One of the system's own.
    static let catalog = TableHandle(place: 0xFFFC, generation: 0)

    init(place: Int, generation: UInt16) {
        value = UInt32(place) << 16 | UInt32(generation)
    }

    init(value: UInt32) {
        self.value = value
    }

    @inline(__always)
    var place: Int { Int(value >> 16) }
    @inline(__always)
    var generation: UInt16 { UInt16(truncatingIfNeeded: value) }
}

/// What is remembered of a prepared statement, or of a portal.
struct StatementFacts: Equatable, BitwiseCopyable, Sendable {
    var table: TableHandle
    /// By its text; its CommandComplete knows better.
    var type: StatementType
    /// Whether its text was seen.
    var isKnown = true
    /// Whether it has a name, or comes from a statement that has one.
    var isNamed = false

    /// A statement that was prepared before the capture began.
    static let unknown = StatementFacts(table: .unknown, type: .other, isKnown: false, isNamed: true)
}
