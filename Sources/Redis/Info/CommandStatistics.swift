// INFO commandstats: how often each command was called so far, how long it took, and how often it went wrong.

import Metrics

/// What the server counts per command.
struct CommandStatistics: Sendable {
    static let calls = Descriptor(
        .counter, "redis_commands_total", labels: ["cmd", "command"],
        help: "Calls of each command (INFO cmdstat_* calls).")
    static let duration = Descriptor(
        .counter, "redis_commands_duration_seconds_total", labels: ["cmd", "command"],
        help: "Time that each command took on the server (INFO cmdstat_* usec).")
    static let rejectedCalls = Descriptor(
        .counter, "redis_commands_rejected_calls_total", labels: ["cmd", "command"],
        help: "Calls of each command refused before they ran (INFO cmdstat_* rejected_calls).")
    static let failedCalls = Descriptor(
        .counter, "redis_commands_failed_calls_total", labels: ["cmd", "command"],
        help: "Calls of each command that ended in an error (INFO cmdstat_* failed_calls).")
    static let errors = Descriptor(
        .counter, "redis_command_errors_total", labels: ["command"],
        help: "Calls of each command that failed or were refused (INFO cmdstat_* failed_calls and rejected_calls).")
    static let descriptors = [calls, duration, rejectedCalls, failedCalls, errors]

    /// Count and time of one command.
    struct Usage: Sendable, Equatable {
        var calls: Double
        var microseconds: Double
    }

    /// Usage by command, for the families whose source lacks it.
    private(set) var usage: [String: Usage] = [:]
    /// Slow calls by command, which Redis counts from 8.8 on; empty where it does not.
    private(set) var slowCalls: [String: UInt64] = [:]

    /// Whether the server counts calls at all.
    private(set) var hasCommands = false

    /// Several times what servers have, their modules included.
    private static let mostCommands = 4096
    private static let prefix = Array("cmdstat_".utf8)
    private static let callsName = Array("calls".utf8)
    private static let timeName = Array("usec".utf8)
    private static let rejectedName = Array("rejected_calls".utf8)
    private static let failedName = Array("failed_calls".utf8)
    private static let slowName = Array("slowlog_count".utf8)

    /// A command's name as the label `command` has it, whatever it comes from: in lower case. Servers write commands of
    /// modules as these do, `GRAPH.QUERY`.
    static func spelling(_ command: String) -> String {
        command.utf8.contains { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 } ? command.lowercased() : command
    }

    /// Takes `cmdstat_get:calls=1,usec=2,usec_per_call=2.00,rejected_calls=0,failed_calls=0`, of which the last two
    /// came with 6.2, and of which a fork may tell the calls only. Nil when the line is another, false when it makes no
    /// sense.
    mutating func take(_ line: InfoValue, into samples: inout Samples) -> Bool? {
        guard let name = line.rest(after: Self.prefix) else { return nil }
        let command = line.text(name)
        var calls: Double?
        var time: Double?
        var rejected: Double?
        var failed: Double?
        var slow: UInt64?
        var pairs = line.pairs
        while let (name, value) = pairs.next() {
            if line.isEqual(name, Self.callsName) {
                calls = InfoNumber.parse(line.bytes, value)
            } else if line.isEqual(name, Self.timeName) {
                time = InfoNumber.parse(line.bytes, value)
            } else if line.isEqual(name, Self.rejectedName) {
                rejected = InfoNumber.parse(line.bytes, value)
            } else if line.isEqual(name, Self.failedName) {
                failed = InfoNumber.parse(line.bytes, value)
            } else if line.isEqual(name, Self.slowName) {
                slow = InfoNumber.parse(line.bytes, value).flatMap(UInt64.init(exactly:))
            }
        }
        let hasCalls = calls.map { $0 >= 0 } ?? false
        let hasTime = time.map { $0 >= 0 } ?? false
        let spelling = Self.spelling(command)
        if hasCalls, hasTime, let calls, let time, usage.count < Self.mostCommands {
            usage[command] = Usage(calls: calls, microseconds: time)
            slowCalls[spelling] = slow
        }
        hasCommands = hasCommands || hasCalls
        if hasCalls { samples.add(Self.calls, ifKnown: calls, command, spelling) }
        if hasTime { samples.add(Self.duration, ifKnown: time.map { $0 / 1_000_000 }, command, spelling) }
        samples.add(Self.rejectedCalls, ifKnown: rejected, command, spelling)
        samples.add(Self.failedCalls, ifKnown: failed, command, spelling)
        if let rejected, let failed { samples.add(Self.errors, rejected + failed, spelling) }
        return hasCalls && (time == nil || hasTime)
    }
}
