// The users of Redis' access control lists that there are from the start.

/// A user's row.
typealias UserID = UInt16

/// The rows of users.
enum RedisUsers {
    /// The user of a connection that has not said otherwise.
    static let standard: UserID = 0
    /// The user of a connection that was joined in the middle.
    static let unknown: UserID = 1

    /// The rows; users for whom there is no more room are `other`.
    static func rows(_ places: RowPlaces) -> NamedRows {
        NamedRows(["default", "unknown", "other"], places)
    }
}
