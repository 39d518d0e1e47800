import Foundation

/// A Prometheus with a store of its own, scraping every second.
public final class PrometheusServer: Sendable {
    public let port: Int
    private let process: ServerProcess
    private let folder = try! TemporaryFolder()

    /// - Parameter scrape: further lines of the scrape configuration, indented by four.
    public init(targets: [String], scrape: String = "") async throws {
        port = try freePort()
        try folder.write(
            """
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
              - job_name: sidelong
                static_configs: [{targets: [\(targets.map { "'\($0)'" }.joined(separator: ", "))]}]
            \(scrape)
            """, to: "prometheus.yml")
        process = try ServerProcess(
            "prometheus",
            [
                "--config.file=\(folder.path("prometheus.yml"))", "--storage.tsdb.path=\(folder.path("data"))",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=warn",
            ], in: folder)
        let port = port
        try await eventually("prometheus is ready") { (try? request(port: port, "/-/ready").status) == 200 }
    }

    /// How many series an instant query returns.
    public func query(_ expression: String) throws -> Int {
        let encoded = expression.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let answer = try request(port: port, "/api/v1/query?query=\(encoded)", headers: ["Accept-Encoding": "identity"])
        guard let root = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any],
            let data = root["data"] as? [String: Any], let result = data["result"] as? [Any]
        else { throw NeverHappened(description: "\(expression): \(answer.text.prefix(300))") }
        return result.count
    }
}
