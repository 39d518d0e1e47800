import Foundation
import TestKit

/// A Prometheus with the shipped configuration and the shipped rules, made quick.
///
/// Names, expressions and thresholds are the shipped ones. Quicker are: scrapes and evaluations, every second instead
/// of every 15; what an alert has to hold for, a second; windows and offsets of minutes, which become 15 seconds; and
/// how long an alert is kept.
final class ShippedPrometheus: Sendable {
    private let port: Int
    private let process: ServerProcess
    private let folder: TemporaryFolder

    /// - Parameters:
    ///   - target: `host:port` of a Sidelong.
    ///   - kept: for how many seconds an alert stays whose series are gone, in place of minutes.
    init(target: String, kept: Int = 1) async throws {
        folder = try TemporaryFolder()
        port = try freePort()
        let configuration = try Project.text("prometheus/prometheus.yml")
            .replacing(/: 1[05]s\n/, with: ": 1s\n").replacing("localhost:9121", with: target)
        let file = try folder.write(configuration, to: "prometheus.yml")
        for rules in ["alerts.yml", "recording.yml"] {
            try folder.write(Self.quick(try Project.text("prometheus/\(rules)"), kept: kept), to: rules)
        }
        process = try ServerProcess(
            "prometheus",
            [
                "--config.file=\(file)", "--storage.tsdb.path=\(folder.path("data"))",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=warn",
            ], in: folder)
        let (port, process) = (port, process)
        try await eventually("Prometheus is ready") {
            guard process.isRunning else { throw NeverHappened(description: process.output) }
            return (try? request(port: port, "/-/ready").status) == 200
        }
    }

    private static func quick(_ rules: String, kept: Int) -> String {
        rules.replacing(/\[\d+m\]/, with: "[15s]").replacing(/offset \d+m/, with: "offset 15s")
            .replacing(/\ for: \d+m\n/, with: " for: 1s\n")
            .replacing(/keep_firing_for: \d+m\n/, with: "keep_firing_for: \(kept)s\n")
    }

    /// An alert that is pending or fires.
    struct Alert: Decodable {
        let labels: [String: String]
        let annotations: [String: String]
        let state: String
    }

    func alerts() throws -> [Alert] {
        struct Answer: Decodable {
            struct Body: Decodable { let alerts: [Alert] }
            let data: Body
        }
        let answer = try request(port: port, "/api/v1/alerts", headers: ["Accept-Encoding": "identity"])
        return try JSONDecoder().decode(Answer.self, from: Data(answer.body)).data.alerts
    }

    /// Whether an instant query returns anything.
    func sees(_ query: String) throws -> Bool {
        struct Answer: Decodable {
            struct Series: Decodable {}
            struct Body: Decodable { let result: [Series] }
            let data: Body
        }
        let encoded = query.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let answer = try request(port: port, "/api/v1/query?query=\(encoded)", headers: ["Accept-Encoding": "identity"])
        return try !JSONDecoder().decode(Answer.self, from: Data(answer.body)).data.result.isEmpty
    }

    /// Rules that Prometheus could not evaluate, with the reason.
    func failures() throws -> [String] {
        struct Answer: Decodable {
            struct Rule: Decodable {
                let name: String
                let lastError: String?
            }
            struct Group: Decodable { let rules: [Rule] }
            struct Body: Decodable { let groups: [Group] }
            let data: Body
        }
        let answer = try request(port: port, "/api/v1/rules", headers: ["Accept-Encoding": "identity"])
        let groups = try JSONDecoder().decode(Answer.self, from: Data(answer.body)).data.groups
        return groups.flatMap(\.rules).compactMap { rule in rule.lastError.map { "\(rule.name): \($0)" } }
    }
}
