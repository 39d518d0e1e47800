// What our own queries add to Redis' counts of keys that were found and not found. Redis counts each look-up of a
// key, by clients and by Sidelong alike; a hit rate that is to tell of the clients has to do without ours.

import Metrics

/// Hits and misses by commands of ours.
struct OwnLookups: Sendable {
    static let hits = Descriptor(
        .counter, "sidelong_redis_own_keyspace_hits_total",
        help: "Keys that Sidelong itself has looked up and found; they are part of redis_keyspace_hits_total.")
    static let misses = Descriptor(
        .counter, "sidelong_redis_own_keyspace_misses_total",
        help: "Keys that Sidelong itself has looked up and not found; part of redis_keyspace_misses_total.")

    static let descriptors = [hits, misses]

    private var found = 0
    private var missed = 0

    /// Counts what the replies to some commands say.
    mutating func count(_ queries: [RedisQuery], _ replies: [RedisReply], of server: ServerIdentity) {
        for (query, reply) in zip(queries, replies) {
            if server.looksUpTypes, query.words.contains("TYPE"), query.title == "SCAN" {
                found += reply.elements?.last?.elements?.count ?? 0
            }
            guard let isHit = Self.isHit(query, reply) else { continue }
            if isHit { found += 1 } else { missed += 1 }
        }
    }

    var samples: Samples {
        var samples = Samples()
        samples.add(Self.hits, Double(found))
        samples.add(Self.misses, Double(missed))
        return samples
    }

    /// Whether a command that asks for a key has found it; nil for one that counts neither way, such as MEMORY USAGE.
    static func isHit(_ query: RedisQuery, _ reply: RedisReply) -> Bool? {
        guard let rule = rules[query.title] else { return nil }
        if case .error(let text) = reply {
            // An answer from the key itself, or none at all: the user may not, or another node has it.
            return text.hasPrefix("WRONGTYPE") ? true : text.mentions("no such key") ? false : nil
        }
        switch rule {
        case .emptyIsMiss: return !reply.saysNothing
        case .always: return true
        case .field: return reply != .null || query.words.last == optionalField
        case .page: return query.words.dropFirst(2).first != SetPage.start || !reply.isEmptyPage
        }
    }

    private enum Rule {
        /// Redis keeps no collection without elements.
        case emptyIsMiss
        /// It is asked of keys that are there, and may be empty: streams and strings.
        case always
        /// A hash of which a field is asked for that it has; see ``optionalField``.
        case field
        /// A page of a set. Later pages are asked of sets that are there, and may be empty.
        case page
    }

    /// A field that may be missing in a hash that is there: that of a BullMQ queue which was never paused.
    static let optionalField = "paused"

    private static let rules: [String: Rule] = {
        let names: [(String, Rule)] = [
            ("TYPE LLEN SCARD ZCARD HLEN ARCOUNT LINDEX ZRANGE GETRANGE", .emptyIsMiss),
            ("STRLEN XLEN XRANGE XPENDING", .always), ("HGET", .field), ("SSCAN", .page),
        ]
        let single = names.flatMap { words, rule in words.split(separator: " ").map { (String($0), rule) } }
        let streams = ["XINFO STREAM", "XINFO GROUPS", "XINFO CONSUMERS"].map { ($0, Rule.always) }
        return Dictionary(uniqueKeysWithValues: single + streams)
    }()
}

extension RedisReply {
    /// Whether a reply says that there is nothing: a null, 0, `none`, or a text or an array without content.
    fileprivate var saysNothing: Bool {
        switch self {
        case .null, .integer(0), .status("none"), .bulk([]), .array([]): true
        default: false
        }
    }

    /// Whether it is the last page of a walk, without content.
    fileprivate var isEmptyPage: Bool {
        elements.map { $0.count == 2 && $0[0].text == SetPage.start && $0[1] == .array([]) } ?? false
    }
}

extension ServerIdentity {
    /// Whether SCAN with a type counts each key that the pattern fits as found. Keys of another type are counted too,
    /// and are not in the reply; with a pattern for streams there are none.
    fileprivate var looksUpTypes: Bool { !hasNoTouch }
}
