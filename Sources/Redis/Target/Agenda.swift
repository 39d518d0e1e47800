// Which commands a poll asks. A command that the server refused is left alone for some minutes, what costs the server
// more than INFO has a slower timer, and no server is asked what it cannot know.

/// When each command is due, for one connection.
struct Agenda {
    private var restingUntil: [Question: ContinuousClock.Instant] = [:]

    /// The commands that are due now on a server of this kind.
    func due(on server: ServerIdentity, at now: ContinuousClock.Instant) -> [Question] {
        Question.allCases.filter { question in
            applies(question, to: server) && restingUntil[question].map { $0 <= now } ?? true
        }
    }

    /// Leaves the command alone for a while.
    mutating func rest(_ question: Question, until instant: ContinuousClock.Instant) {
        restingUntil[question] = instant
    }

    private func applies(_ question: Question, to server: ServerIdentity) -> Bool {
        switch question {
        case .info: true
        case .probe: false
        case .sentinelMasters: server.mode == .sentinel
        case .clusterInfo: server.mode == .cluster
        case .latencyPercentiles: server.mode != .sentinel && server.isSevenOrLater
        case .latencyHistograms: server.mode != .sentinel && !server.isBeforeSeven
        default: server.mode != .sentinel
        }
    }
}
