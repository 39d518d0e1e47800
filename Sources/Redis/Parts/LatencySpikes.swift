// LATENCY LATEST: the newest spike of each event that the latency monitor watches.

import Metrics

/// The part of a poll that concerns the latency monitor.
enum LatencySpikes {
    static let part = "redis_latency"
    static let command = ["LATENCY", "LATEST"]

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

    /// Decodes the reply: per event its name, time, newest and longest duration in milliseconds. Valkey appends more.
    static func decode(_ reply: Reply) throws(CollectorFailure) -> Samples {
        guard let events = reply.elements else {
            throw CollectorFailure(.malformed, "LATENCY LATEST answered with something else than a list")
        }
        var samples = Samples()
        for event in events {
            guard let parts = event.elements, parts.count >= 4, let name = parts[0].text else {
                throw CollectorFailure(.malformed, "LATENCY LATEST has an event without name and times")
            }
            samples.add(last, ifKnown: parts[1].integer.map(Double.init), name)
            samples.add(duration, ifKnown: parts[2].integer.map { Double($0) / 1000 }, name)
            samples.add(longest, ifKnown: parts[3].integer.map { Double($0) / 1000 }, name)
        }
        return samples
    }
}
