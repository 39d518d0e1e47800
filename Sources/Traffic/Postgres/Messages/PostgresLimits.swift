// What a connection to Postgres may cost. A message may be 1 GiB long; of most nothing is looked at but the length.

/// Bounds of what is read and kept of messages.
enum PostgresLimits {
    /// The longest message, in bytes (`PQ_LARGE_MESSAGE_LIMIT` in libpq/libpq.h).
    static let message = 1 << 30
    /// The longest first message (`MAX_STARTUP_PACKET_LENGTH` in libpq/pqcomm.h).
    static let startup = 10_000
    /// How much of a statement's text is looked at.
    static let text = 4_096
    /// How much is looked at of a message that has names in it and no text.
    static let names = 256
    /// How much of an error is looked at: its severity and its code, which come first.
    static let error = 256
    /// How much of a CommandComplete is looked at.
    static let tag = 64
    /// Names of prepared statements that one connection remembers, and names of open portals.
    static let statementNames = 256
    static let portalNames = 64
}
