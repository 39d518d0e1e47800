// Where `sidelong top` has its pages from.

import HTTP

/// A running Sidelong.
struct TopSource: Sendable {
    private let urls: [ServerURL]
    private let client: ServerClient

    /// - Parameter url: what to ask; without one the own page.
    init(_ url: String?, _ settings: Settings) throws(ConfigurationError) {
        urls = try ServerURL.all(url, settings, path: "/metrics")
        client = try ServerClient(settings, verifies: url != nil)
    }

    /// What it is called on the screen.
    var name: String { urls.first?.host ?? "" }

    /// The page as it is now. Blocks its thread, for ``ServerClient/limit`` for each of connecting and reading.
    func look() -> Result<SeriesPage, ServerProblem> {
        var problems: [String] = []
        for url in urls {
            do {
                let page = try PageText.read(try client.body(of: url))
                guard page.isOfSidelong else {
                    return .failure(ServerProblem(description: "\(url.address)\(url.path): not the page of a Sidelong"))
                }
                return .success(page)
            } catch {
                problems.append(error is ServerProblem ? "\(error)" : "\(url.address)\(url.path): \(error)")
            }
        }
        return .failure(ServerProblem(description: problems.joined(separator: "; ")))
    }
}

extension SeriesPage {
    /// Whether a Sidelong has written it.
    fileprivate var isOfSidelong: Bool { !self["sidelong_build_info"].isEmpty }
}
