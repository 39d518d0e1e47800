// What the operator may choose about the gateway's traffic.

public import Metrics

/// The settings of HTTP.
public struct HTTPTrafficSettings: Sendable {
    /// `--http.path`, in the order in which they are tried. With any, a path that matches none is `other`.
    public var patterns: [KeyPattern] = []
    /// `--http.max-paths`: paths beside `other`.
    public var maxPaths = 100
    /// `--http.max-histograms`: pairs of method and path beside `other`.
    public var maxHistograms = 200
    /// `--http.api-key-headers`: fields that hold a key; none where there is no list of keys.
    public var keyFields: [String] = []
    /// `--latency.buckets`; without it two more than for others, since a page may take longer than a command.
    public var buckets = Buckets.seconds(Buckets.latency.bounds + [5, 10])
    /// `--http.exemplars`.
    public var keepsExemplars = true

    public init() {}

    /// `maxPaths` within what the engine can hold.
    var usablePaths: Int { Swift.max(0, Swift.min(maxPaths, KeyGroups.mostGroups)) }
}
