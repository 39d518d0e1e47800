// LATENCY LATEST: the newest spike of each event that the latency monitor watches.

import Metrics

/// The part of a poll that concerns the latency monitor.
struct LatencySpikes: RedisPart {
    static let name = "redis_latency"

    static let last = Descriptor(
        .gauge, "redis_latency_spike_last", labels: ["event_name"],
        help: "When an event last took longer than latency-monitor-threshold, in seconds since 1970 (LATENCY LATEST).")
    static let duration = Descriptor(
        .gauge, "redis_latency_spike_duration_seconds", labels: ["event_name"],
        help: "How long an event took when it last was too slow (LATENCY LATEST).")
    static let longest = Descriptor(
        .gauge, "redis_latency_spike_max_duration_seconds", labels: ["event_name"],
        help: "The longest that an event has taken since LATENCY RESET (LATENCY LATEST).")

    static let descriptors = [last, duration, longest]

    func queries() -> [RedisQuery] { [RedisQuery("LATENCY LATEST")] }

    func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        try Self.decode(answers[0])
    }

    /// Decodes the reply: per event its name, time, newest and longest duration in milliseconds. Valkey appends more,
    /// and a fork may tell less; what an event has is used.
    ///
    /// - Throws: when it is no list, or none of its events has a name and a time.
    static func decode(_ reply: RedisReply) throws(CollectorFailure) -> Samples {
        guard let events = reply.elements else {
            throw CollectorFailure(.malformed, "LATENCY LATEST answered with something else than a list")
        }
        var samples = Samples()
        for event in events {
            guard let parts = event.elements, let name = parts.first?.text else { continue }
            let figures = parts.dropFirst().prefix(3).map { $0.integer.map(Double.init) } + [nil, nil, nil]
            samples.add(last, ifKnown: figures[0], name)
            samples.add(duration, ifKnown: figures[1].map { $0 / 1000 }, name)
            samples.add(longest, ifKnown: figures[2].map { $0 / 1000 }, name)
        }
        guard events.isEmpty || !samples.families.isEmpty else {
            throw CollectorFailure(.malformed, "LATENCY LATEST has no event with a name and a time")
        }
        return samples
    }
}
