// XINFO, XPENDING and XRANGE, read by name: newer servers have more fields, in another order.

/// A reply of names and values.
struct NamedValues {
    private var values: [String: RedisReply] = [:]

    /// Nil when the reply is something else.
    init?(_ reply: RedisReply) {
        guard let pairs = reply.pairs else { return nil }
        for (key, value) in pairs { if let name = key.text { values[name] = value } }
    }

    subscript(name: String) -> RedisReply? { values[name] }

    func number(_ name: String) -> Double? { values[name]?.integer.map { Double($0) } }

    func entryID(_ name: String) -> StreamEntryID? { StreamEntryID(values[name]?.text) }
}

/// What is known of one stream (XINFO STREAM).
struct StreamInfo: Sendable {
    let lastGenerated: StreamEntryID?
    let first: StreamEntryID?
    let last: StreamEntryID?
    let maxDeleted: StreamEntryID?
    let length, radixTreeKeys, radixTreeNodes, groups, added: Double?

    init?(_ reply: RedisReply) {
        guard let values = NamedValues(reply) else { return nil }
        length = values.number("length")
        radixTreeKeys = values.number("radix-tree-keys")
        radixTreeNodes = values.number("radix-tree-nodes")
        groups = values.number("groups")
        added = values.number("entries-added")
        lastGenerated = values.entryID("last-generated-id")
        maxDeleted = values.entryID("max-deleted-entry-id")
        first = values["first-entry"]?.entryID
        last = values["last-entry"]?.entryID
    }
}

/// What is known of one group (XINFO GROUPS).
struct StreamGroup: Sendable {
    let name: String
    let consumers, pending: Double?
    let lastDelivered: StreamEntryID?
    /// Nil where the server does not know it, or is older than Redis 7.
    let entriesRead, lag: Double?

    init?(_ reply: RedisReply) {
        guard let values = NamedValues(reply), let name = values["name"]?.bytes,
            let name = String(validating: name, as: UTF8.self)
        else { return nil }
        self.name = name
        consumers = values.number("consumers")
        pending = values.number("pending")
        lastDelivered = values.entryID("last-delivered-id")
        entriesRead = values.number("entries-read")
        lag = values.number("lag")
    }
}

extension RedisReply {
    /// The identifier of an entry: the first of its elements.
    var entryID: StreamEntryID? { StreamEntryID(elements?.first?.text) }
}
