// Dates and times in columns of the queries file become seconds since 1970, as in postgres_exporter.

import Metrics

/// Dates and times in Postgres' ISO form.
enum PostgresTime {
    /// Seconds since 1970 of a `date`, `timestamp` or `timestamptz` such as `2024-11-28 20:15:03.5+01`; nil for
    /// anything else. Without an offset the time is taken for UTC, and the years of ` BC` are known.
    static func seconds(in text: String) -> Double? {
        var rest = text[...]
        let isBeforeChrist = rest.hasSuffix(" BC")
        if isBeforeChrist { rest = rest.dropLast(3) }
        let halves = rest.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let date = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        guard date.count == 3, date[0].utf8.count >= 4, let year = number(date[0]), let month = number(date[1]),
            let day = number(date[2]), (1...12).contains(month), (1...31).contains(day), year <= 294_276
        else { return nil }
        let days = GregorianCalendar.days(year: isBeforeChrist ? 1 - year : year, month: month, day: day)
        guard halves.count > 1 else { return Double(days) * 86400 }
        return time(halves[1]).map { Double(days) * 86400 + $0 }
    }

    /// Seconds since midnight UTC of `20:15:03.5+01`.
    private static func time(_ text: Substring) -> Double? {
        let sign = text.lastIndex { $0 == "+" || $0 == "-" }
        guard let clock = sexagesimal(text[..<(sign ?? text.endIndex)], count: 3...3) else { return nil }
        guard let sign else { return clock }
        guard let offset = sexagesimal(text[text.index(after: sign)...], count: 1...3) else { return nil }
        return text[sign] == "+" ? clock - offset : clock + offset
    }

    /// The seconds of `hours:minutes:seconds`, of which the last may be missing.
    private static func sexagesimal(_ text: Substring, count: ClosedRange<Int>) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard count.contains(parts.count) else { return nil }
        var seconds = 0.0
        for (part, unit) in zip(parts, [3600.0, 60, 1]) {
            guard part.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }), let value = Double(part) else {
                return nil
            }
            seconds += value * unit
        }
        return seconds
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }
}
