// The components that look at Postgres and PgBouncer: is somebody waiting, are connections running out.

import Metrics
import Postgres

extension HealthRules {
    /// Postgres: how fast it answered, what our role may not see, and connections in use against those that can be had.
    func database(_ report: Report) -> ComponentHealth {
        let answer = target(report)
        guard let used = report.snapshot?.samples.first(PostgresTarget.connectionsUsed),
            let usable = report.snapshot?.samples.first(PostgresTarget.connectionsUsable), usable > 0
        else { return answer }
        let percent = used / usable * 100
        return ComponentHealth(
            max(answer.status, connections.status(ofHigh: percent)),
            "\(Figure.short(used)) of \(Figure.short(usable)) connections (\(Figure.short(percent)) %); \(answer.message)"
        )
    }

    /// PgBouncer: the fullest pool, and whether clients wait for a server connection.
    ///
    /// A full pool without a waiting client is a pool well used. One on which a client has waited for longer than a
    /// critical response time is an outage for that client.
    func pgBouncer(_ report: Report) -> ComponentHealth {
        let answer = target(report)
        let samples = report.snapshot?.samples ?? Samples()
        let waiting = Self.worst(samples[PgBouncerTarget.clientsWaiting])
        let longest = Self.worst(samples[PgBouncerTarget.longestWait])
        let fullest = Self.worst(samples[PgBouncerTarget.utilization])
        var findings = [answer.message]
        var status = answer.status
        if let fullest {
            let percent = fullest.value * 100
            findings.insert("pool \(fullest.pool) at \(Figure.short(percent)) %", at: 0)
            if (waiting?.value ?? 0) > 0 { status = max(status, connections.status(ofHigh: percent)) }
        }
        if let waiting, waiting.value > 0 {
            let milliseconds = (longest?.value ?? 0) * 1000
            status = max(status, .degraded, responseTime.status(ofHigh: milliseconds))
            findings.insert(
                "\(Figure.short(waiting.value)) clients wait in pool \(waiting.pool), "
                    + "for \(Figure.time(milliseconds / 1000)) at the longest", at: 0)
        }
        return ComponentHealth(status, findings.joined(separator: "; "))
    }

    /// The pool with the highest value; the console's own pool does not count.
    private static func worst(_ samples: [Sample]) -> (pool: String, value: Double)? {
        let pools = samples.compactMap { sample -> (pool: String, value: Double)? in
            guard case .number(let value) = sample.value, sample.labels.first != "pgbouncer" else { return nil }
            return (sample.labels.joined(separator: "/"), value)
        }
        return pools.max { $0.value < $1.value }
    }
}
