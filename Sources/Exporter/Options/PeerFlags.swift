// Every flag of redis_exporter, in the order of its documentation. docs/migrating.md has the same table.

extension PeerFlag {
    /// All but those that are our own under the same name: `redis.addr`, `redis.user`, `redis.password-file`,
    /// `web.listen-address`, `version`; and `redis.password`, which is a variable here as it is there.
    static let all: [PeerFlag] = target + tls + keys + families + web + log

    private static let target: [PeerFlag] = [
        .same("connection-timeout", as: Options.redisConnectTimeout.name, Options.redisTimeout.name),
        .always("ping-on-connect", "always so: every connection begins with PING"),
        .toggle(
            "set-client-name", here: "always so: the connection is called `sidelong`", on: .set([]),
            off: .refused("none: the connection is always called sidelong")),
        .always("is-cluster", "not needed; `--redis.addr=redis-cluster://host:port` watches every node"),
        .never("cluster-discover-hostnames", "none: nodes are called what cluster-preferred-endpoint-type says"),
        .never("is-tile38", "none: Tile38 is not watched"),
        .none(
            "config-command",
            "none: CONFIG is asked by its name; where it is refused, only its own families are absent",
            but: "CONFIG"),
    ]

    private static let tls: [PeerFlag] = [
        .same("tls-client-key-file", as: Options.redisKeyFile.name),
        .same("tls-client-cert-file", as: Options.redisCertificateFile.name),
        .same("tls-ca-cert-file", as: Options.redisCAFile.name),
        .same("tls-server-name", as: Options.redisServerName.name),
        .toggle(
            "skip-tls-verification", here: "`--\(Options.redisSkipVerify.name)`",
            on: .set([Setting(option: Options.redisSkipVerify.name, text: "true")])),
    ]

    private static let keys: [PeerFlag] = [
        .patterns("check-keys", as: Options.keysCheck.name),
        .patterns("check-single-keys", as: Options.keysCheckSingle.name),
        .patterns("check-streams", as: Options.keysCheckStreams.name),
        .patterns("check-single-streams", as: Options.keysCheckSingleStreams.name),
        .toggle(
            "streams-exclude-consumer-metrics",
            here: "`--\(Options.metricsExclude.name)=redis_stream_group_consumer_*`",
            on: .set([Setting(option: Options.metricsExclude.name, text: "redis_stream_group_consumer_*")])),
        .patterns("count-keys", as: Options.keysCount.name),
        .unneeded("check-keys-batch-size", "not needed: SCAN has a budget, and goes on in the next interval"),
        .none(
            "check-key-groups", "`--keys.group`, whose patterns are no Lua: latency of each group, not its memory",
            but: ""),
        .none("max-distinct-key-groups", "`--keys.max-groups`, for `--keys.group`", but: "100"),
        .toggle(
            "disable-exporting-key-values",
            here: "`--\(Options.metricsExclude.name)=redis_key_value`; a text is never shown",
            on: .set([Setting(option: Options.metricsExclude.name, text: "redis_key_value")])),
        .never("skip-checkkeys-for-role-master", "none: keys are looked at whatever the role"),
        .none("script", "none: no script is run", but: ""),
        .never("lua-script-read-only", "none: no script is run"),
    ]

    private static let families: [PeerFlag] = [
        .never("export-client-list", "none: it is a series for every client"),
        .never("export-client-port", "none: it is a series for every connection"),
        .never(
            "include-config-metrics", variable: "REDIS_EXPORTER_INCL_CONFIG_METRICS",
            "none: only the parameters that dashboards use are shown, as `redis_config_*`"),
        .toggle(
            "redact-config-metrics", here: "always so: no parameter with a secret is shown", on: .set([]),
            off: .refused("none: no parameter with a secret is shown")),
        .always(
            "include-modules-metrics", variable: "REDIS_EXPORTER_INCL_MODULES_METRICS",
            "always so: `redis_module_info`"),
        .never(
            "include-search-indexes-metrics", variable: "REDIS_EXPORTER_INCL_SEARCH_INDEXES_METRICS",
            "none: indexes are not looked at one by one; `redis_search_*` has their sums"),
        .none("check-search-indexes", "none: indexes are not looked at one by one", but: ".*"),
        .never(
            "include-sentinel-peer-info", variable: "REDIS_EXPORTER_INCL_SENTINEL_PEER_INFO",
            "none: `redis_sentinel_master_ok_sentinels` has their number"),
        .toggle(
            "exclude-latency-histogram-metrics", here: "`--metrics.exclude=redis_commands_latencies_usec`",
            on: .set([Setting(option: Options.metricsExclude.name, text: "redis_commands_latencies_usec")])),
        .always(
            "include-system-metrics", variable: "REDIS_EXPORTER_INCL_SYSTEM_METRICS",
            "always so: `redis_total_system_memory_bytes`"),
        .never(
            "include-rdb-file-size-metric", variable: "REDIS_EXPORTER_INCL_RDB_FILE_SIZE_METRIC",
            "none: the server's disk is not looked at"),
        .toggle(
            "include-metrics-for-empty-databases", variable: "REDIS_EXPORTER_INCL_METRICS_FOR_EMPTY_DATABASES",
            here: "always so", on: .set([]), off: .refused("none: every database has its series")),
        .never("append-instance-role-label", "none: `redis_instance_info` has the role, to be joined in a query"),
        .toggle(
            "redis-only-metrics", here: "`--metrics.exclude=process_*`",
            on: .set([Setting(option: Options.metricsExclude.name, text: "process_*")])),
        .never("include-go-runtime-metrics", "none: there is no Go runtime"),
        .none("namespace", "none: names begin with `redis_`; metric_relabel_configs of Prometheus", but: "redis"),
    ]

    private static func file(_ section: String) -> String { "`--web.config.file`: `\(section)`" }

    private static let web: [PeerFlag] = [
        .none("web.telemetry-path", "none: the page is at /metrics", but: "/metrics"),
        .none("tls-server-key-file", file("tls_server_config: key_file"), but: ""),
        .none("tls-server-cert-file", file("tls_server_config: cert_file"), but: ""),
        .none("tls-server-ca-cert-file", file("tls_server_config: client_ca_file"), but: ""),
        .none("tls-server-min-version", file("tls_server_config: min_version"), but: "TLS1.2"),
        .none("basic-auth-username", file("basic_auth_users"), but: ""),
        .none("basic-auth-password", file("basic_auth_users"), but: ""),
        .none("basic-auth-hash-password", file("basic_auth_users"), but: ""),
        .toggle(
            "disable-scrape-endpoint", here: "always so: there is no /scrape", on: .set([]),
            off: .refused("none: there is no /scrape; name each target with --redis.addr")),
    ]

    private static let log: [PeerFlag] = [
        .toggle(
            "debug", here: "`--log.level=debug`", on: .set([Setting(option: Options.logLevel.name, text: "debug")])),
        PeerFlag("log-level", here: "`--log.level`") { text in
            let level = text.lowercased()
            return .set([Setting(option: Options.logLevel.name, text: level == "warning" ? "warn" : level)])
        },
        PeerFlag("log-format", here: "`--log.format`; `txt` is `logfmt`") { text in
            .set([Setting(option: Options.logFormat.name, text: text == "txt" ? "logfmt" : text)])
        },
    ]
}
