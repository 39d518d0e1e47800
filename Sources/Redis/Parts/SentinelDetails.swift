// What a Sentinel knows of each primary that it watches, beyond the line in INFO: whether a failover could be decided,
// who is well, and how it is configured. Names and labels are redis_exporter's.

import Metrics

/// The part of a poll of a Sentinel that asks it about each of its primaries.
enum SentinelDetails {
    static let part = "redis_sentinel_masters"
    static let command = ["SENTINEL", "MASTERS"]

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

    /// A primary as `SENTINEL MASTERS` has it.
    struct Primary {
        let name: String
        let address: String
        fileprivate let fields: [String: String]
    }

    /// Primaries of one Sentinel beyond which none is looked at.
    static let mostPrimaries = 100

    /// Decodes the reply to `command`. What lacks name or address is left out.
    static func decode(_ reply: Reply) throws(CollectorFailure) -> [Primary] {
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
    static func commands(for primary: Primary) -> [[String]] {
        [["CKQUORUM"], ["SENTINELS"], ["SLAVES"]].map { ["SENTINEL"] + $0 + [primary.name] }
    }

    /// Adds the families of one primary.
    ///
    /// - Parameter replies: those to `commands(for:)`. Of one that was refused the family is absent.
    static func add(_ primary: Primary, _ replies: some Collection<Reply>, to samples: inout Samples) {
        let labels = (primary.name, primary.address)
        for row in rows {
            let value = primary.fields[row.field].flatMap { Double($0) }.map { $0 / row.scale }
            samples.add(row.descriptor, ifKnown: value, labels.0, labels.1)
        }
        guard replies.count == 3 else { return }
        let replies = Array(replies)
        switch replies[0] {
        case .status(let text): samples.add(quorum, 1, primary.name, text)
        case .error(let text) where text.hasPrefix("NOQUORUM"): samples.add(quorum, 0, primary.name, text)
        default: break
        }
        samples.add(goodSentinels, ifKnown: countOfGood(replies[1]).map { $0 + 1 }, labels.0, labels.1)
        samples.add(goodReplicas, ifKnown: countOfGood(replies[2]), labels.0, labels.1)
    }

    /// How many instances of a list are not down, in the opinion of this Sentinel or of several.
    private static func countOfGood(_ reply: Reply) -> Double? {
        reply.elements.map { instances in
            Double(
                instances.count { instance in
                    guard let flags = fields(of: instance)["flags"] else { return false }
                    return !flags.mentions("s_down") && !flags.mentions("o_down")
                })
        }
    }

    private static func fields(of reply: Reply) -> [String: String] {
        let pairs = (reply.pairs ?? []).compactMap { key, value in
            key.text.flatMap { key in value.text.map { (key, $0) } }
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
