// Variables that look meant for Sidelong and mean nothing to it: those of a gateway's own metrics, of OpenTelemetry, of
// another exporter, or a name of ours that is misspelt. Each is named once in the log, with what to use instead.

/// The variables of an environment that look meant for us. Pure.
enum StrayVariables {
    /// One line for each variable that is set and has no effect; its value is never shown.
    ///
    /// - Parameter isRead: whether a variable is read; those that are have an effect.
    static func remarks(on environment: [String: String], isRead: (String) -> Bool) -> [String] {
        environment.compactMap { variable, value in
            guard !value.isEmpty, !isRead(variable), let instead = advice(on: variable), !isServiceLink(variable)
            else { return nil }
            return "\(variable): without effect; \(instead)"
        }.sorted()
    }

    /// What to use instead; nil for what is not meant for us.
    private static func advice(on variable: String) -> String? {
        advice[variable.prefix(3)]?.first { NamePattern($0.pattern).matches(variable) }?.instead
    }

    /// Whether Kubernetes sets it for a Service whose name happens to begin like ours (`SIDELONG_SERVICE_HOST`).
    private static func isServiceLink(_ variable: String) -> Bool {
        let links = ["*_SERVICE_HOST", "*_SERVICE_PORT", "*_SERVICE_PORT_*", "*_PORT_*_TCP*", "*_PORT_*_UDP*"]
        return links.contains { NamePattern($0).matches(variable) } || variable == "SIDELONG_PORT"
    }

    /// What to use instead, by a pattern over names; the first one that fits. Every pattern begins with three letters,
    /// by which it is found.
    private static let advice = Dictionary(grouping: list) { $0.pattern.prefix(3) }

    private static let list: [(pattern: String, instead: String)] = [
        ("SIDELONG_*", "sidelong has no such option; see `sidelong --help`"),

        ("METRICS_ENABLED", "/metrics is always there; --metrics.exclude leaves families out"),
        ("METRICS_PATH", "the path is /metrics"),
        ("METRICS_*", "use --web.listen-address for the port, --redis.interval for the rhythm"),
        ("PROMETHEUS_*", "use --web.listen-address for the port; the path is /metrics"),
        ("HEALTH_CHECK_INTERVAL", "use REDIS_HEALTH_CHECK_INTERVAL, or --redis.interval"),
        ("HEALTH_CHECK_TIMEOUT", "use REDIS_OPERATION_TIMEOUT, or --redis.timeout"),
        ("HEALTH_CHECK_*", "/health is always there; its thresholds are --health.*"),
        ("LOG_LEVEL", "use --log.level"),
        ("LOG_FORMAT", "use --log.format"),
        ("RATE_LIMIT_*", "use RATE_LIMIT_DEFAULT_RPS, or --web.rate-limit"),
        ("RETRY_*", "use MAX_RETRY_ATTEMPTS and RETRY_DELAY_MS, or --retry.*"),
        ("CIRCUIT_BREAKER_*", "use --retry.attempts and --retry.delay"),

        ("OTEL_*", "nothing is sent by OTLP; a Collector can scrape /metrics, see deploy/otel-collector.yaml"),

        ("REDIS_HOST", "use REDIS_ADDR"), ("REDIS_PORT", "use REDIS_ADDR"), ("REDIS_NODES", "use REDIS_ADDR"),
        ("REDIS_USERNAME", "use REDIS_USER"),
        ("REDIS_PASS", "use REDIS_PASSWORD_FILE or REDIS_PASSWORD"),
        ("REDIS_TIMEOUT", "use REDIS_OPERATION_TIMEOUT"),
        ("REDIS_TLS*", "use rediss:// in REDIS_ADDR, and --redis.tls-*"),
        ("REDIS_SSL*", "use rediss:// in REDIS_ADDR, and --redis.tls-*"),
        ("REDIS_POOL_*", "sidelong has one connection"),

        ("PG_EXPORTER_EXTEND_QUERY_PATH", "use --postgres.queries-file"),
        ("PG_EXPORTER_AUTO_DISCOVER_DATABASES", "use --postgres.databases"),
        ("PG_EXPORTER_INCLUDE_DATABASES", "use --postgres.databases"),
        ("PG_EXPORTER_EXCLUDE_DATABASES", "use --postgres.databases with !NAME"),
        ("PG_EXPORTER_DISABLE_*", "use --postgres.exclude"),
        ("PG_EXPORTER_CONSTANT_LABELS", "use labels of the scrape configuration"),
        ("PG_EXPORTER_WEB_TELEMETRY_PATH", "the path is /metrics"),
        ("PG_EXPORTER_*", "see docs/migrating.md"),
        ("PGBOUNCER_EXPORTER_*", "use PGBOUNCER_DSN, see docs/migrating.md"),
        ("PGBOUNCER_URL", "use PGBOUNCER_DSN"), ("PGBOUNCER_HOST", "use PGBOUNCER_DSN"),
        ("POSTGRES_URL", "use DATA_SOURCE_NAME"), ("POSTGRES_DSN", "use DATA_SOURCE_NAME"),
        ("POSTGRES_HOST", "use DATA_SOURCE_NAME"),
    ]
}
