// CLUSTER INFO: how a node of a cluster sees the cluster.

import Metrics

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
                _ = ClusterFields.take(InfoValue(bytes: bytes, name: name, value: value), into: &samples)
            }
        }
        return samples
    }
}
