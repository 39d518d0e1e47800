// Figures as people read them: in the log, on the health page, in the table of `sidelong check`.

enum Figure {
    /// A figure for people: two digits after the point at the most.
    static func short(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return Int64(exactly: rounded).map { "\($0)" } ?? "\(rounded)"
    }

    /// A time for people, in the unit that they would say it in: `1.35 ms`, `2.5 s`, `3 min 20 s`, `2 h 5 min`.
    static func time(_ seconds: Double) -> String {
        guard seconds >= 0, seconds < 1e12 else { return "an unknown time" }
        if seconds < 0.9995 { return "\(short(seconds * 1000)) ms" }
        if seconds < 119.5 { return "\(short(seconds)) s" }
        let whole = Int(seconds.rounded())
        if whole < 7200 { return pair(whole / 60, "min", whole % 60, "s") }
        if whole < 48 * 3600 { return pair(whole / 3600, "h", whole % 3600 / 60, "min") }
        return pair(whole / 86400, "d", whole % 86400 / 3600, "h")
    }

    private static func pair(_ large: Int, _ unit: String, _ small: Int, _ smaller: String) -> String {
        small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(smaller)"
    }
}
