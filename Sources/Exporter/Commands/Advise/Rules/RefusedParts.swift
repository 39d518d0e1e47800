// What Sidelong may not ask: figures that are missing on every dashboard.

extension AdviceRule {
    /// Any of them: a right that is missing does not come back by itself.
    static let refusedParts = AdviceRule(name: "refused_parts", gauges: ["sidelong_collector_success"]) { evidence in
        let failed = evidence.levels["sidelong_collector_success"].filter { $0.value == 0 }
            .compactMap { $0.labels["collector"] }
        guard !failed.isEmpty else { return [] }
        let all = Double(evidence.levels["sidelong_collector_success"].count)
        return [
            Finding(
                gravity: .risk, share: Double(failed.count) / all, subject: "Sidelong itself",
                figure: "not available: \(Set(failed).sorted().joined(separator: ", "))",
                meaning: "What they would bring is on no page, and no rule here has looked at it.",
                remedy: "sidelong check, with the same options, names what is missing and the line that mends it.")
        ]
    }
}
