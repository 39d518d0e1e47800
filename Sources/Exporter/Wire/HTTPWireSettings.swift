// What the options say about the gateway's HTTP traffic.

import Metrics
import Traffic

/// The options `http.*`. They take effect with a start only, but for what the file of keys holds.
struct HTTPWireSettings: Sendable, Equatable {
    private let paths: [String]
    private let maxPaths: Int
    private let maxHistograms: Int
    private let keyHeaders: [String]
    private let keepsExemplars: Bool
    let keysFile: String?

    init(_ settings: Settings) {
        paths = settings[Options.httpPath]
        maxPaths = settings[Options.httpMaxPaths]
        maxHistograms = settings[Options.httpMaxHistograms]
        keyHeaders = settings[Options.httpKeyHeaders]
        keepsExemplars = settings[Options.httpExemplars] == .on
        keysFile = settings[Options.httpKeysFile]
    }

    /// The listed keys, where there is a list.
    func keys() throws(ConfigurationError) -> [TrafficAPIKey] {
        guard let keysFile else { return [] }
        do {
            return try APIKeyFile.keys(in: keysFile)
        } catch {
            throw ConfigurationError("--\(Options.httpKeysFile.name): \(error)")
        }
    }

    /// Settings of an engine. The options have checked the patterns.
    ///
    /// - Parameter buckets: those of all latencies; the default ones are too short for pages.
    func traffic(_ buckets: Buckets) -> HTTPTrafficSettings {
        var traffic = HTTPTrafficSettings()
        traffic.patterns = paths.compactMap { try? KeyPattern(path: $0) }
        traffic.maxPaths = maxPaths
        traffic.maxHistograms = maxHistograms
        traffic.keepsExemplars = keepsExemplars
        if keysFile != nil { traffic.keyFields = keyHeaders }
        if buckets != .latency { traffic.buckets = buckets }
        return traffic
    }
}
