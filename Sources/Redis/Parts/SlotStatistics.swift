// CLUSTER SLOT-STATS, since Valkey 8 and Redis 8.2: what the busiest hash slots of a cluster's node cost. A slot far
// above the others holds a hot key, or a hash tag that too many keys share.

import Metrics

/// The part of a poll that concerns hash slots.
struct SlotStatistics: RedisPart {
    static let name = "redis_cluster_slots"

    static let keys = Descriptor(
        .gauge, "redis_cluster_slot_key_count", labels: ["slot"],
        help: "Keys in the hash slots that took most processor time (CLUSTER SLOT-STATS key-count).")
    static let time = Descriptor(
        .counter, "redis_cluster_slot_cpu_usec_total", labels: ["slot"],
        help: "Microseconds of processor time of the ten busiest hash slots (CLUSTER SLOT-STATS cpu-usec).")
    static let received = Descriptor(
        .counter, "redis_cluster_slot_network_bytes_in_total", labels: ["slot"],
        help: "Bytes received for those hash slots (CLUSTER SLOT-STATS network-bytes-in).")
    static let sent = Descriptor(
        .counter, "redis_cluster_slot_network_bytes_out_total", labels: ["slot"],
        help: "Bytes sent for those hash slots (CLUSTER SLOT-STATS network-bytes-out).")

    static let memory = Descriptor(
        .gauge, "redis_cluster_slot_memory_bytes", labels: ["slot"],
        help: "Memory of those hash slots, since Redis 8.6 (CLUSTER SLOT-STATS memory-bytes).")

    static let descriptors = [keys, time, received, sent, memory]

    /// The server looks at all of its slots for this.
    let pace: Duration

    init(every pace: Duration) {
        self.pace = pace
    }

    func concerns(_ server: ServerIdentity) -> Bool { server.hasSlotStatistics }

    func queries() -> [RedisQuery] {
        [RedisQuery("CLUSTER SLOT-STATS", "ORDERBY", "CPU-USEC", "LIMIT", String(Self.most), "DESC")]
    }

    /// A server that could keep them may be told not to.
    func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        answers.saysNotConcerned ? nil : try Self.decode(answers[0])
    }

    private static let most = 10
    private static let figures = [
        "key-count": keys, "cpu-usec": time, "network-bytes-in": received, "network-bytes-out": sent,
        "memory-bytes": memory,
    ]

    /// Decodes the reply: slots, each with names and numbers in turn.
    ///
    /// - Throws: when it is no list, or nothing in it is a slot.
    static func decode(_ reply: RedisReply) throws(CollectorFailure) -> Samples {
        guard let slots = reply.elements else { throw malformed }
        var samples = Samples()
        for slot in slots.prefix(most) {
            guard let entry = slot.elements, entry.count >= 2, let number = entry[0].integer,
                0..<16384 ~= number, let pairs = entry[1].pairs
            else { continue }
            for (name, value) in pairs {
                guard let descriptor = name.text.flatMap({ figures[$0] }) else { continue }
                samples.add(descriptor, ifKnown: value.integer.map { Double($0) }, String(number))
            }
        }
        guard slots.isEmpty || !samples.families.isEmpty else { throw malformed }
        return samples
    }

    private static let malformed = CollectorFailure(
        .malformed, "CLUSTER SLOT-STATS answered with something else than slots")
}
