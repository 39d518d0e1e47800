// What is measured on the network, of Redis, the databases and the gateway. Most of it takes effect with a start only:
// a capture takes a capability that is given up right afterwards.

extension Options {
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
        help: "The ring in which packets wait, which is resident memory; each interface that is named has its own. "
            + "One that was half full gets twice this size, within memory.limit.")
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
        "http.exemplars", ValueKind<Switch>.choice, default: "on", effect: .withStart,
        help:
            "Whether the gateway's latencies lead to a trace: the newest sampled traceparent of each bucket, its number alone."
    )
    static let latencyBuckets = Option(
        "latency.buckets", .buckets, default: "0.00005,0.0001,0.00025,0.0005,0.001,0.0025,0.005,0.01,0.025,0.1,0.5,2.5",
        effect: .withStart, help: "Upper bounds of latency histograms, in seconds.")

    static let wire: [any AnyOption] = [
        wireInterfaces, wireRedisPorts, wirePostgresPorts, wireHTTPPorts, wireBuffer, sqlMaxTables,
        sqlMaxHistograms, httpPath, httpMaxPaths, httpMaxHistograms, httpKeysFile, httpKeyHeaders, httpExemplars,
        latencyBuckets,
    ]
}
