// Names under which redis_exporter speaks about itself. Dashboards and alerts use them, so they are filled from our own
// bookkeeping: a "scrape" there is a poll here.

import Metrics

/// redis_exporter's names about itself, for one Redis target.
enum RedisExporterSamples {
    static let scrapes = Descriptor(
        .counter, "redis_exporter_scrapes_total", help: "Polls of Redis, under redis_exporter's name.")
    static let scrapeDuration = Descriptor(
        .summary, "redis_exporter_scrape_duration_seconds", help: "Duration of all polls, under redis_exporter's name.")
    static let lastDuration = Descriptor(
        .gauge, "redis_exporter_last_scrape_duration_seconds",
        help: "Duration of the newest poll, under redis_exporter's name.")
    static let lastError = Descriptor(
        .gauge, "redis_exporter_last_scrape_error", labels: ["err"],
        help: "1 when the newest poll failed, with the reason in err; redis_exporter has the error's text there.")
    static let buildInfo = Descriptor(
        .info, "redis_exporter_build_info", labels: ["version", "commit_sha"],
        help: "Constant 1; says that Sidelong stands in for redis_exporter, and which version of it.")

    static let connectTime = Descriptor(
        .gauge, "redis_exporter_last_scrape_connect_time_seconds",
        help: "How long the newest connect to Redis took, login included; the connection is kept between polls.")
    static let requestErrors = Descriptor(
        .counter, "redis_target_scrape_request_errors_total",
        help: "Always 0: redis_exporter counts bad requests to an endpoint here that Sidelong does not have.")

    static let keyGroupsDuration = Descriptor(
        .gauge, "redis_last_key_groups_scrape_duration_milliseconds",
        help: "Always 0: redis_exporter times a scan of the keys here, and Sidelong scans none.")

    static let descriptors = [
        scrapes, scrapeDuration, lastDuration, lastError, buildInfo, connectTime, requestErrors, keyGroupsDuration,
    ]

    static func samples(of report: Report) -> Samples {
        var samples = Samples()
        guard report.isPolled else { return samples }
        let polls = Double(report.polls)
        let summary = SummaryValue(quantiles: [], sum: report.pollSeconds, count: polls)
        samples.add(scrapes, polls)
        samples.add(scrapeDuration, Sample(value: .summary(summary)))
        samples.add(lastDuration, ifKnown: report.lastDuration?.seconds)
        samples.add(lastError, report.failure == nil ? 0 : 1, report.failure?.reason.rawValue ?? "")
        samples.add(requestErrors, 0)
        samples.add(keyGroupsDuration, 0)
        samples.add(buildInfo, 1, "sidelong-\(BuildFacts.version)", BuildFacts.revision)
        return samples
    }
}
