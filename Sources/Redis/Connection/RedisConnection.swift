// One connection to one Redis, kept open between polls: connect, TLS, AUTH, and then one pipeline per poll.

import Metrics
import System

/// A connection that has authenticated and has answered PING.
struct RedisConnection: ~Copyable {
    private var stream: ByteStream
    private var receiver: ReplyReceiver
    private var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    /// Commands that the server has carried out so far, the greeting included; it counts those, and not what it turns
    /// down before.
    private(set) var commandsExecuted: UInt64 = 0
    /// Whether replies are missing, so that those to come could not be told from them.
    private(set) var isBroken = false
    /// What the server has said of itself.
    var server = ServerIdentity()
    /// The ACL user that the connection has logged in as.
    let user: String
    /// Never repeated, whatever the server says.
    private let password: String?
    /// Where the connection was asked to lead.
    let address: RedisAddress

    /// Where it leads: of several addresses of a name the one that answered.
    var peer: ResolvedAddress { stream.peer }

    /// Connects, authenticates and asks the server what it is.
    ///
    /// Password file and certificates are read here, each time anew.
    static func open(
        to address: RedisAddress, _ settings: RedisSettings, before deadline: Deadline
    ) throws(CollectorFailure) -> RedisConnection {
        let credentials = try Credentials(address, settings)
        let stream = try ByteStream.open(to: address, settings, before: deadline)
        var connection = RedisConnection(stream, to: address, credentials, settings.memory)
        try connection.greet(credentials, before: deadline)
        return connection
    }

    private init(
        _ stream: consuming ByteStream, to address: RedisAddress, _ credentials: Credentials, _ memory: MemoryBudget
    ) {
        self.stream = stream
        receiver = ReplyReceiver(memory)
        self.address = address
        user = credentials.user ?? "default"
        password = credentials.password
    }

    /// Whether the connection is of no use any more, as when the server has closed it since the last poll.
    mutating func isSpent() -> Bool { isBroken || stream.isSpent() }

    /// Takes note that the replies so far are not needed any more; until then their memory is accounted for.
    mutating func endPoll() { receiver.endPoll() }

    /// Sends all commands at once and waits for all of their replies.
    ///
    /// - Throws: when there is not one reply per command; the connection is of no use afterwards.
    mutating func pipeline(_ commands: [[String]], before deadline: Deadline) throws(CollectorFailure) -> [RedisReply] {
        try pipeline(commands, bounds: commands.map { _ in .essential }, before: deadline).replies
    }

    /// The same with a bound for each reply.
    ///
    /// - Throws: when a reply is missing that is not optional.
    mutating func pipeline(
        _ commands: [[String]], bounds: [ReplyBound], before deadline: Deadline
    ) throws(CollectorFailure) -> Answer {
        try stream.write(commands.flatMap(RESPReader.format), before: deadline)
        receiver.begin()
        var replies: [RedisReply] = []
        defer { commandsExecuted &+= UInt64(replies.count { !$0.isRejection }) }
        while replies.count < commands.count {
            do throws(CollectorFailure) {
                let count = try read(after: replies, before: deadline)
                let known = replies.count
                try receiver.take(buffer, count: count, bounds, into: &replies)
                for index in known..<replies.count { replies[index] = replies[index].hiding(password) }
            } catch {
                isBroken = true
                guard error.reason != .malformed, bounds[replies.count].isOptional else { throw error }
                return Answer(replies: replies, interruption: error)
            }
        }
        return Answer(replies: replies)
    }

    /// The replies to a pipeline, in the order of its commands.
    struct Answer {
        var replies: [RedisReply]
        /// Why those to the last commands are missing; the connection is of no use then.
        var interruption: CollectorFailure?
    }

    /// The number of bytes that have come into the buffer; never 0.
    private mutating func read(after replies: [RedisReply], before deadline: Deadline) throws(CollectorFailure) -> Int {
        // A server that never stops talking never makes the socket wait.
        guard !deadline.isOver else { throw CollectorFailure(.timeout, "the answer took too long to arrive") }
        let count = try stream.read(into: &buffer, before: deadline)
        guard count > 0 else { throw Self.closed(after: replies) }
        return count
    }

    /// A server that has no room for another client, or is in protected mode, says so and hangs up.
    private static func closed(after replies: [RedisReply]) -> CollectorFailure {
        if case .error(let text)? = replies.first, text.hasPrefix("DENIED") || text.mentions("max number of clients") {
            return CollectorFailure(serverError: text, to: "connect")
        }
        return CollectorFailure(.closed, "the server closed the connection before it had answered")
    }

    /// AUTH, the connection's name, PING and `INFO server` in one round trip.
    private mutating func greet(_ credentials: Credentials, before deadline: Deadline) throws(CollectorFailure) {
        let greeting = [["CLIENT", "SETNAME", RedisSettings.clientName], ["PING"], ["INFO", "server"]]
        let authentication = credentials.command.map { [$0] } ?? []
        let replies = try pipeline(authentication + greeting, before: deadline)
        if case .error(let text)? = authentication.isEmpty ? nil : replies.first {
            try answer(authError: text, credentials, before: deadline)
        }
        // After an AUTH of another form than the first, PING has to be asked again.
        let isCurrent = authentication.isEmpty || !Self.isError(replies[0])
        let facts = isCurrent ? Array(replies.suffix(2)) : try pipeline(Array(greeting.suffix(2)), before: deadline)
        if case .error(let text) = facts[0] { try Self.check(pingError: text) }
        if case .bulk(let info) = facts[1] { server = ServerIdentity(info: info) }
    }

    /// Decides what a refused AUTH means, and tries the form that servers before 6.0 know.
    private mutating func answer(
        authError text: ErrorText, _ credentials: Credentials, before deadline: Deadline
    ) throws(CollectorFailure) {
        if text.mentions("without any password configured") || text.mentions("no password is set") { return }
        guard text.mentions("wrong number of arguments"), let older = credentials.commandBeforeACL else {
            throw CollectorFailure(authError: text, user: credentials.user)
        }
        if case .error(let text)? = try pipeline([older], before: deadline).first {
            throw CollectorFailure(authError: text, user: credentials.user)
        }
    }

    /// A server that is alive and says why it cannot serve is a server to poll: INFO answers in all of these states.
    private static func check(pingError text: ErrorText) throws(CollectorFailure) {
        let alive = ["LOADING", "MASTERDOWN", "NOPERM", "BUSY"]
        guard alive.contains(where: text.hasPrefix) else {
            throw CollectorFailure(serverError: text, to: "PING")
        }
    }

    private static func isError(_ reply: RedisReply) -> Bool {
        if case .error = reply { true } else { false }
    }
}
