// Each target has books of its own: its groups and its figures are no other's, so that groups of the same name are not
// added up. One target is the common case, and its books lie in the lane itself.

/// The books of one of several targets.
///
/// A class because books are never copied and an array would; it never leaves the engine, which has one user at a
/// time.
final class TargetBooks<P: WireProtocol & ~Copyable>: @unchecked Sendable {
    var books: P

    init(_ books: consuming P) {
        self.books = books
    }
}
