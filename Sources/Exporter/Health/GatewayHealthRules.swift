// The component that looks at the gateway's answers. Its thresholds have no defaults: how slow is too slow, and which
// errors are usual, differs from gateway to gateway.

import Metrics
import Traffic

extension HealthRules {
    /// The gateway, where a threshold asks for it.
    var gatewayComponents: [Health.Component] {
        if gatewayErrorRate == nil && gatewayP95 == nil { return [] }
        return [Health.Component(name: "gateway", collector: "wire") { gateway($0) }]
    }

    /// Errors and latency of the last minute; too little traffic is no verdict.
    func gateway(_ report: Report) -> ComponentHealth {
        guard let gatewayWindow else {
            return ComponentHealth(.degraded, "unknown: nothing is read of the gateway; set --wire.http-ports")
        }
        let part = report.tallies.first { $0.name == WireCollector.capturePart }
        if let failure = part?.failure { return ComponentHealth(.degraded, "unknown: \(failure.message)") }
        guard let figures = gatewayWindow.figures, figures.requests >= Self.leastRequests else {
            return ComponentHealth(.healthy, "too little traffic to judge")
        }
        var status = HealthStatus.healthy
        let percent = Double(figures.errors) / Double(figures.requests) * 100
        if let gatewayErrorRate { status = max(status, gatewayErrorRate.status(ofHigh: percent)) }
        var findings = ["\(Figure.short(percent)) % of \(figures.requests) requests failed"]
        if let p95 = figures.quantile(0.95) {
            if let gatewayP95 { status = max(status, gatewayP95.status(ofHigh: p95 * 1000)) }
            findings.append("P95 \(Figure.short(p95 * 1000)) ms")
        }
        return ComponentHealth(status, findings.joined(separator: ", ") + ", in the last minute")
    }

    /// Requests in a minute below which a rate says nothing.
    private static let leastRequests: UInt64 = 20
}
