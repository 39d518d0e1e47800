public import Foundation

/// A Prometheus with a store of its own, scraping every second.
public final class PrometheusServer: Sendable {
    public let port: Int
    private let process: ServerProcess
    private let folder = try! TemporaryFolder()

    /// - Parameters:
    ///   - scrape: further lines of the scrape configuration, indented by four.
    ///   - rules: the text of a rule file, evaluated every second.
    ///   - features: what `--enable-feature` switches on.
    public init(
        targets: [String], scrape: String = "", rules: String = "groups: []\n", version: Version = .installed,
        features: [String] = []
    ) async throws {
        port = try freePort()
        try folder.write(rules, to: "rules.yml")
        try folder.write(
            """
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
            rule_files: [rules.yml]
            scrape_configs:
              - job_name: sidelong
                static_configs: [{targets: [\(targets.map { "'\($0)'" }.joined(separator: ", "))]}]
            \(scrape)
            """, to: "prometheus.yml")
        process = try ServerProcess(
            version.program,
            [
                "--config.file=\(folder.path("prometheus.yml"))", "--storage.tsdb.path=\(folder.path("data"))",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=warn",
            ] + (features.isEmpty ? [] : ["--enable-feature=\(features.joined(separator: ","))"]), in: folder)
        let port = port
        try await eventually("prometheus is ready") { (try? request(port: port, "/-/ready").status) == 200 }
    }

    /// Which Prometheus runs.
    public enum Version: Sendable {
        /// Debian 12's, 2.42.
        case installed
        /// Debian's newest, 3.x, which `Tests/tools/newer-databases` unpacks.
        case newest

        fileprivate var program: String {
            switch self {
            case .installed: "prometheus"
            case .newest: Project.root.appending(path: ".build/tools/prometheus-sid/bin/prometheus").path
            }
        }
    }

    /// What it has logged.
    public var output: String { process.output }

    /// How many series an instant query returns.
    public func query(_ expression: String) throws -> Int {
        try series(expression).count
    }

    /// The series that an instant query returns.
    public func series(_ expression: String) throws -> [Series] {
        let vector: Answer<Series> = try answer("query?", expression)
        return vector.data.result
    }

    /// The values of an expression that is one series, one for each second since a moment.
    public func values(of expression: String, since start: Date) throws -> [Double] {
        let (from, to) = (start.timeIntervalSince1970, Date().timeIntervalSince1970)
        let matrix: Answer<Row> = try answer("query_range?start=\(from)&end=\(to)&step=1&", expression)
        guard matrix.data.result.count == 1 else {
            throw NeverHappened(description: "\(expression): \(matrix.data.result.count) series")
        }
        return matrix.data.result[0].values.map(\.value)
    }

    /// The exemplars of a family's series since a moment.
    public func exemplars(of expression: String, since start: Date) throws -> [Exemplar] {
        struct Series: Decodable {
            struct Point: Decodable {
                let labels: [String: String]
                let value: String
                let timestamp: Double
            }
            let seriesLabels: [String: String]
            let exemplars: [Point]
        }
        struct Body: Decodable {
            let data: [Series]
        }
        let range = "start=\(start.timeIntervalSince1970)&end=\(Date().timeIntervalSince1970 + 1)"
        let answer = try request(
            port: port, "/api/v1/query_exemplars?\(range)&query=\(expression)", headers: ["Accept-Encoding": "identity"]
        )
        return try JSONDecoder().decode(Body.self, from: Data(answer.body)).data.flatMap { series in
            series.exemplars.map {
                Exemplar(
                    series: series.seriesLabels, labels: $0.labels, value: Double($0.value) ?? .nan,
                    timestamp: $0.timestamp)
            }
        }
    }

    /// One exemplar as the API shows it.
    public struct Exemplar: Sendable {
        public let series: [String: String]
        public let labels: [String: String]
        /// Seconds.
        public let value: Double
        /// Seconds since 1970.
        public let timestamp: Double
    }

    private func answer<Element>(_ api: String, _ expression: String) throws -> Answer<Element> {
        let encoded = expression.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let answer = try request(port: port, "/api/v1/\(api)query=\(encoded)", headers: ["Accept-Encoding": "identity"])
        guard let decoded = try? JSONDecoder().decode(Answer<Element>.self, from: Data(answer.body)) else {
            throw NeverHappened(description: "\(expression): \(answer.text.prefix(300))")
        }
        return decoded
    }

    private struct Answer<Element: Decodable>: Decodable {
        struct Content: Decodable {
            let result: [Element]
        }
        let data: Content
    }

    /// One series of a range vector.
    private struct Row: Decodable {
        let values: [Point]
    }

    /// A pair of time and value, the value as text, such as "NaN".
    private struct Point: Decodable {
        let value: Double

        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            _ = try pair.decode(Double.self)
            let text = try pair.decode(String.self)
            guard let value = Double(text) else {
                throw DecodingError.dataCorruptedError(in: pair, debugDescription: "not a number: \(text)")
            }
            self.value = value
        }
    }

    /// A native histogram as the API shows it.
    public struct NativeBuckets: Decodable, Sendable {
        public let count: Double
        public let sum: Double
        /// Lower bound, upper bound and observations of each bucket that has some.
        public let buckets: [(lower: Double, upper: Double, count: Double)]

        private enum CodingKeys: String, CodingKey {
            case count, sum, buckets
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            count = Double(try container.decode(String.self, forKey: .count)) ?? .nan
            sum = Double(try container.decode(String.self, forKey: .sum)) ?? .nan
            var buckets: [(lower: Double, upper: Double, count: Double)] = []
            if var rows = try? container.nestedUnkeyedContainer(forKey: .buckets) {
                while !rows.isAtEnd {
                    var row = try rows.nestedUnkeyedContainer()
                    // Which of its bounds belong to it.
                    _ = try row.decode(Int.self)
                    let numbers = try (0..<3).map { _ in Double(try row.decode(String.self)) ?? .nan }
                    buckets.append((numbers[0], numbers[1], numbers[2]))
                }
            }
            self.buckets = buckets
        }
    }

    /// A pair of time and native histogram.
    private struct NativePoint: Decodable {
        let histogram: NativeBuckets

        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            _ = try pair.decode(Double.self)
            histogram = try pair.decode(NativeBuckets.self)
        }
    }

    /// One series of an instant vector.
    public struct Series: Decodable, Sendable {
        public let labels: [String: String]
        /// The number; of a native histogram the count of its observations.
        public let value: Double
        /// The native histogram, where the series is one.
        public let histogram: NativeBuckets?

        private enum CodingKeys: String, CodingKey {
            case labels = "metric"
            case value, histogram
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            labels = try container.decode([String: String].self, forKey: .labels)
            histogram = try container.decodeIfPresent(NativePoint.self, forKey: .histogram)?.histogram
            value = try histogram?.count ?? container.decode(Point.self, forKey: .value).value
        }
    }
}
