// What the operator may choose about the traffic of Redis.

/// The traffic engine's settings for Redis.
public struct RedisTrafficSettings: Sendable {
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

    public init() {}

    /// `maxGroups` within what the engine can hold.
    var usableGroups: Int { Swift.max(0, Swift.min(maxGroups, KeyGroups.mostGroups)) }
}
