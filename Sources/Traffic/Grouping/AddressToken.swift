// Addresses hold the delimiters of keys, so they have to be found before a key is cut: `rl:2001:db8::cafe` has one
// piece after `rl`, and not four.

/// Finds network addresses.
///
/// Digits are told from letters and never from each other, so that keys of one layout are judged alike.
enum AddressToken {
    /// Where the address ends that starts at a place: IPv4 or IPv6 with its zone, brackets and prefix length, or the
    /// hardware address with colons; nil when there is none.
    static func end(_ key: Span<UInt8>, _ start: Int, _ kinds: ByteKinds) -> Int? {
        if key[start] == UInt8(ascii: "[") {
            guard start + 1 < key.count, let end = bare(key, start + 1, kinds), end < key.count,
                key[end] == UInt8(ascii: "]")
            else { return nil }
            return end + 1
        }
        guard let end = bare(key, start, kinds) else { return nil }
        return prefixLengthEnd(key, end)
    }

    private static func bare(_ key: Span<UInt8>, _ start: Int, _ kinds: ByteKinds) -> Int? {
        if let end = fourEnd(key, start), isEdge(key, end, kinds) { return end }
        return colonsEnd(key, start, kinds)
    }

    /// Where four numbers of up to three digits with dots end (RFC 3986 section 3.2.2).
    private static func fourEnd(_ key: Span<UInt8>, _ start: Int) -> Int? {
        var place = start
        for part in 0..<4 {
            if part > 0 {
                guard place < key.count, key[place] == UInt8(ascii: ".") else { return nil }
                place += 1
            }
            let end = Digits.end(key, place)
            guard 1...3 ~= end - place else { return nil }
            place = end
        }
        return place
    }

    /// Where groups of hexadecimal digits with colons end, if they are an IPv6 address (RFC 4291 section 2.2) or six or
    /// more pairs.
    private static func colonsEnd(_ key: Span<UInt8>, _ start: Int, _ kinds: ByteKinds) -> Int? {
        var (place, end, pairsEnd) = (start, start, start)
        var (groups, pairs) = (0, 0)
        var gap: Int?
        if isDoubleColon(key, start) {
            gap = 0
            place = start + 2
        }
        while let next = groupEnd(key, place, kinds) {
            groups += 1
            if next - place == 2, pairs == groups - 1 { (pairs, pairsEnd) = (groups, next) }
            if gap != nil, let four = fourEnd(key, place), isEdge(key, four, kinds) {
                end = four
                break
            }
            end = next
            guard next < key.count, key[next] == UInt8(ascii: ":") else { break }
            place = next + 1
            guard isDoubleColon(key, next) else { continue }
            if gap != nil { break }
            gap = groups
            place = next + 2
            if isEdge(key, place, kinds) { end = place }
        }
        if isAddress(key, start, groups: groups, gap: gap, kinds) { return zoneEnd(key, end, kinds) }
        return pairs >= 6 ? pairsEnd : nil
    }

    /// Whether so many groups, with `::` after so many, are an address. `user::42` and `a::b` are the keys of caches
    /// that write two colons after their name.
    private static func isAddress(_ key: Span<UInt8>, _ start: Int, groups: Int, gap: Int?, _ kinds: ByteKinds) -> Bool
    {
        switch gap {
        case nil: groups >= 8
        case 0?: groups >= 1
        case 1? where groups <= 2:
            groups == 2 && (hasDigit(key, start, kinds) || startsLikeLocalAddress(key, start))
        default: groups >= 2
        }
    }

    /// Whether the group that starts at a place has a digit.
    private static func hasDigit(_ key: Span<UInt8>, _ start: Int, _ kinds: ByteKinds) -> Bool {
        var place = start
        while place < key.count, kinds[key[place]].isHexadecimal {
            if kinds[key[place]] == .digit { return true }
            place += 1
        }
        return false
    }

    /// `fe80` to `febf` and `fc00` to `fdff`: link-local and unique local addresses.
    private static func startsLikeLocalAddress(_ key: Span<UInt8>, _ start: Int) -> Bool {
        guard start + 4 < key.count, key[start + 4] == UInt8(ascii: ":"), key[start] | 0x20 == UInt8(ascii: "f") else {
            return false
        }
        return "cdeCDE".utf8.contains(key[start + 1])
    }

    private static func isDoubleColon(_ key: Span<UInt8>, _ place: Int) -> Bool {
        place + 1 < key.count && key[place] == UInt8(ascii: ":") && key[place + 1] == UInt8(ascii: ":")
    }

    /// Where one to four hexadecimal digits end, which nothing of a word may follow.
    private static func groupEnd(_ key: Span<UInt8>, _ start: Int, _ kinds: ByteKinds) -> Int? {
        var place = start
        while place < key.count, place - start < 5, kinds[key[place]].isHexadecimal { place += 1 }
        guard 1...4 ~= place - start, place == key.count || !kinds[key[place]].isAlphanumeric else { return nil }
        return place
    }

    /// `%eth0` (RFC 4007 section 11).
    private static func zoneEnd(_ key: Span<UInt8>, _ start: Int, _ kinds: ByteKinds) -> Int {
        guard start < key.count, key[start] == UInt8(ascii: "%") else { return start }
        var place = start + 1
        while place < key.count, kinds[key[place]].isAlphanumeric || kinds[key[place]] == .weak { place += 1 }
        return place
    }

    /// `/24`.
    private static func prefixLengthEnd(_ key: Span<UInt8>, _ start: Int) -> Int {
        guard start < key.count, key[start] == UInt8(ascii: "/") else { return start }
        let end = Digits.end(key, start + 1)
        return 1...3 ~= end - start - 1 ? end : start
    }

    /// Whether nothing of a word stands at a place.
    private static func isEdge(_ key: Span<UInt8>, _ place: Int, _ kinds: ByteKinds) -> Bool {
        place >= key.count || !kinds[key[place]].isAlphanumeric
    }
}

/// Runs of digits.
enum Digits {
    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// Where the digits that start at a place end.
    static func end(_ key: Span<UInt8>, _ start: Int) -> Int {
        var place = start
        while place < key.count, isDigit(key[place]) { place += 1 }
        return place
    }

    /// Where exactly so many digits end; nil when there are more or fewer.
    static func end(_ key: Span<UInt8>, _ start: Int, count: Int) -> Int? {
        let end = end(key, start)
        return end - start == count ? end : nil
    }
}
