// `stats:2024-11-20T07:30:00Z` is one moment, and `stats:*`.

/// Finds moments that are written with delimiters of keys (RFC 3339 and its relatives). A date alone needs no finding:
/// it is digits between weak delimiters.
enum TimeToken {
    /// Where the date with a time, or the time with seconds, ends that starts at a place; nil when there is none.
    static func end(_ key: Span<UInt8>, _ start: Int, _ kinds: ByteKinds) -> Int? {
        guard let clock = dateEnd(key, start).flatMap({ clockStart(key, $0) }) else {
            guard let end = clockEnd(key, start, atLeast: 3) else { return nil }
            return edge(key, end, kinds)
        }
        guard let end = clockEnd(key, clock, atLeast: 1) ?? compactClockEnd(key, clock) else { return nil }
        return edge(key, zoneEnd(key, end), kinds)
    }

    /// `2024-11-20`, with any weak delimiter, or `20241120`.
    private static func dateEnd(_ key: Span<UInt8>, _ start: Int) -> Int? {
        if let end = Digits.end(key, start, count: 8) { return end }
        guard let year = Digits.end(key, start, count: 4), year < key.count, "-_.".utf8.contains(key[year]),
            let month = Digits.end(key, year + 1, count: 2), month < key.count, key[month] == key[year]
        else { return nil }
        return Digits.end(key, month + 1, count: 2)
    }

    /// Where the time begins after a date and one of ` Tt_-`.
    private static func clockStart(_ key: Span<UInt8>, _ date: Int) -> Int? {
        date < key.count && " Tt_-".utf8.contains(key[date]) ? date + 1 : nil
    }

    /// `07`, `07:30`, `07:30:00.123`: at least so many parts of two digits each.
    private static func clockEnd(_ key: Span<UInt8>, _ start: Int, atLeast least: Int) -> Int? {
        guard var end = Digits.end(key, start, count: 2) else { return nil }
        var parts = 1
        while parts < 3, end < key.count, key[end] == UInt8(ascii: ":"),
            let next = Digits.end(key, end + 1, count: 2)
        {
            end = next
            parts += 1
        }
        guard parts >= least else { return nil }
        if parts == 3, end < key.count, ".,".utf8.contains(key[end]) {
            let fraction = Digits.end(key, end + 1)
            if fraction > end + 1 { end = fraction }
        }
        return end
    }

    /// `073000`.
    private static func compactClockEnd(_ key: Span<UInt8>, _ start: Int) -> Int? {
        Digits.end(key, start, count: 6) ?? Digits.end(key, start, count: 4)
    }

    /// `Z`, `+02:00`, `-0530`.
    private static func zoneEnd(_ key: Span<UInt8>, _ start: Int) -> Int {
        guard start < key.count else { return start }
        if key[start] | 0x20 == UInt8(ascii: "z") { return start + 1 }
        guard "+-".utf8.contains(key[start]) else { return start }
        if let end = Digits.end(key, start + 1, count: 4) { return end }
        guard let hours = Digits.end(key, start + 1, count: 2) else { return start }
        guard hours < key.count, key[hours] == UInt8(ascii: ":") else { return hours }
        return Digits.end(key, hours + 1, count: 2) ?? hours
    }

    /// The place, if nothing of a word stands there.
    private static func edge(_ key: Span<UInt8>, _ place: Int, _ kinds: ByteKinds) -> Int? {
        place >= key.count || !kinds[key[place]].isAlphanumeric ? place : nil
    }
}
