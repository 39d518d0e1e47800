// CLIENT LIST: the programs that are connected. A capture that begins after a client has logged in cannot know the
// client's user; the server can tell. And an operator wants to know which program holds the connections.

import Metrics

/// One client of the server (CLIENT LIST).
public struct RedisClient: Sendable, Equatable {
    /// The client's end, as `127.0.0.1:50412` or `[::1]:50412`.
    public let address: String
    /// Its ACL user; empty before Redis 6.
    public let user: String
    /// What it calls itself (CLIENT SETNAME), and the library that it says it uses (CLIENT SETINFO). Both are any text.
    var name = ""
    var library = ""
    /// Seconds since its last command.
    var idle: Int64 = 0
    /// Whether it waits in a blocking command.
    var isBlocked = false
}

/// The part of a poll that asks for the clients. It costs the server a line per client, in one go, so that the more
/// there are the more seldom it is asked. It is hardly ever asked while INFO says that none came, went, waits or has
/// another name or user.
struct ClientList: RedisPart {
    static let name = "redis_clients"
    static let descriptors = ClientCounts.descriptors

    private let companion: RedisCompanion
    private let interval: Duration
    private let urgentInterval: Duration
    private let unchanged: Duration
    private var counts = ClientCounts()
    private var changes = ChangeWatch(Self.numbersOfClients)
    /// How many clients the newest list had.
    private var clientCount = 0
    private var outdatedFrom = ContinuousClock.now
    private var urgentFrom = ContinuousClock.now

    /// - Parameters:
    ///   - interval: how long a list of up to 1,000 clients stands on the page.
    ///   - urgentInterval: how long it does for a companion that waits for another one.
    ///   - unchanged: how long it does where nothing about the clients has changed but for how long they are idle.
    init(
        _ companion: RedisCompanion, every interval: Duration, urgentlyEvery urgentInterval: Duration,
        unchanged: Duration
    ) {
        self.companion = companion
        self.interval = interval
        self.urgentInterval = urgentInterval
        self.unchanged = unchanged
    }

    var pace: Duration { changes.isTold ? max(changedPace, unchanged) : changedPace }

    private var changedPace: Duration { Self.pace(interval, count: clientCount) }

    static func pace(_ interval: Duration, count: Int) -> Duration { interval * max(1, Double(count) / 1000) }

    private var hasListener: Bool { companion.onClients != nil && companion.wantsClients() }

    func isOutdated(in poll: RedisPoll) -> Bool {
        poll.now >= urgentFrom && hasListener || poll.now >= outdatedFrom && changes.hasMoved(by: poll.info)
    }

    /// Connections that came, are there and wait, and the calls that give one another user or name. Where subcommands
    /// are not counted, `client` moves with each list.
    private static func numbersOfClients(_ info: InfoReply) -> [Double]? {
        let connections = [
            info[InfoFields.connectionsReceived], info[InfoFields.connectedClients], info[InfoFields.blockedClients],
        ].compactMap(\.self)
        guard connections.count == 3, info.commands.hasCommands else { return nil }
        return connections + naming.map { info.commands.usage[$0]?.calls ?? 0 }
    }

    private static let naming = [
        "auth", "hello", "reset", "client", "client|setname", "client|setinfo", "config|resetstat",
    ]

    func queries() -> [RedisQuery] {
        // A line of some 400 bytes per client, of which a quarter is kept.
        [RedisQuery("CLIENT LIST", bound: ReplyBound(bytes: 8 << 20, isOptional: true, fields: Self.wanted))]
    }

    mutating func followUp(to answers: inout RedisAnswers, in poll: RedisPoll) -> [RedisQuery] {
        answers.count == 0 ? queries() : []
    }

    mutating func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        let clients = try Self.decode(answers[0])
        clientCount = clients.count
        // What was asked for the counts alone does not keep the companion waiting.
        if hasListener { urgentFrom = poll.now + urgentInterval }
        outdatedFrom = poll.now + changedPace
        changes.note(poll.info)
        // Servers before Redis 6 have no users to learn.
        companion.onClients?(clients.filter { !$0.user.isEmpty })
        return counts.samples(of: clients)
    }

    mutating func connected(to server: ServerIdentity) {
        urgentFrom = .now
        changes.forget()
    }

    /// Decodes a reply to CLIENT LIST: one line per client, `name=value` separated by blanks. A line without an address
    /// is none.
    static func decode(_ reply: RedisReply) throws(CollectorFailure) -> [RedisClient] {
        guard let bytes = reply.bytes else {
            throw CollectorFailure(.malformed, "CLIENT LIST answered with something else than a text")
        }
        var clients: [RedisClient] = []
        var position = 0
        while position < bytes.count {
            let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            if let client = client(bytes, position..<end) { clients.append(client) }
            position = end + 1
        }
        guard bytes.isEmpty || !clients.isEmpty else {
            throw CollectorFailure(.malformed, "CLIENT LIST has no line with an address")
        }
        return clients
    }

    /// Only the few fields that are wanted become strings: a server has thousands of clients, with thirty fields each.
    private static func client(_ bytes: [UInt8], _ line: Range<Int>) -> RedisClient? {
        var texts: [String?] = Array(repeating: nil, count: wanted.count)
        var position = line.lowerBound
        while position < line.upperBound {
            var end = position
            var equals: Int?
            while end < line.upperBound, bytes[end] != UInt8(ascii: " "), bytes[end] != UInt8(ascii: "\r") {
                if bytes[end] == UInt8(ascii: "="), equals == nil { equals = end }
                end += 1
            }
            if let equals, let field = names[bytes, position..<equals] {
                texts[field] = String(decoding: bytes[(equals + 1)..<end], as: UTF8.self)
            }
            position = end + 1
        }
        guard let address = texts[0], !address.isEmpty else { return nil }
        return RedisClient(
            address: address, user: texts[1] ?? "", name: texts[2] ?? "", library: texts[3] ?? "",
            idle: texts[4].flatMap { Int64($0) } ?? 0, isBlocked: texts[5]?.contains("b") ?? false)
    }

    private static let wanted = ["addr", "user", "name", "lib-name", "idle", "flags"]
    private static let names = NameIndex(wanted)
}
