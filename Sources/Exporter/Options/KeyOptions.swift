// Keys, streams and queues: which are told apart in the traffic, and which are looked at in Redis itself.

extension Options {
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

    static let keys: [any AnyOption] = [
        keysGroup, keysMaxGroups, keysMaxHistograms, keysHot, keysProbe, keysCheck, keysCheckSingle, keysCount,
        keysCheckStreams, keysCheckSingleStreams, keysSizes, keysInterval, redisQueues, redisQueue,
    ]
}
