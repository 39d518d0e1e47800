// The paths of the gateway on which its users wait.

extension AdviceRule {
    /// Above half a second people notice that they wait; one of twenty is no outlier. A hundred requests are five
    /// beyond the percentile.
    static let slowPaths = AdviceRule(name: "slow_paths", histograms: ["http_request_duration_seconds"]) { evidence in
        let (slow, enough) = (0.5, 100.0)
        let paths = evidence.histograms("http_request_duration_seconds", by: ["method", "path"])
        let all = paths.reduce(0) { $0 + ($1.1.total ?? 0) }
        return paths.compactMap { path, buckets in
            guard let count = buckets.total, count >= enough, let p95 = buckets.quantile(0.95), p95 > slow else {
                return nil
            }
            return Finding(
                gravity: .harm, share: count / all, subject: "\(path[0]) \(path[1])",
                figure: "P95 \(Cell.time(p95)) over \(Cell.count(count)) requests \(evidence.period)",
                meaning: "One of twenty waits longer than that.",
                remedy:
                    "Look at what it asks of Redis and Postgres in that time: sidelong top, or the gateway's dashboard, "
                    + "whose exemplars lead to a trace.")
        }
    }
}
