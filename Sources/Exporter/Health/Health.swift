// The health page: components with a status each, derived from the newest reports. It never asks a target anything.

import Metrics

/// How well something is, from best to worst.
enum HealthStatus: String, Sendable, Comparable, CaseIterable {
    case healthy, degraded, unhealthy

    static func < (left: HealthStatus, right: HealthStatus) -> Bool {
        allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
    }

    /// 503 for unhealthy; degraded still serves.
    var httpStatus: Int { self == .unhealthy ? 503 : 200 }
}

/// One line of the health page.
struct ComponentHealth: Sendable, Equatable {
    let status: HealthStatus
    /// For people: what was looked at, with figures and, where something is wrong, what to do.
    let message: String
    /// How long the newest poll took; nil before the first.
    var responseTime: Duration?
    /// How old the data is; nil when there is none.
    var age: Duration?

    init(_ status: HealthStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    var json: JSON {
        .object([
            ("status", .string(status.rawValue)), ("message", .string(message)),
            ("response_time_ms", .number(responseTime?.milliseconds ?? .nan)),
            ("age_seconds", .number(age.map(\.roundedSeconds) ?? .nan)),
        ])
    }
}

/// All components at one moment.
struct Health: Sendable {
    /// A component: its name on the page, the sources it looks at, and the rule that judges one report.
    struct Component: Sendable {
        let name: String
        /// The collector whose reports are judged.
        let collector: String
        /// Whether a report has what the component is about; where none has, there is no such component.
        var applies: @Sendable (Report) -> Bool = { _ in true }
        let judge: @Sendable (Report) -> ComponentHealth
    }

    /// In the order of the page.
    let components: [(name: String, health: ComponentHealth)]

    /// Judges every configured component. With several targets the worst one gives the status, and every one that is
    /// not well is named, the worst first.
    init(_ components: [Component], _ reports: [Report], now: ContinuousClock.Instant = .now) {
        self.components = components.compactMap { component in
            // By place: a report is dear to copy.
            let own = reports.indices.filter {
                reports[$0].source.collector.name == component.collector && component.applies(reports[$0])
            }
            let judged = own.map { place in
                (target: reports[place].source.target, health: Self.judge(reports[place], by: component, now))
            }
            guard let worst = judged.max(by: { $0.health.status < $1.health.status })?.health else { return nil }
            let unwell = judged.filter { $0.target != nil && $0.health.status > .healthy }
            guard !unwell.isEmpty else { return (component.name, worst) }
            let findings = HealthStatus.allCases.reversed().flatMap { status in
                unwell.filter { $0.health.status == status }.map { "\($0.target ?? ""): \($0.health.message)" }
            }
            var named = ComponentHealth(worst.status, findings.joined(separator: "; "))
            (named.responseTime, named.age) = (worst.responseTime, worst.age)
            return (component.name, named)
        }
    }

    /// The worst of all components.
    var status: HealthStatus { components.map(\.health.status).max() ?? .healthy }

    func json(uptime: Duration, at time: Timestamp) -> JSON {
        .object([
            ("status", .string(status.rawValue)), ("timestamp", .string(time.rfc3339)),
            ("uptime_seconds", .number(uptime.roundedSeconds)),
            ("components", .object(components.map { ($0.name, $0.health.json) })),
        ])
    }

    private static func judge(
        _ report: Report, by component: Component, _ now: ContinuousClock.Instant
    ) -> ComponentHealth {
        var health: ComponentHealth
        if let failure = report.failure {
            health = ComponentHealth(.unhealthy, "\(failure); \(report.breaker.explanation)")
        } else if report.snapshot == nil {
            health = ComponentHealth(.degraded, "not polled yet")
        } else {
            health = component.judge(report)
        }
        health.responseTime = report.lastDuration
        health.age = report.snapshot.map { $0.taken.duration(to: now) }
        return health
    }
}

extension Breaker.State {
    /// What it means for the target, for people.
    fileprivate var explanation: String {
        switch self {
        case .closed: "being retried"
        case .open(let pause): "circuit breaker open, tried again every \(Figure.time(pause.seconds))"
        case .halfOpen: "circuit breaker half open, being tried"
        }
    }
}

extension Duration {
    /// Seconds to the millisecond, so that people read `12.346` and not `12.345678901`, nor `4.2e-05`.
    fileprivate var roundedSeconds: Double { (seconds * 1e3).rounded() / 1e3 }

    /// Milliseconds to the microsecond.
    fileprivate var milliseconds: Double { (seconds * 1e6).rounded() / 1e3 }
}
