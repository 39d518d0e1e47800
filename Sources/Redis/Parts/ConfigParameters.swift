// The few parameters of CONFIG GET that belong on the page, or that another part needs.

import Metrics

/// What a reply to CONFIG GET holds.
struct ConfigParameters: Sendable {
    private static let bufferLabels = ["class", "limit"]
    static let maxClients = Descriptor(
        .gauge, "redis_config_maxclients", help: "Client connections that may be open at once (CONFIG GET maxclients).")
    static let maxMemory = Descriptor(
        .gauge, "redis_config_maxmemory",
        help: "Bytes of memory that Redis may use, 0 for no limit (CONFIG GET maxmemory).")
    static let ioThreads = Descriptor(
        .gauge, "redis_config_io_threads", help: "I/O threads that are configured (CONFIG GET io-threads).")
    static let backlogSize = Descriptor(
        .gauge, "redis_config_repl_backlog_size",
        help: "Bytes of the replication backlog as configured (CONFIG GET repl-backlog-size).")
    static let bufferLimit = Descriptor(
        .gauge, "redis_config_client_output_buffer_limit_bytes", labels: bufferLabels,
        help: "Output buffer at which clients of a class are cut off (CONFIG GET client-output-buffer-limit).")
    static let bufferTime = Descriptor(
        .gauge, "redis_config_client_output_buffer_limit_overcome_seconds", labels: bufferLabels,
        help: "Time that clients of a class may be over the soft limit (CONFIG GET client-output-buffer-limit).")

    static let descriptors =
        [maxClients, maxMemory, ioThreads, backlogSize, bufferLimit, bufferTime] + commandLog.map(\.1)

    /// The thresholds and lengths of Valkey's command log. Other servers have none of these.
    private static let commandLog = [
        ("commandlog-execution-slower-than", "Microseconds from which on a command is slow"),
        ("commandlog-slow-execution-max-len", "Slow commands that are kept"),
        ("commandlog-request-larger-than", "Bytes from which on a request is large"),
        ("commandlog-large-request-max-len", "Large requests that are kept"),
        ("commandlog-reply-larger-than", "Bytes from which on a reply is large"),
        ("commandlog-large-reply-max-len", "Large replies that are kept"),
    ].map { name, sentence in
        let family = "redis_" + name.split(separator: "-").joined(separator: "_")
        return (name, Descriptor(.gauge, family, help: "\(sentence) (CONFIG GET \(name))."))
    }

    private static let databasesName = "databases"
    private static let slowlogName = "slowlog-max-len"
    private static let bufferName = "client-output-buffer-limit"
    private static let numbers = [
        ("maxclients", maxClients), ("maxmemory", maxMemory), ("io-threads", ioThreads),
        ("repl-backlog-size", backlogSize),
    ]

    static let wanted = numbers.map(\.0) + [bufferName, databasesName, slowlogName]

    /// What only some servers have.
    static let extras = commandLog.map(\.0)

    /// How many parameters are wanted.
    static var wantedCount: Int { wanted.count }

    /// How many of the wanted parameters the reply has.
    let found: Int
    let samples: Samples
    /// How many databases the server has.
    let databases: Int?
    /// How many entries the slow log can hold.
    let slowlogCapacity: Int64?

    /// Decodes the reply: names and values in turn, or a list of such replies.
    init(_ reply: RedisReply) throws(CollectorFailure) {
        let replies = reply.elements?.contains { $0.elements != nil } == true ? reply.elements ?? [] : [reply]
        let pairs = replies.compactMap(\.pairs)
        guard !pairs.isEmpty else {
            throw CollectorFailure(.malformed, "CONFIG GET answered with something else than names and values")
        }
        var values: [String: String] = [:]
        for (name, value) in pairs.joined() {
            if let name = name.text, let value = value.text { values[name] = value }
        }
        found = Self.wanted.count { values[$0] != nil }
        databases = values[Self.databasesName].flatMap { Int($0) }
        slowlogCapacity = values[Self.slowlogName].flatMap { Int64($0) }
        var samples = Samples()
        for (name, descriptor) in Self.numbers + Self.commandLog {
            samples.add(descriptor, ifKnown: values[name].flatMap { Double($0) })
        }
        Self.add(bufferLimits: values[Self.bufferName] ?? "", to: &samples)
        self.samples = samples
    }

    /// `normal 0 0 0 slave 268435456 67108864 60 …`: class, hard limit, soft limit, seconds.
    private static func add(bufferLimits text: String, to samples: inout Samples) {
        var words = text.split(separator: " ")[...]
        while words.count >= 4 {
            let name = String(words.removeFirst())
            let numbers = words.prefix(3).map { Double($0) }
            words = words.dropFirst(3)
            samples.add(bufferLimit, ifKnown: numbers[0], name, "hard")
            samples.add(bufferLimit, ifKnown: numbers[1], name, "soft")
            samples.add(bufferTime, ifKnown: numbers[2], name, "soft")
        }
    }
}
