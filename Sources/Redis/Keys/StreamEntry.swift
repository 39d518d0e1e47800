// Identifiers of stream entries. Redis makes them of its clock unless a client brings its own; only then do they tell
// an age.

/// `1700000000000-0`: milliseconds since 1970 and a running number.
struct StreamEntryID: Sendable, Hashable, Comparable {
    let milliseconds: UInt64
    let sequence: UInt64

    init(_ milliseconds: UInt64, _ sequence: UInt64) {
        self.milliseconds = milliseconds
        self.sequence = sequence
    }

    init?(_ text: String?) {
        guard let parts = text?.split(separator: "-"), parts.count == 2, let milliseconds = UInt64(parts[0]),
            let sequence = UInt64(parts[1])
        else { return nil }
        self.init(milliseconds, sequence)
    }

    static func < (left: StreamEntryID, right: StreamEntryID) -> Bool {
        (left.milliseconds, left.sequence) < (right.milliseconds, right.sequence)
    }

    /// The least identifier that is greater, as XRANGE takes it on servers that know no open intervals.
    var successor: String {
        sequence == .max ? "\(milliseconds &+ 1)-0" : "\(milliseconds)-\(sequence + 1)"
    }

    /// Seconds since the entry was added; nil where the identifier is a number of the client's own.
    ///
    /// - Parameter now: the server's time of day in seconds since 1970.
    func age(at now: Double) -> Double? {
        let time = Double(milliseconds) / 1000
        guard time >= Self.earliest, time <= now + Self.tolerance else { return nil }
        return max(0, now - time)
    }

    /// September 2001. There were no streams before 2018; smaller numbers are counted ones.
    private static let earliest = 1e9
    private static let tolerance = 86_400.0
}
