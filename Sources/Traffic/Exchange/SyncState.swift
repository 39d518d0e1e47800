// Redis answers in order and never numbers its answers. So all depends on being in sync: on knowing that the next reply
// belongs to the oldest command in flight.

/// Whether a connection is in sync: whether the next reply belongs to the oldest request in flight.
///
///     seen from its start ──► inSync ──bytes of the client are missing──► draining
///                              ▲  │                                          │
///         a moment at which    │  │ all else that is missing                 │ the last certain reply,
///         nothing is in flight │  ▼ or makes no sense                        │ or more is missing
///     joined in the middle ─► outOfSync ◄────────────────────────────────────┘
///     any of them ──► left: a replica's, a monitor's or an encrypted connection
///
/// The moment: a client's packet starts with a request, its sender has received all that the server has sent, and has
/// sent nothing since. What is paired from there on counts at once where it is certain that all was answered.
/// Otherwise it is on probation: held back until the client has waited for the replies again. A few times where it
/// has shown a habit of that, many times where nothing is known. Most where it was seen to send more before it had all
/// replies. A long silence proves as much.
struct SyncState: Sendable {
    private enum State: Sendable {
        case inSync
        /// Only the commands in flight are.
        case draining
        /// Replies are counted at the most, commands are counted as unmeasured.
        case outOfSync
        /// No connection of requests and replies; nothing is looked at any more.
        case left
    }

    /// What the beginning of a client's packet has changed.
    enum Change {
        case nothing
        /// The connection has come into sync. What was held back before is certain if nothing is on probation.
        case isInSync
        /// What was paired and held back is certain.
        case isProven
    }

    /// Silence after which nothing is in flight, in nanoseconds; more where replies are slow. A command may well take
    /// some tenths of a second.
    private static let silence: UInt64 = 1_000_000_000
    /// Packets that were kept because they came too early are older than the newest one, by less than this; in
    /// nanoseconds.
    private static let clockStep: UInt64 = 60_000_000_000

    private var state = State.outOfSync
    /// Why the connection is, or was last, out of sync.
    private(set) var reason = UnmeasuredReason.joinedMidstream
    private var arrears = Arrears()
    private var roundsLeft: UInt8 = 0
    /// Whether the connection was in sync before.
    private var isKnown = false
    /// Whether the client was seen to send a packet while a command was in flight.
    private var sendsAhead = false
    /// Rounds in which it has waited, up to a limit.
    private var roundsWaited: UInt8 = 0
    /// Whether it was seen to do so after some of the replies, which is not waiting for them.
    private var overlaps = false
    /// The side that has sent the last bytes.
    private var lastSender: Side?
    private var lastStamp: UInt64 = 0
    /// The longest that a reply has taken, in nanoseconds.
    private var longestWait: UInt64 = 0

    var isInSync: Bool { state == .inSync }
    /// Whether replies belong to the commands in flight.
    var isPairing: Bool { state == .inSync || state == .draining }
    /// Whether only the commands in flight are in sync.
    var isDraining: Bool { state == .draining }
    var hasLeft: Bool { state == .left }
    /// Whether pairs are not certain yet.
    var isOnProbation: Bool { roundsLeft > 0 }
    /// Whether the beginning of a round changes nothing: all pairs are certain.
    @inline(__always)
    var isSettled: Bool { state == .inSync && roundsLeft == 0 }
    /// Whether there is any use in reading replies.
    var readsReplies: Bool { isPairing || state == .outOfSync && arrears.countsAnswers }

    /// The connection is seen from its start.
    mutating func open() {
        state = .inSync
        isKnown = true
    }

    /// The connection is no longer one of questions and answers.
    mutating func leave() {
        state = .left
    }
}

// Losing sync.
extension SyncState {
    /// Something was missed or made no sense, and nothing that is in flight is certain.
    mutating func loseSync(_ reason: ResyncReason) {
        self.reason = UnmeasuredReason(reason)
        state = .outOfSync
        roundsLeft = 0
        arrears.loseTrack()
        if reason == .unexpectedReply { roundsWaited = 0 }
    }

    /// Bytes of the client are missing; what was sent whole before them is certain.
    ///
    /// - Parameters:
    ///   - bytes: how many, those of a command that was begun included.
    ///   - isOnePacket: whether all that is in flight came in one packet with them.
    mutating func end(_ reason: ResyncReason, missing bytes: Int, isOnePacket: Bool) {
        self.reason = UnmeasuredReason(reason)
        state = .draining
        arrears.begin(countsAnswers: true, isOnePacket: isOnePacket)
        arrears.addBytes(bytes)
    }

    /// The last certain command is answered.
    ///
    /// - Parameter open: commands that are known and not remembered, whose replies come next.
    mutating func hasEnded(open: Int) {
        state = .outOfSync
        arrears.addCommands(open)
    }

    /// The rest of a reply cannot be read; nothing else is in flight.
    mutating func passOver(_ reason: ResyncReason) {
        self.reason = UnmeasuredReason(reason)
        state == .inSync ? arrears.begin(countsAnswers: false) : arrears.loseTrack()
        state = .outOfSync
    }

    /// The replies cannot be read any longer.
    mutating func loseReplies() {
        arrears.loseTrack()
    }
}

// Out of sync.
extension SyncState {
    /// The client has sent a command whose reply will not be known.
    mutating func sendOutOfSync() {
        arrears.addCommands(1)
    }

    /// The client has sent bytes that cannot be read.
    mutating func sendUnread(_ count: Int) {
        arrears.addBytes(count)
    }

    /// The server has answered some command, unknown which.
    mutating func answerOutOfSync() {
        arrears.answer()
    }
}

// Packet by packet.
extension SyncState {
    /// A packet of the client has come.
    ///
    /// - Parameter isIdle: whether no command is known to be in flight.
    @inline(__always)
    mutating func beginPacket(_ arrival: Arrival, isIdle: Bool) {
        if state == .inSync && isIdle {
            if roundsWaited < ProbationRounds.habit { roundsWaited += 1 }
            return
        }
        if lastSender == .client {
            arrears.beginPacket()
            sendsAhead = true
        }
        guard isPairing, !isIdle else { return }
        sendsAhead = true
        guard lastSender == .server, arrival.isCaughtUp else { return }
        overlaps = true
        if roundsLeft > 0 { roundsLeft = ProbationRounds.overlapping }
    }

    /// A packet of the client starts with a command: may the connection be in sync from here on?
    ///
    /// - Parameters:
    ///   - isIdle: whether no command is known to be in flight.
    ///   - isWithinReply: whether the server has yet to send the rest of a reply, as far as replies are read.
    mutating func beginRound(_ arrival: Arrival, isIdle: Bool, isWithinReply: Bool) -> Change {
        guard arrival.isCaughtUp, !(readsReplies && isWithinReply) else { return .nothing }
        let isQuiet = self.isQuiet(at: arrival.stamp)
        switch state {
        case .inSync:
            guard isIdle, roundsLeft > 0 else { return .nothing }
            roundsLeft = isQuiet ? 0 : roundsAfterOne
            return roundsLeft == 0 ? .isProven : .nothing
        case .outOfSync:
            guard isQuiet || lastSender != .client else { return .nothing }
            roundsLeft = roundsLeft > 0 ? roundsAfterOne : roundsToProve(isQuiet: isQuiet)
            state = .inSync
            isKnown = true
            arrears.loseTrack()
            return .isInSync
        case .draining, .left: return .nothing
        }
    }

    /// Whether what was held back is certain because nothing has come since.
    ///
    /// - Parameters:
    ///   - stamp: the time; nil when the connection or the capture is over, and was still until its end.
    ///   - isIdle: whether no command is known to be in flight.
    mutating func rest(at stamp: UInt64?, isIdle: Bool) -> Bool {
        guard state == .inSync, roundsLeft > 0, isIdle, stamp.map(isQuiet) ?? !overlaps else { return false }
        roundsLeft = 0
        return true
    }

    /// The rounds that are left when the client has waited once more.
    private var roundsAfterOne: UInt8 { roundsLeft == ProbationRounds.overlapping ? roundsLeft : roundsLeft - 1 }

    private func roundsToProve(isQuiet: Bool) -> UInt8 {
        if isQuiet { return isKnown && !overlaps ? 0 : ProbationRounds.ahead }
        if overlaps { return ProbationRounds.overlapping }
        if !isKnown { return ProbationRounds.unknown }
        if arrears.areSettled(by: sendsAhead ? .possible : .smallest) { return 0 }
        if roundsWaited < ProbationRounds.habit { return ProbationRounds.unknown }
        if sendsAhead { return ProbationRounds.ahead }
        return !arrears.isBounded || arrears.areSettled(by: .largest) ? 0 : ProbationRounds.alternating
    }

    private func isQuiet(at stamp: UInt64) -> Bool {
        guard lastStamp > 0, stamp > lastStamp else { return false }
        return stamp - lastStamp >= Swift.max(Self.silence, longestWait &* 2)
    }

    /// Bytes have passed, captured or not.
    @inline(__always)
    mutating func pass(_ side: Side, at stamp: UInt64) {
        lastSender = side
        if stamp > lastStamp || lastStamp - stamp > Self.clockStep { lastStamp = stamp }
    }

    /// Takes note of a command's size in bytes.
    @inline(__always)
    mutating func learn(size: Int) {
        arrears.learn(size)
    }

    /// Takes note of how long a reply has taken, in nanoseconds.
    @inline(__always)
    mutating func learn(wait: UInt64) {
        longestWait = Swift.max(longestWait, wait)
    }
}
