// SLOWLOG: the commands that took longer than slowlog-log-slower-than. The server keeps the newest ones, numbered; here
// each is counted once, and offered to whoever wants to know what it was.

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
struct Slowlog: Sendable {
    static let part = "redis_slowlog"
    static let lengthCommand = ["SLOWLOG", "LEN"]

    /// Asks for the newest entries.
    static func command(for count: Int64) -> [String] { ["SLOWLOG", "GET", String(count)] }

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
        help: "New entries of the slow log since Sidelong began to read it (SLOWLOG GET).")

    static let lost = Descriptor(
        .counter, "redis_slow_commands_lost_total",
        help: "Entries that left the slow log before a poll could read them, by gaps in their numbers (SLOWLOG GET).")

    static let descriptors = [length, lastID, lastDuration, commands, lost]

    /// Names the group of the key that a command works on; nil where it has none.
    typealias KeyGroup = @Sendable (_ arguments: [[UInt8]]) -> String?

    private struct Kind: Hashable {
        let command: String
        let keyGroup: String
    }

    private let keyGroup: KeyGroup?
    private var counts: [Kind: UInt64] = [:]
    private var lost: UInt64 = 0
    /// The newest entry that was seen, and in which run of the server.
    private var newest: (runID: String, id: Int64)?
    /// The most entries that the log was seen to hold in that run.
    private var longest: Int64 = 0

    /// Kinds that are counted apart; the rest is counted as `other`.
    static let mostKinds = 500

    init(keyGroup: KeyGroup?) {
        self.keyGroup = keyGroup
    }

    /// How many entries have to be asked for to see all new ones, where the usual number was not enough; else nil.
    func missing(after entries: [SlowCommand], runID: String) -> Int64? {
        guard entries.count >= Self.usualCount, let first = entries.first, let newest, newest.runID == runID else {
            return nil
        }
        let (added, isTooLarge) = first.id.subtractingReportingOverflow(newest.id)
        guard !isTooLarge, added > Int64(entries.count) else { return nil }
        return min(added, Self.largestCount)
    }

    /// Counts what is new.
    ///
    /// The first look counts nothing: what stood there before may be days old. A restart of the server empties the log
    /// and starts its numbers again, so that everything in it is new.
    ///
    /// - Parameters:
    ///   - length: how many entries the log holds, of which `entries` are the newest.
    ///   - capacity: how many it can hold (slowlog-max-len), where that is known.
    /// - Returns: the new entries, oldest first.
    mutating func take(
        _ entries: [SlowCommand], length: Int64, capacity: Int64?, runID: String
    ) -> [SlowCommand] {
        let length = max(length, Int64(entries.count))
        // Numbers that go back are a restart as well, where the server does not tell its run.
        let goesOn = newest.map { $0.runID == runID && entries.first?.id ?? $0.id >= $0.id } ?? false
        defer {
            newest = (runID, max(entries.first?.id ?? -1, goesOn ? newest?.id ?? -1 : -1))
            longest = max(length, goesOn ? longest : 0)
        }
        guard let newest else { return [] }
        if goesOn { countLost(entries, after: newest.id, length: length, isFull: length >= capacity ?? longest) }
        let new = entries.filter { !goesOn || $0.id > newest.id }.reversed()
        for entry in new { count(entry) }
        return Array(new)
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

    private mutating func count(_ entry: SlowCommand) {
        let kind = Kind(command: entry.command, keyGroup: keyGroup?(entry.arguments) ?? "")
        let isCounted = counts[kind] != nil || counts.count < Self.mostKinds
        counts[isCounted ? kind : Kind(command: "other", keyGroup: "other"), default: 0] += 1
    }

    /// The families of the part.
    func samples(length: Int64, entries: [SlowCommand]) -> Samples {
        var samples = Samples()
        samples.add(Self.length, Double(length))
        samples.add(Self.lastID, Double(entries.first?.id ?? 0))
        samples.add(Self.lastDuration, Double(entries.first?.microseconds ?? 0) / 1_000_000)
        samples.add(Self.lost, Double(lost))
        for (kind, count) in counts { samples.add(Self.commands, Double(count), kind.command, kind.keyGroup) }
        return samples
    }

    /// Decodes a reply to SLOWLOG GET, newest entry first.
    static func decode(_ reply: Reply) throws(CollectorFailure) -> [SlowCommand] {
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
