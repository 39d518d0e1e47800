// The size of single keys, and their value where it is a number. Families and labels are redis_exporter's
// (--check-keys, --check-single-keys). A text is never shown: values belong to the users. Where nobody wants numbers
// either, no value is asked for, and the size of a HyperLogLog is that of a string.

import Metrics

/// The part of a poll that looks at the operator's keys.
struct KeyChecks: KeyLook {
    static let name = "redis_keys"

    private static let labels = ["db", "key"]
    static let size = Descriptor(
        .gauge, "redis_key_size", labels: labels,
        help: "Bytes or items of a key, 0 where there is none (STRLEN, LLEN, SCARD, ZCARD, HLEN, XLEN).")
    static let memory = Descriptor(
        .gauge, "redis_key_memory_usage_bytes", labels: labels, help: "Memory of a key (MEMORY USAGE).")
    static let value = Descriptor(
        .gauge, "redis_key_value", labels: labels,
        help: "Value of a key that holds a number of at most 32 bytes (GETRANGE).")
    static let leftOut = Descriptor(
        .gauge, "sidelong_redis_keys_left_out",
        help: "Keys that match --keys.check and are not shown: there are more than 1,000, or their names are no text.")

    static let descriptors = [size, memory, value, leftOut]

    enum Purpose: Sendable {
        case scan(Int)
        case memory(KeyPattern)
        case type(KeyPattern)
        case size(KeyPattern)
        /// The beginning of a string.
        case beginning(KeyPattern)
    }

    let pace: Duration
    var trips = RoundTrips<Purpose>()
    var stage = KeyLookStage.idle
    private let singly: [KeyPattern]
    private let wantsValues: Bool
    private var walks: KeyWalks
    private var found = Samples()

    init(_ settings: KeySettings) {
        pace = settings.interval
        wantsValues = settings.wants(Self.value)
        singly = settings.checkedSingly + settings.checked.filter { !$0.isPattern }
        walks = KeyWalks(settings.checked.filter(\.isPattern).map { KeyWalk($0) })
    }

    var isWanted: Bool { !singly.isEmpty || !walks.walks.isEmpty }

    mutating func enter(_ stage: KeyLookStage, _ poll: RedisPoll) {
        guard stage == .looking else {
            for index in walks.begin(on: poll.server) { scan(index, walks.walks[index].query) }
            return
        }
        found = Samples()
        let scanned = walks.walks.flatMap { walk in
            walk.names.map { KeyPattern(database: walk.pattern.database, $0) }
        }
        var keys: [KeyPattern] = []
        var known: Set<KeyPattern> = []
        for key in singly + scanned where known.insert(key).inserted { keys.append(key) }
        let shown = keys.prefix(max(KeyWalk.mostNames, singly.count))
        if !walks.walks.isEmpty {
            let total = walks.walks.reduce(0) { $0 + ($1.total ?? $1.names.count) }
            found.add(Self.leftOut, Double(max(0, total - scanned.count) + keys.count - shown.count))
        }
        // It finds out whether there is such a key without counting as a hit or a miss.
        for key in shown { trips.add(RedisQuery("MEMORY USAGE", key.text), in: key.database, .memory(key)) }
    }

    private mutating func scan(_ index: Int, _ query: RedisQuery) {
        trips.add(query, in: walks.walks[index].pattern.database, .scan(index), cost: KeyWalk.cost)
    }

    mutating func take(_ reply: RedisReply, for purpose: Purpose, in poll: RedisPoll) {
        switch purpose {
        case .scan(let index):
            if let query = walks.take(reply, of: index) { scan(index, query) }
        case .memory(let key):
            if case .null = reply { return found.add(Self.size, 0, key.label, key.text) }
            found.add(Self.memory, ifKnown: reply.integer.map { Double($0) }, key.label, key.text)
            trips.add(RedisQuery("TYPE", key.text), in: key.database, .type(key))
        case .type(let key):
            if case .status("none") = reply { return found.add(Self.size, 0, key.label, key.text) }
            guard let type = reply.keyType, let command = Self.lengths[type] else { return }
            if type == "string", wantsValues {
                let query = RedisQuery("GETRANGE", key.text, "0", "\(Self.mostOfValue - 1)")
                trips.add(query, in: key.database, .beginning(key))
            } else {
                trips.add(RedisQuery(command, key.text), in: key.database, .size(key))
            }
        case .size(let key):
            found.add(Self.size, ifKnown: reply.integer.map { Double($0) }, key.label, key.text)
        case .beginning(let key):
            guard case .bulk(let bytes) = reply else { return }
            if HyperLogLog.isOne(bytes) {
                found.add(Self.size, ifKnown: HyperLogLog.knownCount(bytes), key.label, key.text)
                return
            }
            guard bytes.count < Self.mostOfValue else {
                return trips.add(RedisQuery("STRLEN", key.text), in: key.database, .size(key))
            }
            found.add(Self.size, Double(bytes.count), key.label, key.text)
            let number = Double(String(decoding: bytes, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
            found.add(Self.value, ifKnown: number, key.label, key.text)
        }
    }

    func finish(_ poll: RedisPoll) -> Samples { found }

    /// Bytes of a string that are fetched; one that fills them may be longer.
    private static let mostOfValue = 32

    private static let lengths = [
        "string": "STRLEN", "list": "LLEN", "set": "SCARD", "zset": "ZCARD", "hash": "HLEN", "stream": "XLEN",
        "array": "ARCOUNT",
    ]
}

/// A string that estimates how many different things were added to it. PFCOUNT would do as well, but writes its result
/// into the key; the result of the last one stands in the first bytes (hyperloglog.c, struct hllhdr).
enum HyperLogLog {
    static func isOne(_ bytes: [UInt8]) -> Bool { bytes.count >= 16 && bytes.starts(with: "HYLL".utf8) }

    /// What PFCOUNT has found when it was last used; nil where something was added since.
    static func knownCount(_ bytes: [UInt8]) -> Double? {
        guard isOne(bytes), bytes[15] & 0x80 == 0 else { return nil }
        return Double(bytes[8..<16].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}
