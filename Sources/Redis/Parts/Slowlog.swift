// SLOWLOG: the commands that took longer than slowlog-log-slower-than. The server keeps the newest ones, numbered; here
// each is counted once, and offered to the measurement of latencies.

import Metrics

/// One command that was slow.
public struct SlowCommand: Sendable, Equatable {
    /// The server's running number.
    public let id: Int64
    /// When it ran, in seconds since 1970.
    public let time: Int64
    /// How long it took, in microseconds, without waiting in the queue.
    public let microseconds: Int64
    /// The command and its arguments. The server shortens more than 32 arguments and long ones.
    public let arguments: [[UInt8]]
    /// Address and name of the client, empty before Redis 4.
    public let client: String
    public let clientName: String

    /// The command in lower case.
    public var command: String {
        String(decoding: arguments.first ?? [], as: UTF8.self).lowercased()
    }
}

/// The part of a poll that concerns the slow log: what was seen so far, so that each entry counts once.
struct Slowlog: RedisPart {
    static let name = "redis_slowlog"

    /// Asks for the newest entries.
    static func query(for count: Int64) -> RedisQuery {
        // 1,024 entries of 32 arguments of 128 bytes at the most.
        RedisQuery("SLOWLOG GET", String(count), bound: ReplyBound(bytes: 6 << 20, isOptional: true))
    }

    /// What a poll asks for; when more were added since the last one, they are asked for in a second round trip.
    static let usualCount: Int64 = 10
    /// What a poll asks for at most.
    static let largestCount: Int64 = 1024

    static let length = Descriptor(.gauge, "redis_slowlog_length", help: "Entries in the slow log (SLOWLOG LEN).")
    static let lastID = Descriptor(
        .gauge, "redis_slowlog_last_id", help: "Number of the newest entry, 0 while there is none (SLOWLOG GET).")
    static let lastDuration = Descriptor(
        .gauge, "redis_last_slow_execution_duration_seconds",
        help: "Duration of the newest entry, 0 while there is none (SLOWLOG GET).")
    static let commands = Descriptor(
        .counter, "redis_slow_commands_total", labels: ["command", "key_group"],
        help:
            "Slow commands: as the server counts them (Redis 8.8, INFO cmdstat_* slowlog_count), else new entries of the slow log since Sidelong began to read it (SLOWLOG GET)."
    )

    static let lost = Descriptor(
        .counter, "redis_slow_commands_lost_total",
        help: "Entries that left the slow log before a poll could read them, by gaps in their numbers (SLOWLOG GET).")

    static let descriptors = [length, lastID, lastDuration, commands, lost]

    /// Names the group of the key that a command works on; nil where it has none.
    typealias KeyGroup = @Sendable (_ arguments: [[UInt8]]) -> String?

    private let keyGroup: KeyGroup?
    private let onEntries: (@Sendable ([SlowCommand]) -> Void)?
    private var counts = SlowCommandCounts()
    private var lost: UInt64 = 0
    /// The logs of the servers that answered so far, the newest last.
    private var memories: [SlowlogMemory] = []
    private var lastLook: SlowlogWriter?

    /// Servers that are remembered: those of a group of replicas between which a name or a proxy may change.
    static let mostMemories = 8

    init(keyGroup: KeyGroup?, onEntries: (@Sendable ([SlowCommand]) -> Void)? = nil) {
        self.keyGroup = keyGroup
        self.onEntries = onEntries
    }

    func queries() -> [RedisQuery] { [RedisQuery("SLOWLOG LEN"), Self.query(for: Self.usualCount)] }

    /// All new entries, where the usual number was not enough.
    func followUp(to answers: inout RedisAnswers, in poll: RedisPoll) -> [RedisQuery] {
        guard answers.count == 2, let length = try? Self.length(answers[0]), let entries = try? Self.decode(answers[1]),
            let count = missing(after: entries, length: length, runID: poll.server.runID)
        else { return [] }
        return [Self.query(for: count)]
    }

    mutating func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        let length = try Self.length(answers[0])
        let entries = try Self.decode(answers[answers.count - 1])
        let slowCalls = poll.info.commands.slowCalls
        let new = take(
            entries, length: length, capacity: poll.config?.slowlogCapacity,
            served: slowCalls.isEmpty ? nil : slowCalls, from: SlowlogWriter(poll.server, poll.info, at: poll.time))
        if !new.isEmpty { onEntries?(new) }
        return samples(length: length, entries: entries)
    }

    private static func length(_ reply: RedisReply) throws(CollectorFailure) -> Int64 {
        guard let length = reply.integer else {
            throw CollectorFailure(.malformed, "SLOWLOG LEN answered with something else than a number")
        }
        return length
    }

    /// How many entries have to be asked for to see all new ones, where the usual number was not enough; else nil.
    ///
    /// - Parameter length: how many entries the log holds.
    func missing(after entries: [SlowCommand], length: Int64, runID: String) -> Int64? {
        guard entries.count >= Self.usualCount, length > entries.count, let first = entries.first else { return nil }
        let all = min(length, Self.largestCount)
        guard let memory = memory(of: runID), let newest = memory.newest else {
            return SlowlogMemory(runID: runID).isOrdered(entries) ? nil : all
        }
        guard memory.isOrdered(entries) else { return memory.unseen(of: entries).isEmpty ? nil : all }
        let (added, isTooLarge) = first.id.subtractingReportingOverflow(newest)
        guard !isTooLarge, added > Int64(entries.count) else { return nil }
        return min(added, Self.largestCount)
    }

    /// Counts what is new.
    ///
    /// The first look at a server counts nothing: what stood there before may be days old. In the log of one that was
    /// started since the last look everything is new.
    ///
    /// - Parameters:
    ///   - length: how many entries the log holds, of which `entries` are the newest.
    ///   - capacity: how many it can hold (slowlog-max-len), where that is known.
    ///   - served: what the server has counted by command, where it does that.
    /// - Returns: the new entries, oldest first.
    mutating func take(
        _ entries: [SlowCommand], length: Int64, capacity: Int64?, served: [String: UInt64]? = nil,
        from writer: SlowlogWriter
    ) -> [SlowCommand] {
        let length = max(length, Int64(entries.count))
        let before = lastLook
        lastLook = writer
        if let before, before.runID != writer.runID { counts.forgetServed() }
        if let served { counts.take(served: served) }
        var memory = memory(of: writer.runID)
        let new: [SlowCommand]
        if let memory {
            if let newest = memory.newest, memory.isOrdered(entries) {
                countLost(entries, after: newest, length: length, isFull: length >= capacity ?? memory.longest)
            }
            new = memory.unseen(of: entries).reversed()
        } else if let before, writer.hasStarted(since: before) {
            new = entries.filter { $0.time >= before.time }.reversed()
        } else {
            new = []
        }
        memory = memory ?? SlowlogMemory(runID: writer.runID)
        memory?.see(entries, length: length)
        remember(memory)
        for entry in new { counts.count(entry, keyGroup: keyGroup?(entry.arguments) ?? "") }
        return new
    }

    private func memory(of runID: String) -> SlowlogMemory? {
        memories.last { $0.runID == runID }
    }

    private mutating func remember(_ memory: SlowlogMemory?) {
        guard let memory else { return }
        memories.removeAll { $0.runID == memory.runID }
        memories.append(memory)
        if memories.count > Self.mostMemories { memories.removeFirst() }
    }

    /// Counts the numbers between the entries known before and the oldest one at hand.
    ///
    /// - Parameter isFull: whether older entries had to make room. Those missing from a log that is not full were
    ///   removed on purpose (SLOWLOG RESET), but for what it holds beyond the entries at hand.
    private mutating func countLost(_ entries: [SlowCommand], after id: Int64, length: Int64, isFull: Bool) {
        guard let oldest = entries.last?.id, oldest > id else { return }
        let gap = oldest.subtractingReportingOverflow(id &+ 1).partialValue
        let missing = isFull ? gap : min(gap, length - Int64(entries.count))
        lost &+= UInt64(max(0, missing))
    }

    /// The families of the part.
    mutating func samples(length: Int64, entries: [SlowCommand]) -> Samples {
        var samples = Samples()
        samples.add(Self.length, Double(length))
        samples.add(Self.lastID, Double(entries.first?.id ?? 0))
        samples.add(Self.lastDuration, Double(entries.first?.microseconds ?? 0) / 1_000_000)
        samples.add(Self.lost, Double(lost))
        counts.add(Self.commands, to: &samples)
        return samples
    }

    /// Decodes a reply to SLOWLOG GET, newest entry first.
    static func decode(_ reply: RedisReply) throws(CollectorFailure) -> [SlowCommand] {
        guard let entries = reply.elements else { throw malformed }
        return try entries.map { entry throws(CollectorFailure) in
            guard let parts = entry.elements, parts.count >= 4, let id = parts[0].integer, let time = parts[1].integer,
                let microseconds = parts[2].integer, let arguments = parts[3].elements
            else { throw malformed }
            return SlowCommand(
                id: id, time: time, microseconds: microseconds, arguments: arguments.compactMap(\.bytes),
                client: parts.count > 4 ? parts[4].text ?? "" : "",
                clientName: parts.count > 5 ? parts[5].text ?? "" : "")
        }
    }

    private static let malformed = CollectorFailure(.malformed, "SLOWLOG GET answered with something else than entries")
}
