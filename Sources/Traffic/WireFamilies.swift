// The families that every protocol on the wire has, and those of packets, which belong to none.

public import Metrics

/// The descriptors of what the traffic engine shows whatever is spoken.
public enum WireFamilies {
    public static let packets = Descriptor(
        .counter, "sidelong_wire_packets_total", labels: ["interface"], help: "Packets captured.")
    public static let bytes = Descriptor(
        .counter, "sidelong_wire_bytes_total", labels: ["interface"], help: "Bytes of the captured packets on the wire."
    )
    public static let ignoredPackets = Descriptor(
        .counter, "sidelong_wire_packets_ignored_total", labels: ["reason"],
        help: "Captured packets that were not used; reason own: they belong to Sidelong's connections.")
    public static let irregularSegments = Descriptor(
        .counter, "sidelong_wire_irregular_segments_total", labels: ["kind"],
        help:
            "TCP segments seen again, seen on another interface than the one their connection is read from, seen before their predecessor, and gaps left by segments never seen."
    )
    public static let requests = Descriptor(
        .counter, "sidelong_wire_requests_total", labels: ["protocol"],
        help: "Requests seen on the network and paired with their reply.")
    public static let unmeasuredRequests = Descriptor(
        .counter, "sidelong_wire_unmeasured_requests_total", labels: ["protocol", "reason"],
        help: "Requests seen on the network whose latency could not be measured.")
    public static let resyncs = Descriptor(
        .counter, "sidelong_wire_resyncs_total", labels: ["protocol", "reason"],
        help: "Times that a connection fell out of sync and pairing had to start anew.")
    public static let connections = Descriptor(
        .gauge, "sidelong_wire_connections", labels: ["protocol"], help: "Connections that the capture follows.")
    public static let evictedConnections = Descriptor(
        .counter, "sidelong_wire_connections_evicted_total", labels: ["protocol"],
        help: "Connections that the capture stopped following to make room for newer ones.")
    public static let encryptedConnections = Descriptor(
        .counter, "sidelong_wire_encrypted_connections_total", labels: ["protocol"],
        help: "Connections that began with TLS, which cannot be measured.")
    public static let clockSteps = Descriptor(
        .counter, "sidelong_wire_clock_steps_total",
        help: "Replies stamped before their request because the clock was set back; their latency counts as 0.")

    /// All of them, in the order of the documentation.
    public static let all: [Descriptor] = [
        packets, bytes, ignoredPackets, irregularSegments, requests, unmeasuredRequests, resyncs, connections,
        evictedConnections, encryptedConnections, clockSteps,
    ]
}

extension WireFamilies {
    /// Adds what was counted of some protocols that have the same target, or none.
    static func add(_ protocols: [WireSnapshot], to samples: inout Samples) {
        if protocols.isEmpty { return }
        for wire in protocols {
            let kind = wire.kind.label
            samples.add(requests, Double(wire.requests), kind)
            for (reason, count) in wire.unmeasured { samples.add(unmeasuredRequests, Double(count), kind, reason) }
            for (reason, count) in wire.resyncs { samples.add(resyncs, Double(count), kind, reason) }
            samples.add(connections, Double(wire.connections), kind)
            samples.add(evictedConnections, Double(wire.counts.evictedConnections), kind)
            samples.add(encryptedConnections, Double(wire.counts.encryptedConnections), kind)
        }
        func sum(_ count: KeyPath<WireCounts, UInt64>) -> Double {
            Double(protocols.reduce(0) { $0 &+ $1.counts[keyPath: count] })
        }
        samples.add(clockSteps, sum(\.clockSteps))
        samples.add(irregularSegments, sum(\.repeatedSegments), "repeated")
        samples.add(irregularSegments, sum(\.otherInterfaceSegments), "other_interface")
        samples.add(irregularSegments, sum(\.earlySegments), "early")
        samples.add(irregularSegments, sum(\.gaps), "gap")
    }

    /// Adds what was counted of packets.
    static func add(_ counts: PacketCounts, to samples: inout Samples) {
        for interface in counts.interfaces {
            samples.add(packets, Double(interface.packets), interface.name)
            samples.add(bytes, Double(interface.bytes), interface.name)
        }
        for fault in PacketFault.allCases { samples.add(ignoredPackets, Double(counts.ignored(fault)), fault.label) }
    }
}
