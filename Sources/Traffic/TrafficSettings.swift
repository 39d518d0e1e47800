// What the operator may choose about the traffic engine, and the limits that keep its memory bounded.

public import Metrics

/// The traffic engine's settings.
public struct TrafficSettings: Sendable {
    /// The TCP ports of the servers (`--wire.redis-ports`).
    public var serverPorts: [UInt16] = [6379]
    /// The servers, where there are several; the traffic of each is counted apart, with as many groups and histograms.
    public var targets: [TrafficTarget] = []
    /// `--keys.group`, in the order in which they are tried.
    public var patterns: [KeyPattern] = []
    /// `--keys.max-groups`: key groups beside `other`.
    public var maxGroups = 100
    /// `--keys.max-histograms`: pairs of group and command beside `other`.
    public var maxHistograms = 150
    /// `--keys.hot`: single keys to name; 0 for none.
    public var hotKeys = 0
    /// `--latency.buckets`.
    public var buckets = Buckets.latency
    /// Whether to keep finer histograms for percentiles: 1.7 KB more per group and per command.
    public var keepsPercentiles = false
    /// The seed of all hashes. Results do not depend on it.
    public var seed = UInt64.random(in: .min ... .max)
    public var limits = TrafficLimits()

    public init() {}

    /// The settings of one of several targets, which share what bounds memory in all.
    func shared(by number: Int) -> TrafficSettings {
        var settings = self
        settings.limits.inFlightInAll /= number
        settings.limits.queuedInAll /= number
        settings.limits.earlyBytesInAll /= number
        return settings
    }

    /// `maxGroups` within what the engine can hold.
    var usableGroups: Int { Swift.max(0, Swift.min(maxGroups, KeyGroups.mostGroups)) }
}

/// Caps on the engine's memory. Each has a counter for what was refused.
public struct TrafficLimits: Sendable {
    /// Connections followed at once; the least recently used one makes room.
    public var connections = 20_000
    /// How long a connection may be silent, in nanoseconds.
    public var idle: UInt64 = 3_600_000_000_000
    /// Commands in flight on one connection, and on all: 24 bytes each.
    public var inFlight = 16_384
    public var inFlightInAll = 262_144
    /// Commands of open transactions that are remembered, of one connection and of all: 24 bytes each.
    public var queued = 16_384
    public var queuedInAll = 65_536
    /// Pairs that are not certain yet, of one connection and of all: some 120 bytes each.
    public var held = 128
    public var heldInAll = 8_192
    /// Segments and bytes that one direction keeps when they come too early, and the bytes that all keep.
    public var earlySegments = 64
    public var earlyBytes = 256 << 10
    public var earlyBytesInAll = 4 << 20

    public init() {}
}
