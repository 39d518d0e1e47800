// COMMAND: what the server says of its own commands, modules' included. The measurement needs to know where a command's
// key stands and whether it waits.

import Metrics

/// One command as the server describes it (COMMAND).
public struct RedisCommand: Sendable, Equatable {
    /// As the server writes it; a subcommand's with its container, as in `config|get`.
    public let name: String
    /// Such as `blocking`, `movablekeys`.
    public let flags: [String]
    /// The first key's position, 0 for none.
    public let firstKey: Int
    /// Where the first of its key specifications begins to look (Redis 7 and later).
    public let keySearch: KeySearch?
    public let subcommands: [RedisCommand]

    /// A key specification's way to the first key.
    public enum KeySearch: Sendable, Equatable {
        /// The key stands at this argument.
        case index(Int)
        /// The number of keys stands at this argument, and the keys right after it.
        case count(Int)
        /// The key follows this word, which is looked for from an argument on.
        case keyword(String, from: Int)
        /// The argument is no key, or the server cannot tell where it is.
        case notAKey
    }
}

/// The part of a poll that asks for the commands.
struct CommandCatalogue: RedisPart {
    static let name = "redis_commands"
    static let descriptors: [Descriptor] = []

    /// The answer is some hundred kilobytes, and changes with a loaded module only.
    let pace: Duration
    private let onCommands: (@Sendable ([RedisCommand]) -> Void)?
    private var server = ServerIdentity()
    /// Of which server the commands are known, and until when they are taken for the same.
    private var known: (server: ServerIdentity, until: ContinuousClock.Instant)?

    init(every pace: Duration, _ onCommands: (@Sendable ([RedisCommand]) -> Void)?) {
        self.pace = pace
        self.onCommands = onCommands
    }

    var isWanted: Bool { onCommands != nil }

    func queries() -> [RedisQuery] { isKnown(at: .now) ? [] : [RedisQuery("COMMAND")] }

    /// A connection to the same server as before brings no other commands.
    private func isKnown(at now: ContinuousClock.Instant) -> Bool {
        guard let known, !server.runID.isEmpty else { return false }
        return now < known.until && known.server.runID == server.runID && known.server.version == server.version
    }

    mutating func connected(to server: ServerIdentity) { self.server = server }

    mutating func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        if answers.count == 0 { return Samples() }
        onCommands?(try Self.decode(answers[0]))
        known = (server, poll.now + pace)
        return Samples()
    }

    /// Decodes a reply to COMMAND; entries of another form than expected are left out.
    static func decode(_ reply: RedisReply) throws(CollectorFailure) -> [RedisCommand] {
        guard let entries = reply.elements else {
            throw CollectorFailure(.malformed, "COMMAND answered with something else than a list")
        }
        return entries.compactMap(decode(entry:))
    }

    private static func decode(entry: RedisReply) -> RedisCommand? {
        guard let fields = entry.elements, fields.count >= 6, let name = fields[0].text,
            let firstKey = fields[3].integer
        else { return nil }
        let search = fields.count > 8 ? fields[8].elements?.first.flatMap(keySearch) : nil
        let subcommands = fields.count > 9 ? fields[9].elements ?? [] : []
        return RedisCommand(
            name: name, flags: fields[2].elements?.compactMap(\.text) ?? [], firstKey: Int(clamping: firstKey),
            keySearch: search, subcommands: subcommands.compactMap(decode(entry:)))
    }

    private static func keySearch(_ specification: RedisReply) -> RedisCommand.KeySearch? {
        guard let flags = specification["flags"]?.elements, let begin = specification["begin_search"],
            let find = specification["find_keys"]
        else { return nil }
        if flags.contains(where: { $0.text == "not_key" }) { return .notAKey }
        let (start, range) = (begin["spec"], find["spec"])
        switch (begin["type"]?.text, find["type"]?.text) {
        case ("index", "range"):
            return start?["index"]?.integer.map { .index(Int(clamping: $0)) }
        case ("index", "keynum"):
            guard let index = start?["index"]?.integer, let count = range?["keynumidx"]?.integer else { return nil }
            return .count(Int(clamping: index &+ count))
        case ("keyword", _):
            guard let word = start?["keyword"]?.text, let from = start?["startfrom"]?.integer else { return nil }
            return .keyword(word, from: Int(clamping: from))
        default: return .notAKey
        }
    }
}

extension RedisReply {
    /// The value of a key in a map, which RESP2 writes as an array.
    fileprivate subscript(key: String) -> RedisReply? {
        pairs?.first { $0.key.text == key }?.value
    }
}
