// `sidelong health [URL]`: the container's health check, from a binary that is in the image anyway.

import HTTP

/// Asks a running exporter how it is.
enum HealthProbe {
    /// How long all of it may take: names, connections, handshakes and answers of all URLs together. The image's health
    /// check is given three seconds.
    static let limit = Duration.milliseconds(2500)

    /// The URLs of the own liveness page, wherever the configuration makes it listen; one that answers is enough.
    ///
    /// A unix socket comes first, because it is never encrypted. The web configuration itself is not read: a file that
    /// is broken, and that the running exporter has refused, must not look like an exporter that is dead.
    static func ownURLs(_ settings: Settings) -> [String] {
        let addresses = settings[Options.listenAddresses]
        let local = addresses.first { $0.port == nil }
        let address = (local ?? addresses.first).map { "\($0)" } ?? ":9121"
        let mayEncrypt = local == nil && settings[Options.webConfigurationFile] != nil
        return (mayEncrypt ? ["https", "http"] : ["http"]).map { "\($0)://\(address)/health/live" }
    }

    /// What is wrong with every one of them, in one line, or nil when one answers with 2xx.
    static func problem(atAll urls: [String]) -> String? {
        var problems: [String] = []
        for url in urls {
            guard let problem = problem(at: url) else { return nil }
            problems.append(problem)
        }
        return problems.joined(separator: "; ")
    }

    /// What is wrong, in one line, or nil when the answer is 2xx.
    private static func problem(at url: String) -> String? {
        do {
            let target = try parse(url)
            let status = try HTTPProbe.status(of: target.path, at: target.address, isSecure: target.isSecure)
            return (200..<300).contains(status) ? nil : "\(url): status \(status)"
        } catch {
            return "\(error)"
        }
    }

    /// What a URL asks for.
    struct Target: Equatable {
        let address: ListenAddress
        let path: String
        let isSecure: Bool
    }

    /// Splits `http://ADDRESS/PATH` or `https://ADDRESS/PATH`; an address without a port means port 80 or 443, one
    /// without a path the liveness page.
    static func parse(_ url: String) throws -> Target {
        let schemes = [(text: "http://", port: 80), (text: "https://", port: 443)]
        guard let scheme = schemes.first(where: { url.hasPrefix($0.text) }) else {
            throw ConfigurationError(
                "\"\(url)\" is not allowed; allowed: http://HOST:PORT/PATH or https://HOST:PORT/PATH")
        }
        let rest = url.dropFirst(scheme.text.count)
        let isSecure = scheme.port == 443
        if rest.hasPrefix("unix:///") {
            let socket = rest.hasSuffix("/health/live") ? rest.dropLast("/health/live".count) : rest
            return Target(address: try ListenAddress(String(socket)), path: "/health/live", isSecure: isSecure)
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let host = String(rest[..<slash])
        let hasPort = host.last != "]" && host.contains(":")
        let path = slash == rest.endIndex ? "/health/live" : String(rest[slash...])
        return Target(
            address: try ListenAddress(hasPort ? host : "\(host):\(scheme.port)"), path: path, isSecure: isSecure)
    }
}
