// Figures from a Prometheus, over a day or whatever time it has kept: growth of counters across restarts, changes and
// peaks of gauges.

/// The HTTP API of a Prometheus.
struct PrometheusEvidence: EvidenceSource {
    private let url: ServerURL
    private let client: ServerClient
    private let window: Duration
    private let matcher: String

    /// - Parameters:
    ///   - url: its address, with the path below which it serves, if there is one.
    ///   - matcher: a label matcher that leaves one exporter; empty where Prometheus knows only one.
    init(
        _ url: String, _ settings: Settings, over window: Duration, select matcher: String
    ) throws(ConfigurationError) {
        self.url = try ServerURL(url, path: "/")
        client = try ServerClient(settings, verifies: true)
        self.window = window
        self.matcher = matcher
    }

    func evidence() throws -> Evidence {
        let selector = try only(exporter: query("sidelong_build_info\(braces(matcher))"))
        let range = "[\(Int(window.seconds))s]"
        var evidence = Evidence(
            change: SeriesPage(), peaks: SeriesPage(), period: "in \(Figure.short(window.seconds / 3600)) h")
        for name in AdviceRule.allCounters {
            for one in try query("increase(\(name)\(selector)\(range))") { evidence.growth.add(name, one.asScraped) }
        }
        for name in AdviceRule.allGauges {
            for one in try query("\(name)\(selector)") { evidence.levels.add(name, one.asScraped) }
            for one in try query("delta(\(name)\(selector)\(range))") { evidence.change?.add(name, one.asScraped) }
            for one in try query("max_over_time(\(name)\(selector)\(range))") {
                evidence.peaks?.add(name, one.asScraped)
            }
        }
        return evidence
    }

    /// The selector of the one exporter that there is.
    private func only(exporter series: [Series]) throws(ServerProblem) -> String {
        let instances = Set(series.compactMap { $0.labels["instance"] }).sorted()
        guard let instance = instances.first else {
            throw ServerProblem(
                description: "\(url.address): no Sidelong is known there\(matcher.isEmpty ? "" : " as \(matcher)")")
        }
        guard instances.count == 1 else {
            let shown = instances.prefix(5).joined(separator: ", ")
            throw ServerProblem(
                description: "\(url.address): \(instances.count) Sidelongs are known there: \(shown); choose one with "
                    + "--select='instance=\"\(instance)\"'")
        }
        let own = "instance=\"\(instance)\""
        return braces(matcher.isEmpty ? own : "\(own),\(matcher)")
    }

    private func braces(_ matcher: String) -> String { matcher.isEmpty ? "" : "{\(matcher)}" }

    private func query(_ expression: String) throws(ServerProblem) -> [Series] {
        let base = url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path
        let asked = url.with(path: "\(base)/api/v1/query?query=\(expression.percentEncoded)")
        let body = try client.body(of: asked)
        guard let result = (try? JSONReader.read(body))?["data"]?["result"]?.elements else {
            throw ServerProblem(description: "\(url.address): not the API of a Prometheus")
        }
        return result.compactMap(Series.init)
    }
}

extension Series {
    /// A series of an instant vector: `{"metric":{…},"value":[TIME,"VALUE"]}`.
    fileprivate init?(_ json: JSON) {
        guard case .object(let members)? = json["metric"], let pair = json["value"]?.elements, pair.count == 2,
            let value = pair[1].text.flatMap(Double.init)
        else { return nil }
        var labels: Labels = [:]
        for member in members { labels[member.name] = member.value.text }
        self.init(labels: labels, value: value)
    }

    /// Without the labels that Prometheus has added to those of the page.
    fileprivate var asScraped: Series {
        let added = ["__name__", "instance", "job"]
        return Series(labels: labels.filter { !added.contains($0.key) }, value: value)
    }
}

extension String {
    /// RFC 3986, section 2.1: all but letters and digits.
    fileprivate var percentEncoded: String {
        utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            if character.isASCII, character.isLetter || character.isNumber { return String(character) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count < 2 ? "0" : "") + digits
        }.joined()
    }
}
