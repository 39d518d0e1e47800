// Figures as people read them: in the log, on the health page, in the table of `sidelong check`.

enum Figure {
    /// A figure for people: two digits after the point at the most.
    static func short(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return Int64(exactly: rounded).map { "\($0)" } ?? "\(rounded)"
    }
}
