// Whether a figure of a long-running program stays where it is. Load makes such figures swing, and what swings has a
// floor; a leak is what raises the floor.

/// A figure over a run: the floor of its first half and of its second.
public struct Flatness: Sendable {
    public let early: Double
    public let late: Double
    /// How far the second floor may lie above the first.
    public let allowance: Double

    /// - Parameters:
    ///   - values: in equal steps over the whole run. The first two fifths are the program's way to its working size
    ///     and are left out.
    ///   - allowance: growth of the floor that is no leak yet.
    public init?(of values: [Double], allowance: Double) {
        let settled = values.dropFirst(values.count * 2 / 5)
        guard let early = settled.prefix(settled.count / 2).min(), let late = settled.suffix(settled.count / 2).min()
        else { return nil }
        self.early = early
        self.late = late
        self.allowance = allowance
    }

    public var isFlat: Bool { late <= early + allowance }
}
