public import Foundation

/// A Prometheus with a store of its own, scraping every second.
public final class PrometheusServer: Sendable {
    public let port: Int
    private let process: ServerProcess
    private let folder = try! TemporaryFolder()

    public init(targets: [String]) async throws {
        port = try freePort()
        try folder.write(
            """
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
              - job_name: sidelong
                static_configs: [{targets: [\(targets.map { "'\($0)'" }.joined(separator: ", "))]}]
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
        try result(of: expression, "query?").count
    }

    /// The values of an expression that is one series, one for each second since a moment.
    public func values(of expression: String, since start: Date) throws -> [Double] {
        let range = "query_range?start=\(start.timeIntervalSince1970)&end=\(Date().timeIntervalSince1970)&step=1&"
        let series = try result(of: expression, range)
        guard series.count == 1, let one = series[0] as? [String: Any], let points = one["values"] as? [[Any]] else {
            throw NeverHappened(description: "\(expression): \(series.count) series")
        }
        return points.compactMap { $0.last as? String }.compactMap(Double.init)
    }

    private func result(of expression: String, _ api: String) throws -> [Any] {
        let encoded = expression.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let answer = try request(port: port, "/api/v1/\(api)query=\(encoded)", headers: ["Accept-Encoding": "identity"])
        guard let root = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any],
            let data = root["data"] as? [String: Any], let result = data["result"] as? [Any]
        else { throw NeverHappened(description: "\(expression): \(answer.text.prefix(300))") }
        return result
    }
}
