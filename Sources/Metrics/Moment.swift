// Points in time that stand on a page: when a counter began, when an exemplar was observed.

/// A point in time. Eight bytes, also where there may be none: most samples have none.
public struct Moment: Sendable, Hashable, Comparable {
    /// Since 1970.
    public let nanoseconds: UInt64

    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// - Returns: nil for what is no time since 1970: negative, not a number, or beyond the year 2500.
    public init?(seconds: Double) {
        guard (0..<1.8e10).contains(seconds) else { return nil }
        nanoseconds = UInt64(seconds * 1e9)
    }

    public static func < (left: Moment, right: Moment) -> Bool { left.nanoseconds < right.nanoseconds }
}
