// What is watched: Redis, Postgres, PgBouncer and the machine, how to get in, and how often each is asked.

extension Options {
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

    static let sources: [any AnyOption] = [
        redisAddresses, redisUser, redisPasswordFile, redisPassword, redisSentinelUser, redisSentinelPasswordFile,
        redisSentinelPassword, redisMaxNodes, redisCAFile, redisCertificateFile, redisKeyFile, redisServerName,
        redisSkipVerify, redisInterval, redisConnectTimeout, redisTimeout, retryAttempts, retryDelay, pollAlign,
        postgresAddresses, postgresPasswordFile, postgresQueriesFile, postgresInterval, postgresExclude,
        postgresDatabases, pgBouncerAddresses, pgBouncerInterval, hostInterval, hostProcFS, hostCgroupFS,
    ]
}
