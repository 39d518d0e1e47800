// Every option of the program. To add one: declare it here or in a file beside this one, by its subject, name it in the
// list below it, and use it as `settings[Options.name]`.

/// The declarations of all options. Here are those of the page and of the process itself.
enum Options {
    static let metricsExclude = Option(
        "metrics.exclude", .list(.text, allowsNone: true), default: "",
        help: "Family names that are left out of the page; * stands for any run of characters.")

    static let listenAddresses = Option(
        "web.listen-address", .list(.listenAddress),
        environment: [Variable("SIDELONG_LISTEN"), Variable("REDIS_EXPORTER_WEB_LISTEN_ADDRESS")], default: ":9121",
        effect: .withStart, help: "Where /metrics and /health are served.")
    static let webConfigurationFile = Option(
        "web.config.file", .optional(.file), default: nil,
        help: "Encryption, users, API keys and limits, in Prometheus' web configuration format; see docs/security.md.")
    static let webRateLimit = Option(
        "web.rate-limit", .numberOrZero(0.001...1_000_000), environment: [Variable("RATE_LIMIT_DEFAULT_RPS")],
        default: "100",
        help: "Requests per second that each client address may send, and twice as many at once; 0 is no limit.")

    static let memoryLimit = Option(
        "memory.limit", .optional(.size(from: "32MiB", to: "64GiB")), default: nil,
        effect: .withStart,
        help:
            "What the process may take; without it three quarters of the container's limit, and 256 MiB where there is none."
    )

    static let systemCallFilter = Option(
        "process.system-call-filter", .flag, default: "true",
        effect: .withStart,
        help:
            "Give up all system calls but those needed, once started. Switch it off only to find out whether it is at fault."
    )

    static let logLevel = Option(
        "log.level", ValueKind<Log.Level>.choice, default: "info", effect: .withStart,
        help: "The least important messages to log.")
    static let logFormat = Option(
        "log.format", ValueKind<Log.Format>.choice, default: "logfmt", effect: .withStart,
        help: "How messages are written.")

    static let process: [any AnyOption] = [
        metricsExclude, listenAddresses, webConfigurationFile, webRateLimit, memoryLimit, systemCallFilter,
        logLevel, logFormat,
    ]

    /// All of them, in the order in which --help shows them.
    static let all: [any AnyOption] = sources + wire + keys + health + process + client
}
