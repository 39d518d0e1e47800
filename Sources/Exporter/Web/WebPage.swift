// The pages there are. What answers them, what counts them and what lets requests in all go by this one list.

/// A page of this server.
enum WebPage: String, CaseIterable {
    /// Two links, for people who open the address in a browser.
    case root = "/"
    case metrics = "/metrics"
    case health = "/health"
    case live = "/health/live"
    case ready = "/health/ready"
    /// One component of the health page, by its name.
    case component = "/health/NAME"

    /// The path as documentation and the counts of requests show it.
    var pattern: String { rawValue }

    /// Whether an orchestrator asks for it, which has no credential.
    var isProbe: Bool {
        switch self {
        case .live, .ready: true
        case .root, .metrics, .health, .component: false
        }
    }

    /// The patterns of all pages whose requests are counted and timed from the start.
    static let patterns = allCases.filter { $0 != .root }.map(\.pattern)

    /// The paths that need no credential.
    static let probes = Set(allCases.filter(\.isProbe).map(\.pattern))
}
