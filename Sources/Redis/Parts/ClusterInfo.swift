// CLUSTER INFO: how a node of a cluster sees the cluster.

import Metrics
import Synchronization

/// The part of a poll that concerns the cluster.
struct ClusterInfo: RedisPart {
    static let name = "redis_cluster"
    /// Its rows stand in the table of INFO, which repeats them on some servers.
    static let descriptors: [Descriptor] = []

    func concerns(_ server: ServerIdentity) -> Bool { server.mode == .cluster || server.isSilent }

    func queries() -> [RedisQuery] { [RedisQuery("CLUSTER INFO")] }

    /// A server that says nothing of itself may be no node of a cluster after all.
    func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        poll.server.isSilent && answers.saysNotConcerned ? nil : try Self.decode(answers[0])
    }

    private static let prefix = Array("cluster_".utf8)
    private static let index = NameIndex(InfoFields.cluster.map(\.field))

    /// Decodes the reply: lines like those of INFO.
    static func decode(_ reply: RedisReply) throws(CollectorFailure) -> Samples {
        guard case .bulk(let bytes) = reply else {
            throw CollectorFailure(.malformed, "CLUSTER INFO answered with something else than a text")
        }
        var samples = Samples()
        var lines = InfoLines(bytes)
        while let line = lines.next() {
            guard case .field(let name, let value) = line else { continue }
            if let position = index[bytes, name] {
                let field = InfoFields.cluster[position]
                samples.add(field.descriptor, ifKnown: field.value(bytes, value))
            } else {
                _ = take(InfoValue(bytes: bytes, name: name, value: value), into: &samples)
            }
        }
        return samples
    }

    /// Takes a `cluster_` line that the table does not know, such as the statistics per type of message, under its own
    /// name; nil when the line is another.
    static func take(_ line: InfoValue, into samples: inout Samples) -> Bool? {
        guard line.rest(after: prefix) != nil else { return nil }
        guard let value = InfoNumber.parse(line.bytes, line.value) else { return true }
        guard let descriptor = descriptor(of: line.text(line.name)) else { return true }
        samples.add(descriptor, value)
        return true
    }

    /// A descriptor for each such field, made once, so that a family is the same object in every poll; nil beyond a
    /// number of fields that no server has.
    private static func descriptor(of field: String) -> Descriptor? {
        others.withLock { others in
            if let known = others[field] { return known }
            guard others.count < mostOthers else { return nil }
            let made = Descriptor(.gauge, "redis_" + field, help: "A field passed on as it is (CLUSTER INFO \(field)).")
            others[field] = made
            return made
        }
    }

    private static let others = Mutex<[String: Descriptor]>([:])
    private static let mostOthers = 256
}
