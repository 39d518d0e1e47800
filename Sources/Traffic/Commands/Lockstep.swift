// Redis answers in order and never numbers its answers. So all depends on being in step: on knowing that the next reply
// belongs to the oldest command in flight.

/// Whether a connection is in step.
///
/// One that is seen from its start is, until something is missing. One that was joined in the middle, or has lost
/// something, waits for a moment at which nothing can be in flight: its client starts a command having received all
/// that the server has sent. Clients that were seen to send more before they had all replies have to prove it: the
/// first few such rounds are paired and not measured.
struct Lockstep: Sendable {
    private enum State: Sendable {
        case inStep
        /// Replies are passed over, commands are counted as unmeasured.
        case apart
        /// A monitor's or replica's connection; nothing is looked at any more.
        case left
    }

    /// Silence after which nothing is in flight, in nanoseconds.
    private static let silence: UInt64 = 10_000_000
    /// Rounds to be proven by a client that does not wait for its replies.
    private static let roundsToProve: UInt8 = 3

    private var state = State.apart
    /// Why the connection is, or was last, out of step.
    private(set) var reason = UnmeasuredReason.joinedMidstream
    private var roundsLeft: UInt8 = 0
    /// Whether the client was seen to send commands while others were in flight.
    private var overlaps = false
    /// Whether the client has sent commands out of step that the server has not reacted to.
    private var isWaitingApart = false
    private var lastStamp: UInt64 = 0

    var isInStep: Bool { state == .inStep }
    var hasLeft: Bool { state == .left }
    /// Whether commands are paired and not measured yet.
    var isOnProbation: Bool { roundsLeft > 0 }

    /// The connection is seen from its start.
    mutating func open() {
        state = .inStep
    }

    /// The connection is no longer one of questions and answers.
    mutating func leave() {
        state = .left
    }

    /// Something was missed or made no sense.
    mutating func fallApart(_ reason: ResyncReason) {
        self.reason = UnmeasuredReason(reason)
        state = .apart
        roundsLeft = reason == .unexpectedReply ? Self.roundsToProve : 0
    }

    /// A packet of the client starts with a command: may the connection be, or be trusted to be, in step from here on?
    ///
    /// - Parameter isIdle: whether no command is known to be in flight.
    /// - Returns: whether the connection has come into step just now.
    mutating func beginRound(_ arrival: Arrival, isIdle: Bool) -> Bool {
        let isQuiet = arrival.stamp > lastStamp && arrival.stamp - lastStamp >= Self.silence
        switch state {
        case .inStep:
            if !isIdle {
                overlaps = true
            } else if roundsLeft > 0 && arrival.isCaughtUp {
                roundsLeft = isQuiet ? 0 : roundsLeft - 1
            }
            return false
        case .apart:
            if isWaitingApart { overlaps = true }
            guard arrival.isCaughtUp, isQuiet || !isWaitingApart else { return false }
            state = .inStep
            roundsLeft = isQuiet ? 0 : overlaps ? Self.roundsToProve : roundsLeft
            return true
        case .left: return false
        }
    }

    /// The rest of a reply cannot be read; nothing else is in flight.
    mutating func passOver(_ reason: ResyncReason) {
        self.reason = UnmeasuredReason(reason)
        state = .apart
        roundsLeft = 0
    }

    /// The client has sent a command while the connection is out of step.
    mutating func sendApart() {
        isWaitingApart = true
    }

    /// A packet has passed.
    @inline(__always)
    mutating func pass(_ arrival: Arrival) {
        lastStamp = arrival.stamp
        if arrival.side == .server { isWaitingApart = false }
    }
}
