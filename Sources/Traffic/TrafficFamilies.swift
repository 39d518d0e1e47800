// The families that come from the wire. Their names and labels are part of Sidelong's contract.

public import Metrics

/// The descriptors of everything that the traffic engine shows.
public enum TrafficFamilies {
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

    public static let packets = Descriptor(
        .counter, "sidelong_wire_packets_total", labels: ["interface"], help: "Packets captured.")
    public static let bytes = Descriptor(
        .counter, "sidelong_wire_bytes_total", labels: ["interface"], help: "Bytes of the captured packets on the wire."
    )
    public static let ignoredPackets = Descriptor(
        .counter, "sidelong_wire_packets_ignored_total", labels: ["reason"],
        help: "Captured packets that were not used; reason own: they belong to Sidelong's connections.")
    public static let irregularSegments = Descriptor(
        .counter, "sidelong_wire_irregular_segments_total", labels: ["kind"],
        help:
            "TCP segments seen again, seen on another interface than the one their connection is read from, seen before their predecessor, and gaps left by segments never seen."
    )
    public static let commands = Descriptor(
        .counter, "sidelong_wire_commands_total", help: "Commands seen on the network and paired with their reply.")
    public static let unmeasuredCommands = Descriptor(
        .counter, "sidelong_wire_unmeasured_commands_total", labels: ["reason"],
        help: "Commands seen on the network whose latency could not be measured.")
    public static let resyncs = Descriptor(
        .counter, "sidelong_wire_resyncs_total", labels: ["reason"],
        help: "Times that a connection fell out of step and pairing had to start anew.")
    public static let connections = Descriptor(
        .gauge, "sidelong_wire_connections", help: "Connections that the capture follows.")
    public static let evictedConnections = Descriptor(
        .counter, "sidelong_wire_connections_evicted_total",
        help: "Connections that the capture stopped following to make room for newer ones.")
    public static let clockSteps = Descriptor(
        .counter, "sidelong_wire_clock_steps_total",
        help: "Replies stamped before their request because the clock was set back; their latency counts as 0.")

    /// All of them, in the order of the documentation.
    public static let all: [Descriptor] = [
        commandDuration, keyCommandDuration, keyHits, keyMisses, keyRequestBytes, keyResponseBytes, keyQueuedCommands,
        userCommandDuration, userCommandErrors, pipelineDepth, blockingCommandDuration, hotKeyCommands, packets, bytes,
        ignoredPackets,
        irregularSegments, commands, unmeasuredCommands, resyncs, connections, evictedConnections, clockSteps,
    ]
}
