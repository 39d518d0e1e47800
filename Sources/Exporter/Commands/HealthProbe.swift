// `sidelong health [URL]`: the container's health check, from a binary that is in the image anyway.

import HTTP

/// Asks a running exporter how it is.
struct HealthProbe: Sendable {
    private let urls: [ServerURL]
    private let client: ServerClient

    /// How long all of it may take: names, connections, handshakes and answers of all URLs together. The image's health
    /// check is given three seconds.
    static let limit = ServerClient.limit

    private static let path = "/health/live"

    /// - Parameter url: what to ask; without one the own liveness page, which needs no credential.
    init(_ url: String?, _ settings: Settings) throws(ConfigurationError) {
        urls = try ServerURL.all(url, settings, path: Self.path)
        client = try ServerClient(settings, verifies: false)
    }

    /// What is wrong with every one of them, in one line, or nil when one answers with 2xx.
    func problem() -> String? {
        var problems: [String] = []
        for url in urls {
            do throws(HTTPProbe.Failure) {
                let status = try client.status(of: url)
                if (200..<300).contains(status) { return nil }
                problems.append("\(url.address)\(url.path): status \(status)")
            } catch {
                problems.append("\(error)")
            }
        }
        return problems.joined(separator: "; ")
    }
}
