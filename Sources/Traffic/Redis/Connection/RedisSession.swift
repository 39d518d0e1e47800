// What a connection has agreed on with Redis: who it is, which protocol it speaks, what it has subscribed to. All of it
// follows from replies, since only they tell what was accepted.

/// A connection's state as Redis sees it.
struct RedisSession: Sendable {
    /// What AUTH or HELLO will change once it is accepted.
    private struct Claim: Sendable {
        /// The user that it names; nil when it changes none.
        let user: [UInt8]?
        /// Whether it changes the user to one that could not be read.
        let isUnreadable: Bool
        let protocolVersion: UInt8?
    }

    private(set) var user = RedisUsers.unknown
    private var protocolVersion: UInt8 = 2
    /// Whether MULTI is open; nil when the capture cannot know.
    private var isInTransaction: Bool?
    /// Whether MULTI was sent, accepted or not.
    private var hasSentMulti = false
    private var replyMode = ReplyMode.on
    private var channels: Int64 = 0
    private var patterns: Int64 = 0
    private var shards: Int64 = 0
    /// Whether there may be subscriptions that the capture has not seen.
    private var isUncertain = true
    /// Whether another user may have been asked for in a command whose reply will not be seen.
    private var isUserInDoubt = false
    /// In the order of the commands that made them.
    private var claims: [Claim] = []

    /// The session of a connection that is seen from its start.
    static let fresh: RedisSession = {
        var session = RedisSession()
        session.user = RedisUsers.standard
        session.isInTransaction = false
        session.isUncertain = false
        return session
    }()

    /// Whether commands go to a queue as far as the client is concerned.
    var isQueueing: Bool { hasSentMulti }

    /// Whether messages may come between replies as plain arrays (RESP2's subscribed mode).
    var mayReceiveArrays: Bool {
        protocolVersion < 3 && (isUncertain || channels > 0 || patterns > 0 || shards > 0)
    }

    /// Whether ordinary commands are refused.
    var isSubscribed: Bool { protocolVersion < 3 && (channels > 0 || patterns > 0 || shards > 0) }

    /// Tells the user of a connection that was joined in the middle.
    mutating func learn(user: UserID) {
        self.user = user
    }

    /// Forgets what may have changed while nobody could look.
    mutating func blur() {
        isInTransaction = nil
        hasSentMulti = false
        isUncertain = true
        claims = []
        if isUserInDoubt { user = RedisUsers.unknown }
        isUserInDoubt = false
    }
}

// What requests change.
extension RedisSession {
    /// Takes note of what a command asks of the connection.
    mutating func send(_ reader: CommandReader, arguments: Int) {
        switch reader.facts.role {
        case .clientReply where !hasSentMulti:
            switch reader.replyMode {
            case .on: replyMode = .on
            case .off: replyMode = .off
            case .skip where replyMode == .on: replyMode = .skipThisAndNext
            case .skip, .skipThisAndNext, nil: break
            }
        case .multi: hasSentMulti = true
        case .exec, .discard: hasSentMulti = false
        case .reset:
            hasSentMulti = false
            replyMode = .on  // RESET itself is answered again
        case .auth, .hello: claim(reader, arguments: arguments)
        default: break
        }
    }

    /// Whether the command just sent is answered.
    @inline(__always)
    mutating func takeTurn() -> Bool {
        replyMode == .on || endSkip()
    }

    /// CLIENT REPLY SKIP holds for itself and for the next command.
    private mutating func endSkip() -> Bool {
        switch replyMode {
        case .skipThisAndNext: replyMode = .skip
        case .skip: replyMode = .on
        case .on, .off: break
        }
        return false
    }

    /// Takes note of a command whose reply will not be seen.
    ///
    /// - Parameter afterOthers: whether replies to earlier commands still come, which belong to the user so far.
    mutating func sendUnanswered(_ role: CommandRole, afterOthers: Bool) {
        switch role {
        case .auth, .hello: _ = claims.popLast()
        case .reset: break
        default: return
        }
        if afterOthers { isUserInDoubt = true } else { user = RedisUsers.unknown }
    }

    /// Takes note that the oldest AUTH or HELLO gets no reply: it has failed.
    mutating func refuseClaim() {
        if !claims.isEmpty { claims.removeFirst() }
    }

    /// Remembers what AUTH or HELLO asks for until its reply has come.
    private mutating func claim(_ reader: CommandReader, arguments: Int) {
        switch reader.facts.role {
        case .auth:
            let isDefault = arguments == 2
            claims.append(
                Claim(
                    user: isDefault ? Array("default".utf8) : reader.user,
                    isUnreadable: !isDefault && reader.user == nil,
                    protocolVersion: nil))
        case .hello:
            claims.append(
                Claim(user: reader.user, isUnreadable: false, protocolVersion: reader.protocolVersion))
        default: break
        }
    }
}

// What replies change.
extension RedisSession {
    /// Whether the reply says that the command waits for EXEC.
    @inline(__always)
    func isQueued(_ reply: ReplyFacts) -> Bool {
        isInTransaction != false && reply.type == UInt8(ascii: "+") && reply.word == Self.queued
    }

    private static let queued = ShortWord("QUEUED")

    /// Takes note of a command's reply.
    mutating func receive(_ reply: ReplyFacts, to role: CommandRole, isQueued: Bool, _ users: inout NamedRows) {
        if isQueued { isInTransaction = true }
        switch role {
        case .auth, .hello: settleClaim(reply, isQueued: isQueued, &users)
        case .multi where !reply.isError: isInTransaction = true
        case .exec, .discard: isInTransaction = false
        case .reset where !reply.isError && !isQueued: self = .fresh
        default: break
        }
    }

    private mutating func settleClaim(_ reply: ReplyFacts, isQueued: Bool, _ users: inout NamedRows) {
        guard !claims.isEmpty else { return }
        let claim = claims.removeFirst()
        if reply.isError { return }
        if claim.isUnreadable || isQueued && claim.user != nil { user = RedisUsers.unknown }
        if isQueued { return }
        if let version = claim.protocolVersion { protocolVersion = version }
        if let name = claim.user { user = users.find(name) }
    }

    /// Takes note of a confirmation and its number of subscriptions.
    mutating func confirm(_ role: CommandRole, total: Int64) {
        switch role {
        case .subscribe, .unsubscribe: channels = Swift.max(0, total &- patterns)
        case .patternSubscribe, .patternUnsubscribe: patterns = Swift.max(0, total &- channels)
        default: shards = Swift.max(0, total)
        }
    }

    /// Whether a command that ends all subscriptions of its kind has ended them.
    func isUnsubscribed(_ role: CommandRole) -> Bool {
        switch role {
        case .unsubscribe: channels == 0
        case .patternUnsubscribe: patterns == 0
        default: shards == 0
        }
    }
}
