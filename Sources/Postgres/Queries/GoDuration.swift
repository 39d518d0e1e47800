// DURATION columns hold spans of time as Go programs print them.

/// Spans of time as Go writes them, which is what postgres_exporter reads in a DURATION column.
enum GoDuration {
    private static let units: [String: Double] = [
        "h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9,
    ]

    /// The seconds in a text such as `1h2m3.5s` or `-300ms`; nil for anything else.
    static func seconds(in text: String) -> Double? {
        var rest = text[...]
        let sign: Double = rest.hasPrefix("-") ? -1 : 1
        if rest.hasPrefix("-") || rest.hasPrefix("+") { rest.removeFirst() }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest[number.endIndex...]
            let unit = rest.prefix { $0.isLetter }
            rest = rest[unit.endIndex...]
            guard let value = Double(number), let factor = units[String(unit)] else { return nil }
            total += value * factor
        }
        return sign * total
    }
}
