// The families of Redis that come from the wire. Their names and labels are part of Sidelong's contract.

public import Metrics

/// The descriptors of everything that the traffic engine shows of Redis.
public enum RedisTrafficFamilies {
    public static let commandDuration = SharedFamilies.commandDuration
    public static let keyCommandDuration = Descriptor(
        .histogram, "redis_key_command_duration_seconds", labels: ["key_group", "command", "source", "project"],
        help: "Latency per key group and command; source wire: as seen on the network.")
    public static let keyHits = Descriptor(
        .counter, "redis_key_hits_total", labels: ["key_group", "project"],
        help:
            "Reads that found what they asked for, by their replies, as seen on the network; MGET and EXISTS count each key."
    )
    public static let keyMisses = Descriptor(
        .counter, "redis_key_misses_total", labels: ["key_group", "project"],
        help: "Reads that did not find what they asked for, by their replies, as seen on the network.")
    public static let keyRequestBytes = Descriptor(
        .counter, "redis_key_request_bytes_total", labels: ["key_group", "project"],
        help: "Payload bytes of requests by key group, as seen on the network.")
    public static let keyResponseBytes = Descriptor(
        .counter, "redis_key_response_bytes_total", labels: ["key_group", "project"],
        help: "Payload bytes of replies by key group, as seen on the network.")
    public static let keyQueuedCommands = Descriptor(
        .counter, "redis_key_queued_commands_total", labels: ["key_group", "command", "project"],
        help: "Commands that ran within MULTI and EXEC, by key group and command, as seen on the network.")
    public static let userCommandDuration = Descriptor(
        .histogram, "redis_user_command_duration_seconds", labels: ["user"],
        help: "Latency per ACL user, as seen on the network.")
    public static let userCommandErrors = Descriptor(
        .counter, "redis_user_command_errors_total", labels: ["user", "error"],
        help: "Error replies per ACL user by their first word, as seen on the network.")
    public static let pipelineDepth = Descriptor(
        .histogram, "redis_pipeline_depth",
        help: "Commands in flight on a connection when one arrives, itself included, as seen on the network.")
    public static let blockingCommandDuration = Descriptor(
        .histogram, "redis_blocking_command_duration_seconds", labels: ["command"],
        help: "Time from a blocking command such as BLPOP to its reply, wait included, as seen on the network.")
    public static let hotKeyCommands = Descriptor(
        .gauge, "redis_hot_key_commands", labels: ["key"],
        help: "Commands in the last full minute for the busiest keys, as seen on the network: at least so many.")

    /// All of them, in the order of the documentation.
    public static let all: [Descriptor] =
        [
            commandDuration, keyCommandDuration, keyHits, keyMisses, keyRequestBytes, keyResponseBytes,
            keyQueuedCommands, userCommandDuration, userCommandErrors, pipelineDepth, blockingCommandDuration,
            hotKeyCommands,
        ] + ofQueues
}
