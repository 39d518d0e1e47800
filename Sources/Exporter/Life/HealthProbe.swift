// `sidelong health [URL]`: the container's health check, from a binary that is in the image anyway.

import HTTP

/// Asks a running exporter how it is.
enum HealthProbe {
    /// The URL of the own liveness page, wherever the configuration makes it listen.
    static func ownURL(_ configuration: Configuration) -> String {
        let address = configuration.settings[Options.listenAddresses].first.map { "\($0)" } ?? ":9121"
        return "http://\(address)/health/live"
    }

    /// What is wrong, in one line, or nil when the answer is 2xx.
    static func problem(at url: String) -> String? {
        do {
            let (address, path) = try parse(url)
            let status = try HTTPProbe.status(of: path, at: address)
            return (200..<300).contains(status) ? nil : "\(url): status \(status)"
        } catch {
            return "\(error)"
        }
    }

    /// Splits `http://ADDRESS/PATH`; an address without a port means port 80, one without a path the liveness page.
    static func parse(_ url: String) throws -> (ListenAddress, path: String) {
        guard url.hasPrefix("http://") else {
            throw ConfigurationError("\"\(url)\" is not allowed; allowed: http://HOST:PORT/PATH")
        }
        let rest = url.dropFirst("http://".count)
        if rest.hasPrefix("unix:///") {
            let socket = rest.hasSuffix("/health/live") ? rest.dropLast("/health/live".count) : rest
            return (try ListenAddress(String(socket)), "/health/live")
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let host = String(rest[..<slash])
        let hasPort = host.last != "]" && host.contains(":")
        let path = slash == rest.endIndex ? "/health/live" : String(rest[slash...])
        return (try ListenAddress(hasPort ? host : host + ":80"), path)
    }
}
