// CONFIG GET: the few parameters that belong on the page. It costs the server more than INFO and hardly ever changes,
// so it is asked on a timer of its own; managed services refuse it, and then its families are absent.

import Metrics

/// The part of a poll that concerns the configuration.
struct ConfigParameters: Sendable {
    static let part = "redis_config"

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

    static let descriptors = [maxClients, maxMemory, ioThreads, backlogSize, bufferLimit, bufferTime]

    private static let databasesName = "databases"
    private static let slowlogName = "slowlog-max-len"
    private static let bufferName = "client-output-buffer-limit"
    private static let numbers = [
        ("maxclients", maxClients), ("maxmemory", maxMemory), ("io-threads", ioThreads),
        ("repl-backlog-size", backlogSize),
    ]

    /// The command for a server: the wanted parameters where several can be asked for at once, else all.
    static func command(for server: ServerIdentity) -> [String] {
        ["CONFIG", "GET"]
            + (server.isSevenOrLater ? numbers.map(\.0) + [bufferName, databasesName, slowlogName] : ["*"])
    }

    let samples: Samples
    /// How many databases the server has.
    let databases: Int?
    /// How many entries the slow log can hold.
    let slowlogCapacity: Int64?

    /// Decodes the reply: names and values in turn.
    init(_ reply: Reply) throws(CollectorFailure) {
        guard let pairs = reply.pairs else {
            throw CollectorFailure(.malformed, "CONFIG GET answered with something else than names and values")
        }
        var values: [String: String] = [:]
        for (name, value) in pairs {
            if let name = name.text, let value = value.text { values[name] = value }
        }
        databases = values[Self.databasesName].flatMap { Int($0) }
        slowlogCapacity = values[Self.slowlogName].flatMap { Int64($0) }
        var samples = Samples()
        for (name, descriptor) in Self.numbers {
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
