// Which commands a poll asks. A command that the server refused is left alone for some minutes, what costs the server
// more than INFO has a slower timer, and no server is asked what it cannot know.

/// When each command is due, for one server.
struct Agenda {
    private var restingUntil: [Question: ContinuousClock.Instant] = [:]
    private var avoidedUntil: [Question: ContinuousClock.Instant] = [:]

    /// The commands that are due now on a server of this kind.
    func due(on server: ServerIdentity, at now: ContinuousClock.Instant) -> [Question] {
        Question.allCases.filter { question in
            applies(question, to: server) && isDue(question, at: now)
        }
    }

    /// Whether the command does not rest.
    func isDue(_ question: Question, at now: ContinuousClock.Instant) -> Bool {
        [restingUntil, avoidedUntil].allSatisfy { $0[question] ?? now <= now }
    }

    /// Leaves a command alone for a while: its answer is used that long, or it was refused.
    mutating func rest(_ question: Question, until instant: ContinuousClock.Instant) {
        restingUntil[question] = instant
    }

    /// Leaves a command alone that ended a connection, also on the next one.
    mutating func avoid(_ question: Question, until instant: ContinuousClock.Instant) {
        avoidedUntil[question] = instant
    }

    /// Begins a new connection to the same server: everything is asked again but what ended the last one.
    mutating func startAgain() {
        restingUntil = [:]
    }

    /// Of a server that says nothing of itself anything may be asked; it refuses what it does not know.
    private func applies(_ question: Question, to server: ServerIdentity) -> Bool {
        switch question {
        case .info: true
        case .probe: false
        case .sentinelMasters: server.mode == .sentinel
        case .clusterInfo: server.mode == .cluster || server.isSilent
        case .commandLog: server.hasCommandLog
        case .slots: server.hasSlotStatistics
        case .latencyPercentiles: server.mode != .sentinel && (server.isSevenOrLater || server.isSilent)
        case .latencyHistograms: server.mode != .sentinel && !server.isBeforeSeven
        default: server.mode != .sentinel
        }
    }
}
