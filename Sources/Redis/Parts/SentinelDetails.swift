// What a Sentinel knows of each primary that it watches, beyond the line in INFO: whether a failover could be decided,
// how many are well, and how it is configured. Names and labels are redis_exporter's.

import Metrics

/// The part of a poll of a Sentinel that asks it about each of its primaries.
struct SentinelDetails: RedisPart {
    static let name = "redis_sentinel_masters"

    private static let labels = ["master_name", "master_address"]

    static let quorum = Descriptor(
        .gauge, "redis_sentinel_master_ckquorum_status", labels: ["master_name", "message"],
        help: "Whether enough Sentinels are there to decide on a failover and to run it (SENTINEL CKQUORUM).")
    static let goodSentinels = Descriptor(
        .gauge, "redis_sentinel_master_ok_sentinels", labels: labels,
        help: "Sentinels of a primary that are not down, this one included (SENTINEL SENTINELS flags).")
    static let goodReplicas = Descriptor(
        .gauge, "redis_sentinel_master_ok_slaves", labels: labels,
        help: "Replicas of a primary that are not down (SENTINEL SLAVES flags).")

    private static func row(_ field: String, _ name: String, _ what: String, scale: Double = 1) -> Row {
        let name = "redis_sentinel_master_" + name
        let help = "\(what) (SENTINEL MASTERS \(field))."
        return Row(field: field, descriptor: Descriptor(.gauge, name, labels: labels, help: help), scale: scale)
    }

    private struct Row {
        let field: String
        let descriptor: Descriptor
        let scale: Double
    }

    private static let rows = [
        row("config-epoch", "config_epoch", "Version of a primary's configuration, which grows with each failover"),
        row(
            "last-ok-ping-reply", "last_ok_ping_reply_seconds", "Time since a primary last answered PING well",
            scale: 1000),
        row("quorum", "setting_ckquorum", "Sentinels that have to agree that a primary is down"),
        row("failover-timeout", "setting_failover_timeout", "Milliseconds that a failover may take"),
        row("parallel-syncs", "setting_parallel_syncs", "Replicas that are synchronised at once after a failover"),
        row(
            "down-after-milliseconds", "setting_down_after_milliseconds",
            "Silence of a primary after which it is taken for down"),
    ]

    static let descriptors = [quorum, goodSentinels, goodReplicas] + rows.map(\.descriptor)

    func concerns(_ server: ServerIdentity) -> Bool { server.mode == .sentinel }

    func queries() -> [RedisQuery] { [RedisQuery("SENTINEL MASTERS")] }

    /// About all of its primaries, in a second round trip.
    func followUp(to answers: inout RedisAnswers, in poll: RedisPoll) -> [RedisQuery] {
        guard answers.count == 1, let primaries = try? Self.decode(answers[0]) else { return [] }
        return primaries.flatMap(Self.queries)
    }

    func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        var samples = Samples()
        var replies = answers.replies.dropFirst()
        for primary in try Self.decode(answers[0]) {
            Self.add(primary, replies.prefix(3), to: &samples)
            replies = replies.dropFirst(3)
        }
        return samples
    }

    /// A primary as `SENTINEL MASTERS` has it.
    struct Primary {
        let name: String
        let address: String
        fileprivate let fields: [String: String]
    }

    /// Primaries of one Sentinel beyond which none is looked at.
    static let mostPrimaries = 100

    /// Decodes the reply to SENTINEL MASTERS. What lacks name or address is left out.
    static func decode(_ reply: RedisReply) throws(CollectorFailure) -> [Primary] {
        guard let primaries = reply.elements else {
            throw CollectorFailure(.malformed, "SENTINEL MASTERS answered with something else than a list")
        }
        return primaries.prefix(mostPrimaries).compactMap { reply in
            let fields = fields(of: reply)
            guard let name = fields["name"], let ip = fields["ip"], let port = fields["port"] else { return nil }
            return Primary(name: name, address: "\(ip):\(port)", fields: fields)
        }
    }

    /// What is to be asked about a primary.
    static func queries(about primary: Primary) -> [RedisQuery] {
        ["SENTINEL CKQUORUM", "SENTINEL SENTINELS", "SENTINEL SLAVES"].map { RedisQuery($0, primary.name) }
    }

    /// Adds the families of one primary.
    ///
    /// - Parameter replies: those to `queries(about:)`. Of one that was refused the family is absent.
    static func add(_ primary: Primary, _ replies: some Collection<RedisReply>, to samples: inout Samples) {
        let labels = (primary.name, primary.address)
        for row in rows {
            let value = primary.fields[row.field].flatMap { Double($0) }.map { $0 / row.scale }
            samples.add(row.descriptor, ifKnown: value, labels.0, labels.1)
        }
        guard replies.count == 3 else { return }
        let replies = Array(replies)
        switch replies[0] {
        case .status(let text): samples.add(quorum, 1, primary.name, text)
        case .error(let text) where text.hasPrefix("NOQUORUM"): samples.add(quorum, 0, primary.name, text.shown)
        default: break
        }
        samples.add(goodSentinels, ifKnown: countOfGood(replies[1]).map { $0 + 1 }, labels.0, labels.1)
        samples.add(goodReplicas, ifKnown: countOfGood(replies[2]), labels.0, labels.1)
    }

    /// How many instances of a list are not down, in the opinion of this Sentinel or of several.
    private static func countOfGood(_ reply: RedisReply) -> Double? {
        reply.elements.map { instances in
            Double(
                instances.count { instance in
                    guard let flags = fields(of: instance)["flags"] else { return false }
                    return !flags.mentions("s_down") && !flags.mentions("o_down")
                })
        }
    }

    private static func fields(of reply: RedisReply) -> [String: String] {
        let pairs = (reply.pairs ?? []).compactMap { key, value in
            key.text.flatMap { key in value.text.map { (key, $0) } }
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
