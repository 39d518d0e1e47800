// Each target has books of its own: its key groups, its commands and its figures are nobody else's, so that groups of
// the same name are not added up. One target is the common case, and has the engine's own books.

/// The books of one of several targets.
///
/// A class because books are never copied and an array would; it never leaves the engine, which has one user at a
/// time.
final class TargetBooks: @unchecked Sendable {
    var books: RedisBooks

    init(_ settings: TrafficSettings) {
        books = RedisBooks(settings)
    }
}
