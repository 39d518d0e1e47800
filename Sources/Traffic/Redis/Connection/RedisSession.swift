// What a connection has agreed on with Redis: its user, the protocol it speaks, its subscriptions. All of it
// follows from replies, since only they tell what was accepted.

/// A connection's state as Redis sees it.
///
///     user          default ──AUTH or HELLO accepted──► the one that it names
///                   known ──its reply will not be seen──► in doubt ──sync is lost──► unknown
///     transaction   closed ──MULTI accepted, or QUEUED──► open ──EXEC or DISCARD answered──► closed
///                   either ──sync is lost──► unknown, until one of these replies
///     replies       on ──CLIENT REPLY OFF──► off ──CLIENT REPLY ON, RESET──► on
///                   on ──CLIENT REPLY SKIP──► skipThisAndNext ──SKIP itself──► skip ──one command──► on
///
/// A connection that was joined in the middle begins with all of it unknown, and with replies on.
struct RedisSession: Sendable {
    /// The user that commands are counted for.
    fileprivate enum Identity: Sendable {
        case known(UserID)
        /// Another one may have been asked for by a command whose reply will not be seen.
        case inDoubt(UserID)
    }

    /// Whether MULTI is open, as far as replies have told.
    private enum Transaction: Sendable {
        case unknown, closed, open
    }

    /// What AUTH or HELLO will change once it is accepted.
    private struct Claim: Sendable {
        /// The user that it names; nil when it changes none.
        let user: [UInt8]?
        /// Whether it changes the user to one that could not be read.
        let isUnreadable: Bool
        let protocolVersion: UInt8?
    }

    private var identity = Identity.known(RedisUsers.unknown)
    private var protocolVersion: UInt8 = 2
    private var transaction = Transaction.unknown
    /// Whether commands go to a queue as far as the client is concerned: MULTI was sent, accepted or not.
    private(set) var isQueueing = false
    private var replyMode = ReplyMode.on
    private var subscriptions = Subscriptions.unknown
    /// In the order of the commands that made them. A client that logs in again and again without waiting has room for
    /// so many; those beyond that are only counted.
    private var claims: [Claim] = []
    private var forgottenClaims = 0
    static let mostClaims = 8

    /// The session of a connection that is seen from its start.
    static let fresh: RedisSession = {
        var session = RedisSession()
        session.identity = .known(RedisUsers.standard)
        session.transaction = .closed
        session.subscriptions = .none
        return session
    }()

    var user: UserID {
        switch identity {
        case .known(let user), .inDoubt(let user): user
        }
    }

    /// Whether messages may come between replies as plain arrays (RESP2's subscribed mode).
    var mayReceiveArrays: Bool { protocolVersion < 3 && subscriptions.mayExist }

    /// Whether ordinary commands are refused.
    var isSubscribed: Bool { protocolVersion < 3 && subscriptions.exist }

    /// Tells the user of a connection that was joined in the middle.
    mutating func learn(user: UserID) {
        identity = identity.changed(to: user)
    }

    /// Forgets what may have changed while nothing could be read.
    mutating func forgetUncertain() {
        transaction = .unknown
        isQueueing = false
        subscriptions.loseTrack()
        (claims, forgottenClaims) = ([], 0)
        if case .inDoubt = identity { identity = .known(RedisUsers.unknown) }
    }
}

// What requests change.
extension RedisSession {
    /// Takes note of what a command asks of the connection.
    mutating func send(_ reader: CommandReader, arguments: Int) {
        switch reader.facts.role {
        case .clientReply where !isQueueing:
            switch reader.replyMode {
            case .on: replyMode = .on
            case .off: replyMode = .off
            case .skip where replyMode == .on: replyMode = .skipThisAndNext
            case .skip, .skipThisAndNext, nil: break
            }
        case .multi: isQueueing = true
        case .exec, .discard: isQueueing = false
        case .reset:
            isQueueing = false
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
        case .auth, .hello: if forgottenClaims > 0 { forgottenClaims -= 1 } else { _ = claims.popLast() }
        case .reset: break
        default: return
        }
        identity = afterOthers ? .inDoubt(user) : identity.unknown
    }

    /// Takes note that the oldest AUTH or HELLO gets no reply: it has failed.
    mutating func refuseClaim() {
        if claims.isEmpty {
            forgottenClaims = max(0, forgottenClaims - 1)
        } else {
            claims.removeFirst()
        }
    }

    /// Remembers what AUTH or HELLO asks for until its reply has come.
    private mutating func claim(_ reader: CommandReader, arguments: Int) {
        guard forgottenClaims == 0, claims.count < Self.mostClaims else { return forgottenClaims += 1 }
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
        transaction != .closed && reply.type == UInt8(ascii: "+") && reply.word == Self.queued
    }

    private static let queued = ShortWord("QUEUED")

    /// Takes note of a command's reply.
    mutating func receive(_ reply: ReplyFacts, to role: CommandRole, isQueued: Bool, _ users: inout NamedRows) {
        if isQueued { transaction = .open }
        switch role {
        case .auth, .hello: settleClaim(reply, isQueued: isQueued, &users)
        case .multi where !reply.isError: transaction = .open
        case .exec, .discard: transaction = .closed
        case .reset where !reply.isError && !isQueued: self = .fresh
        default: break
        }
    }

    private mutating func settleClaim(_ reply: ReplyFacts, isQueued: Bool, _ users: inout NamedRows) {
        guard !claims.isEmpty else { return settleForgottenClaim(reply) }
        let claim = claims.removeFirst()
        if reply.isError { return }
        if claim.isUnreadable || isQueued && claim.user != nil { identity = identity.unknown }
        if isQueued { return }
        if let version = claim.protocolVersion { protocolVersion = version }
        if let name = claim.user { identity = identity.changed(to: users.find(name)) }
    }

    /// Whom it named, and which protocol, is not known any more.
    private mutating func settleForgottenClaim(_ reply: ReplyFacts) {
        guard forgottenClaims > 0 else { return }
        forgottenClaims -= 1
        if !reply.isError { identity = identity.unknown }
    }

    /// Takes note of a confirmation and its number of subscriptions.
    mutating func confirm(_ role: CommandRole, total: Int64) {
        subscriptions.confirm(role, total: total)
    }

    /// Whether a command that ends all subscriptions of its kind has ended them.
    func isUnsubscribed(_ role: CommandRole) -> Bool { subscriptions.haveEnded(role) }
}

extension RedisSession.Identity {
    /// The same certainty about another user.
    fileprivate func changed(to user: UserID) -> Self {
        switch self {
        case .known: .known(user)
        case .inDoubt: .inDoubt(user)
        }
    }

    fileprivate var unknown: Self { changed(to: RedisUsers.unknown) }
}
