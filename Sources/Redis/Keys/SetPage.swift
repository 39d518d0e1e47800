// A set may have any number of members, and SMEMBERS of a large one holds Redis for milliseconds. So sets are read page
// by page.

/// Some members of a set, by one SSCAN.
struct SetPage {
    /// Those that are text. One may be on several pages.
    let members: [String]
    /// Where the next page begins; nil after the last one.
    let next: String?

    /// Microseconds that one takes.
    static let cost = 40.0

    /// Nil when the reply is something else.
    init?(_ reply: RedisReply) {
        guard let parts = reply.elements, parts.count == 2, let next = parts[0].text, let members = parts[1].elements
        else { return nil }
        self.next = next == Self.start ? nil : next
        self.members = members.compactMap(\.text)
    }

    static func query(_ key: String, from cursor: String = start) -> RedisQuery {
        RedisQuery("SSCAN", [key, cursor, "COUNT", "200"], bound: bound)
    }

    static let start = "0"
    private static let bound = ReplyBound(bytes: 256 << 10, isOptional: true)
}
