// Which commands a poll asks. A command that the server refused is left alone for some minutes, CONFIG GET has a slower
// timer, and a Sentinel or a server without a cluster is not asked what it cannot know.

import Metrics

/// One command of a poll.
enum Question: Int, CaseIterable {
    case info, latencySpikes, latencyHistograms, slowlogLength, slowlogEntries, clusterInfo, config

    /// The command as it stands in messages.
    var title: String {
        switch self {
        case .info: "INFO"
        case .latencySpikes: "LATENCY LATEST"
        case .latencyHistograms: "LATENCY HISTOGRAM"
        case .slowlogLength: "SLOWLOG LEN"
        case .slowlogEntries: "SLOWLOG GET"
        case .clusterInfo: "CLUSTER INFO"
        case .config: "CONFIG GET"
        }
    }

    /// The part of the collector that fails when this is refused.
    var part: String {
        switch self {
        case .info: RedisTarget.infoPart
        case .latencySpikes: LatencySpikes.part
        case .latencyHistograms: LatencyHistograms.part
        case .slowlogLength, .slowlogEntries: Slowlog.part
        case .clusterInfo: ClusterInfo.part
        case .config: ConfigParameters.part
        }
    }
}

/// How INFO is asked: from the fullest form to one that every server knows.
enum InfoDetail: CaseIterable {
    /// Everything, with what modules add; since Redis 6.
    case everything
    case all
    case usual

    var command: [String] {
        switch self {
        case .everything: ["INFO", "everything"]
        case .all: ["INFO", "all"]
        case .usual: ["INFO"]
        }
    }

    /// The form to try when this one is refused or brings nothing.
    var next: InfoDetail? {
        switch self {
        case .everything: .all
        case .all: .usual
        case .usual: nil
        }
    }
}

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
        case .clusterInfo: server.mode == .cluster
        default: server.mode != .sentinel
        }
    }
}
