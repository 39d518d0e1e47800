// What the operator may choose about the traffic engine: what all protocols share, and a member for each protocol.

public import Metrics

/// The traffic engine's settings.
public struct TrafficSettings: Sendable {
    /// The TCP ports of the servers, by protocol (`--wire.redis-ports`).
    public var ports = PortTable([6379], of: .redis)
    public var redis = RedisTrafficSettings()
    public var postgres = PostgresTrafficSettings()
    public var http = HTTPTrafficSettings()
    /// `--latency.buckets`.
    public var buckets = Buckets.latency
    /// Whether to keep finer histograms for percentiles: 1.7 KB more per group and per command.
    public var keepsPercentiles = false
    /// The seed of all hashes. Results do not depend on it.
    public var seed = UInt64.random(in: .min ... .max)
    public var limits = TrafficLimits()

    public init() {}
}

extension RedisBooks {
    init(_ settings: TrafficSettings) {
        self.init(
            settings.redis, buckets: settings.buckets, keepsPercentiles: settings.keepsPercentiles, seed: settings.seed)
    }
}

extension PostgresBooks {
    init(_ settings: TrafficSettings) {
        self.init(
            settings.postgres, buckets: settings.buckets, keepsPercentiles: settings.keepsPercentiles,
            seed: settings.seed,
            mostKept: settings.limits.unfinishedInAll / Swift.max(1, settings.ports.ports(of: .postgres).count))
    }
}
