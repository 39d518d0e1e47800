// Every option of the program. To add one: declare it here, in one place, and use it as `settings[Options.name]`.

import Metrics
import Redis

/// The declarations of all options, in the order in which --help shows them.
enum Options {
    static let redisAddresses = Option(
        "redis.addr", .redisPlaces, environment: [Variable("REDIS_ADDR"), Variable("REDIS_URL")],
        default: "redis://localhost:6379",
        effect: .captureWithStart,
        help:
            "The Redis servers to watch, or the primary of a group of Sentinels, or all nodes of a cluster; with several, each series of theirs carries a target label."
    )
    static let redisUser = Option(
        "redis.user", .optional(.text), environment: [Variable("REDIS_USER")], default: nil,
        help: "The ACL user to log in as; without it the default user.")
    static let redisPasswordFile = Option(
        "redis.password-file", .optional(.file), environment: [Variable("REDIS_PASSWORD_FILE")], default: nil,
        help:
            "A file with the password, or JSON with one for each address; read again on every connect and after a refused login."
    )
    static let redisPassword = Option(
        "redis.password", .optional(.password), environment: [Variable("REDIS_PASSWORD")], default: nil, isSecret: true,
        help: "The password; a file is safer, because an environment is inherited.")
    static let redisSentinelUser = Option(
        "redis.sentinel-user", .optional(.text), environment: [Variable("REDIS_SENTINEL_USER")], default: nil,
        help: "The ACL user to log in to Sentinels as.")
    static let redisSentinelPasswordFile = Option(
        "redis.sentinel-password-file", .optional(.file), environment: [Variable("REDIS_SENTINEL_PASSWORD_FILE")],
        default: nil, help: "A file with the password of Sentinels, which are not shown that of Redis.")
    static let redisSentinelPassword = Option(
        "redis.sentinel-password", .optional(.password), environment: [Variable("REDIS_SENTINEL_PASSWORD")],
        default: nil, isSecret: true, help: "The password of Sentinels; a file is safer.")
    static let redisMaxNodes = Option(
        "redis.max-nodes", .integer(1...1_000), default: "100",
        help: "Nodes of a cluster that are watched at the most.")
    static let redisCAFile = Option(
        "redis.tls-ca-file", .optional(.file), default: nil,
        help: "Certificate authorities to trust for rediss:// instead of the system's.")
    static let redisCertificateFile = Option(
        "redis.tls-cert-file", .optional(.file), default: nil, help: "The client certificate to show to Redis.")
    static let redisKeyFile = Option(
        "redis.tls-key-file", .optional(.file), default: nil, help: "The key of the client certificate.")
    static let redisServerName = Option(
        "redis.tls-server-name", .optional(.text), default: nil,
        help: "The name that the server's certificate must carry, where it is not the host of the address.")
    static let redisSkipVerify = Option(
        "redis.tls-skip-verify", .flag, default: "false",
        help: "Accept any certificate of the server. Anyone on the way can then read the password.")
    static let redisInterval = Option(
        "redis.interval", .duration(from: "100ms", to: "1h"),
        environment: [Variable("REDIS_HEALTH_CHECK_INTERVAL", unit: "s")], default: "5s",
        help: "How often Redis is polled.")
    static let redisConnectTimeout = Option(
        "redis.connect-timeout", .duration(from: "10ms", to: "5m"),
        environment: [Variable("REDIS_CONNECTION_TIMEOUT", unit: "s")], default: "2s",
        help: "How long connecting, TLS and login may take.")
    static let redisTimeout = Option(
        "redis.timeout", .duration(from: "10ms", to: "5m"),
        environment: [Variable("REDIS_OPERATION_TIMEOUT", unit: "s")], default: "2s",
        help: "How long a whole poll may take, connecting included.")

    static let retryAttempts = Option(
        "retry.attempts", .integer(1...100),
        environment: [Variable("REDIS_MAX_RETRIES"), Variable("MAX_RETRY_ATTEMPTS")], default: "3",
        help: "Failed polls in a row after which the circuit breaker opens.")
    static let retryDelay = Option(
        "retry.delay", .duration(from: "1ms", to: "30s"),
        environment: [Variable("REDIS_RETRY_DELAY", unit: "s"), Variable("RETRY_DELAY_MS", unit: "ms")], default: "1s",
        help: "The pause after the first failed poll; it doubles with each further one, with jitter.")

    static let pollAlign = Option(
        "poll.align", ValueKind<Switch>.choice, default: "on",
        help: "Poll just before the next scrape is expected, where scrapes have a rhythm, instead of at each interval.")

    static let postgresAddresses = Option(
        "postgres.dsn", .list(.connectionString, commas: false), inVariables: .dataSources,
        environment: [Variable(DataSource.list), Variable(DataSource.uri), Variable(DataSource.url)], default: nil,
        help: "The Postgres servers to watch, as URL or keywords; directly and not through a pooler. DATA_SOURCE_USER, "
            + "DATA_SOURCE_PASS and the three with _FILE go with DATA_SOURCE_URI.")
    static let postgresPasswordFile = Option(
        "postgres.password-file", .optional(.file), default: nil,
        help: "A file with the password for Postgres and PgBouncer, read again on every connect.")
    static let postgresQueriesFile = Option(
        "postgres.queries-file", .optional(.file), default: nil,
        help: "Queries of your own, in postgres_exporter's format; see deploy/gateway-queries.yaml.")
    static let postgresInterval = Option(
        "postgres.interval", .duration(from: "100ms", to: "1h"), default: "10s", help: "How often Postgres is polled.")
    static let postgresExclude = Option(
        "postgres.exclude", .list(.postgresPart), default: nil,
        help: "Parts of Postgres that are not asked for, such as statements,locks; so are those all of whose families "
            + "--metrics.exclude names.")
    static let postgresDatabases = Option(
        "postgres.databases", .list(.text), default: nil,
        help: "The databases to look at, as names in which * stands for anything; !name leaves databases out.")
    static let pgBouncerAddresses = Option(
        "pgbouncer.dsn", .list(.connectionString, commas: false), inVariables: .dataSources,
        environment: [Variable("PGBOUNCER_DSN")], default: nil,
        help: "The PgBouncers to watch; the user has to be one of stats_users. With so_reuseport one for each process.")
    static let pgBouncerInterval = Option(
        "pgbouncer.interval", .duration(from: "100ms", to: "1h"), default: "5s", help: "How often PgBouncer is polled.")

    static let hostInterval = Option(
        "host.interval", .duration(from: "100ms", to: "1h"), default: "5s",
        help: "How often /proc and the cgroup are read.")
    static let hostProcFS = Option(
        "host.procfs", .file, default: "/proc", help: "Where the proc filesystem of the machine is mounted.")
    static let hostCgroupFS = Option(
        "host.cgroupfs", .file, default: "/sys/fs/cgroup", help: "Where the control groups are mounted.")

    static let wireInterfaces = Option(
        "wire.interfaces", .wireInterfaces, environment: [Variable("SIDELONG_WIRE")], default: "auto",
        effect: .withStart,
        help:
            "Where to measure traffic; auto is the loopback and every interface that is up, now or later. Needs CAP_NET_RAW."
    )
    static let wireRedisPorts = Option(
        "wire.redis-ports", .list(.port, allowsNone: true), default: "",
        effect: .withStart, help: "The ports whose traffic is Redis'; without any those of the Redis servers.")
    static let wirePostgresPorts = Option(
        "wire.postgres-ports", .wirePorts, default: "auto",
        effect: .withStart,
        help:
            "The ports whose traffic is Postgres' or PgBouncer's; auto is PgBouncer's where there is one, else that of Postgres, so that nothing is counted twice."
    )
    static let wireHTTPPorts = Option(
        "wire.http-ports", .list(.port, allowsNone: true), default: "", effect: .withStart,
        help: "The ports on which the gateway speaks HTTP; without any its traffic is not looked at.")
    static let wireBuffer = Option(
        "wire.buffer", .size(from: "64KiB", to: "1GiB"), default: "4MiB",
        effect: .withStart,
        help: "The ring in which packets wait, which is resident memory; each interface that is named has its own.")

    static let keysGroup = Option(
        "keys.group", .list(.keyPattern, commas: false), default: nil,
        effect: .withStart,
        help: "Keys that belong together; patterns are tried in order, and what matches none is grouped by its words.")
    static let keysMaxGroups = Option(
        "keys.max-groups", .integer(0...10_000), default: "100",
        effect: .withStart, help: "Key groups that are told apart; the rest is counted as other.")
    static let keysMaxHistograms = Option(
        "keys.max-histograms", .integer(0...100_000), default: "150",
        effect: .withStart,
        help: "Pairs of key group and command with a histogram of their own; the rest is counted as other.")
    static let keysHot = Option(
        "keys.hot", .integer(0...1_000), default: "0",
        effect: .withStart,
        help: "How many of the busiest single keys to name, as they are; they may identify people and sessions.")
    static let keysProbe = Option(
        "keys.probe", .list(.text, commas: false), default: nil,
        help: "Keys whose TYPE is timed with each poll, for a Redis whose traffic cannot be seen.")
    static let keysCheck = Option(
        "keys.check", .keyPatterns, default: nil,
        help: "Keys whose size, memory and number value are shown, by SCAN pattern; 1,000 at the most.")
    static let keysCheckSingle = Option(
        "keys.check-single", .keyPatterns, default: nil, help: "Single keys that are shown in the same way.")
    static let keysCount = Option(
        "keys.count", .keyPatterns, default: nil, help: "Patterns whose keys are counted.")
    static let keysCheckStreams = Option(
        "keys.check-streams", .keyPatterns, default: nil,
        help: "Streams that are shown with their groups and consumers, by SCAN pattern; 1,000 at the most.")
    static let keysCheckSingleStreams = Option(
        "keys.check-single-streams", .keyPatterns, default: nil, help: "Single streams that are shown in the same way.")
    static let keysSizes = Option(
        "keys.sizes", ValueKind<Switch>.choice, default: "off",
        help: "Sample a hundred keys a minute at random for their memory, to show which key groups fill Redis.")
    static let keysInterval = Option(
        "keys.interval", .duration(from: "1s", to: "1h"), default: "30s",
        help: "How often keys, streams and queues are looked at.")
    static let redisQueues = Option(
        "redis.queues", .queueSystems, default: "auto",
        help: "Queue systems whose jobs are counted; auto looks for all but bullmq, which has to be named.")
    static let redisQueue = Option(
        "redis.queue", .list(.ownQueue, commas: false), default: nil,
        help: "A list, stream or sorted set that is a queue, or several by pattern; a state may stand behind the name.")
    static let sqlMaxTables = Option(
        "sql.max-tables", .integer(0...1000), default: "100",
        effect: .withStart,
        help: "How many tables are told apart on the wire; the others are one, called other.")
    static let sqlMaxHistograms = Option(
        "sql.max-histograms", .integer(0...5000), default: "200",
        effect: .withStart,
        help: "How many pairs of table and type of statement have a histogram of their own.")
    static let httpPath = Option(
        "http.path", .list(.pathPattern, commas: false), default: nil, effect: .withStart,
        help:
            "Paths that belong together, such as /api/organizations/{id}; tried in order, and shown as written. With any, a path that matches none is counted as other."
    )
    static let httpMaxPaths = Option(
        "http.max-paths", .integer(0...10_000), default: "100", effect: .withStart,
        help: "Paths of the gateway that are told apart; the rest is counted as other.")
    static let httpMaxHistograms = Option(
        "http.max-histograms", .integer(0...100_000), default: "200", effect: .withStart,
        help: "Pairs of method and path with a histogram of their own; the rest is counted as other.")
    static let httpKeysFile = Option(
        "http.api-keys-file", .optional(.file), default: nil, effect: .withStart,
        help:
            "The gateway's API keys, each a name and the SHA-256 of its token, as sidelong hash-key prints them; read again when it changes."
    )
    static let httpKeyHeaders = Option(
        "http.api-key-headers", .list(.fieldName), default: "authorization,x-api-key", effect: .withStart,
        help: "The header fields in which requests to the gateway show their API key.")
    static let httpExemplars = Option(
        "http.exemplars", ValueKind<ExemplarChoice>.choice, default: "on", effect: .withStart,
        help:
            "Whether the gateway's latencies lead to a trace: the newest sampled traceparent of each bucket, its number alone."
    )
    static let latencyBuckets = Option(
        "latency.buckets", .buckets, default: "0.00005,0.0001,0.00025,0.0005,0.001,0.0025,0.005,0.01,0.025,0.1,0.5,2.5",
        effect: .withStart, help: "Upper bounds of latency histograms, in seconds.")

    static let healthMemory = Option(
        "health.memory", .thresholds(unit: "percent of maxmemory"), default: "80,90",
        help: "Memory in use at which redis_memory is degraded and unhealthy.")
    static let healthConnections = Option(
        "health.connections", .thresholds(unit: "percent of the limit"), default: "80,95",
        help: "Connections in use at which a component is degraded and unhealthy.")
    static let healthHitRate = Option(
        "health.hit-rate", .thresholds(unit: "percent", lowIsBad: true), default: "80,70",
        help: "Hit rate below which redis_performance is degraded and unhealthy.")
    static let healthResponseTime = Option(
        "health.response-time", .thresholds(unit: "milliseconds"), default: "100,1000",
        help: "Time for one poll at which a target is degraded and unhealthy.")
    static let healthErrorRate = Option(
        "health.error-rate", .thresholds(unit: "percent of commands"), default: "5,20",
        help: "Failed and rejected commands at which redis_performance is degraded and unhealthy.")
    static let healthGatewayErrorRate = Option(
        "health.gateway-error-rate", .optional(.thresholds(unit: "percent of requests")), default: nil,
        help: "Failed requests of the last minute at which gateway is degraded and unhealthy; without it and "
            + "health.gateway-p95 there is no such component.")
    static let healthGatewayP95 = Option(
        "health.gateway-p95", .optional(.thresholds(unit: "milliseconds")), default: nil,
        help: "The 95th percentile of the gateway's latencies at which gateway is degraded and unhealthy.")

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

    /// All of them.
    static let all: [any AnyOption] =
        [
            redisAddresses, redisUser, redisPasswordFile, redisPassword, redisSentinelUser, redisSentinelPasswordFile,
            redisSentinelPassword, redisMaxNodes, redisCAFile, redisCertificateFile, redisKeyFile,
            redisServerName, redisSkipVerify, redisInterval, redisConnectTimeout, redisTimeout, retryAttempts,
            retryDelay,
            pollAlign,
            postgresAddresses, postgresPasswordFile, postgresQueriesFile, postgresInterval, postgresExclude,
            postgresDatabases, pgBouncerAddresses,
            pgBouncerInterval, hostInterval, hostProcFS, hostCgroupFS, wireInterfaces, wireRedisPorts,
            wirePostgresPorts,
            wireHTTPPorts, wireBuffer, keysGroup, keysMaxGroups, keysMaxHistograms, keysHot, keysProbe,
            keysCheck, keysCheckSingle, keysCount, keysCheckStreams, keysCheckSingleStreams, keysSizes, keysInterval,
            redisQueues, redisQueue, sqlMaxTables, sqlMaxHistograms, httpPath, httpMaxPaths, httpMaxHistograms,
            httpKeysFile,
            httpKeyHeaders, httpExemplars, latencyBuckets, healthMemory,
            healthConnections, healthHitRate, healthResponseTime, healthErrorRate,
            healthGatewayErrorRate, healthGatewayP95, metricsExclude, listenAddresses,
            webConfigurationFile, webRateLimit, memoryLimit, systemCallFilter, logLevel, logFormat,
        ] + client
}
