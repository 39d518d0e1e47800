// The health page as series, so that an alert or a dashboard can look back at it.

import Metrics

/// The status of each component of the health page, on the page of metrics.
enum HealthMetrics {
    private static let status = Descriptor(
        .gauge, "sidelong_health_status", labels: ["component", "status"],
        help: "Whether a component of /health, or `overall` the worst of them, has this status (1) or another one (0).")

    static let descriptors = [status]

    /// - Parameter components: judged anew when a poll has ended.
    static func live(_ components: [Health.Component], _ registry: Registry) -> some LiveSource {
        LiveSamples(of: { registry.contents.generation }) { _ in
            samples(of: Health(components, registry.contents.reports))
        }
    }

    static func samples(of health: Health) -> Samples {
        var samples = Samples()
        let all = health.components.map { ($0.name, $0.health.status) } + [("overall", health.status)]
        for (component, current) in all {
            for status in HealthStatus.allCases {
                samples.add(Self.status, status == current ? 1 : 0, component, status.rawValue)
            }
        }
        return samples
    }
}
