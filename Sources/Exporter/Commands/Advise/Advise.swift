// `sidelong advise [URL]`: what the figures of a running Sidelong suggest to change, the weightiest first.

/// How advice is asked for.
struct Advise: Sendable {
    private let source: any EvidenceSource
    private let isJSON: Bool

    init(_ arguments: Arguments, _ settings: Settings) throws(ConfigurationError) {
        isJSON = arguments.value(of: .adviceFormat) == "json"
        let window = arguments.value(of: .window).flatMap { Duration($0) }
        if let url = arguments.value(of: .prometheus) {
            guard arguments.operands.isEmpty else {
                throw ConfigurationError("--prometheus: takes the place of a URL of Sidelong's; give one of them")
            }
            source = try PrometheusEvidence(
                url, settings, over: window ?? .seconds(24 * 3600), select: arguments.value(of: .select) ?? "")
            return
        }
        guard !arguments.has(.select) else {
            throw ConfigurationError("--select: is for --prometheus, which knows several exporters")
        }
        source = PageEvidence(try TopSource(arguments.operands.first, settings), over: window)
    }

    /// Blocks its thread until the end.
    ///
    /// - Throws: ``ServerProblem`` when the figures cannot be had.
    func run(_ show: Top.Printing) throws {
        let evidence = try source.evidence()
        let findings = AdviceRule.findings(in: evidence)
        try show(
            isJSON
                ? String(decoding: AdviceReport.json(findings, evidence), as: UTF8.self)
                : AdviceReport.text(findings, evidence))
    }
}

/// Where figures come from.
protocol EvidenceSource: Sendable {
    /// Blocks its thread.
    ///
    /// - Throws: ``ServerProblem``.
    func evidence() throws -> Evidence
}
