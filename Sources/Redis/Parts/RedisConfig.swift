// CONFIG GET, in the form that brings most of it. It hardly ever changes, and since Redis 7 INFO says when: CONFIG SET
// is counted. Where that is not told it is asked on a timer. Managed services refuse it, and its families are absent.
//
// A fork, a proxy or a managed service may know another form than the server that it imitates. A reply that holds less
// than it should sets off a search, once per connection.

import Metrics

/// The part of a poll that concerns the configuration.
struct RedisConfig: RedisPart {
    static let name = "redis_config"
    static let descriptors = ConfigParameters.descriptors

    private let interval: Duration
    private let unchanged: Duration
    private var changes = ChangeWatch(Self.callsOfChanges)
    private var form = ConfigForm.all
    /// How many parameters that form is known to bring.
    private var worth = Int.max
    /// The forms of this poll, each with its place among the answers.
    private var tried: [(form: ConfigForm, range: Range<Int>)] = []

    /// - Parameters:
    ///   - interval: how long an answer stands where the server does not tell of changes.
    ///   - unchanged: how long it stands where the server does and there was none.
    init(every interval: Duration, unchanged: Duration) {
        (self.interval, self.unchanged) = (interval, unchanged)
    }

    var pace: Duration { changes.isTold ? max(interval, unchanged) : interval }

    func isOutdated(in poll: RedisPoll) -> Bool { changes.hasMoved(by: poll.info) }

    /// How often the configuration was changed. Nil where subcommands are not counted; CONFIG GET was called before.
    private static func callsOfChanges(_ info: InfoReply) -> [Double]? {
        let usage = info.commands.usage
        guard usage["config|get"] != nil else { return nil }
        return ["config|set", "config|resetstat"].map { usage[$0]?.calls ?? 0 }
    }

    func queries() -> [RedisQuery] { form.queries }

    mutating func connected(to server: ServerIdentity) {
        (form, worth) = (ConfigForm(for: server), .max)
        changes.forget()
    }

    mutating func followUp(to answers: inout RedisAnswers, in poll: RedisPoll) -> [RedisQuery] {
        guard answers.count > 0 else { return form.queries }
        let first = form.queries.count
        if answers.count == first { tried = [(form, 0..<first)] }
        let best = best(of: answers)
        guard best.found < min(worth, ConfigParameters.wantedCount), !isRefused(answers) else { return [] }
        guard let last = tried.last, let next = last.form.otherForms.first else { return [] }
        tried.append((next, answers.count..<answers.count + next.queries.count))
        return next.queries
    }

    mutating func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        poll.config = nil
        let best = best(of: answers)
        if tried.count > 1 { (form, worth) = (best.form, best.found) }
        let parameters = try ConfigParameters(best.reply.accepted(for: answers.queries[0]))
        poll.config = parameters
        changes.note(poll.info)
        return parameters.samples
    }

    /// Of the forms that were tried the one that has brought most, of several the first.
    private func best(of answers: RedisAnswers) -> (form: ConfigForm, reply: RedisReply, found: Int) {
        var best = (form: form, reply: RedisReply.null, found: -1)
        for (form, range) in tried {
            let reply = RedisReply(joining: answers.replies[range])
            let found = (try? ConfigParameters(reply))?.found ?? 0
            if found > best.found { best = (form, reply, found) }
        }
        return best
    }

    /// Whether the server has the command under no form, or does not let this user have it.
    private func isRefused(_ answers: RedisAnswers) -> Bool {
        guard case .error(let text) = RedisReply(joining: answers.replies.prefix(form.queries.count)) else {
            return false
        }
        let reason = CollectorFailure(serverError: text, to: answers.queries[0].title).reason
        return reason == .denied || reason == .unsupported || reason == .loading
    }
}

/// How CONFIG GET is asked: several parameters at once since Redis 7, which some servers that say they are one do not
/// know, or answer with the first only.
enum ConfigForm: CaseIterable {
    case several, all, each

    init(for server: ServerIdentity) {
        self = server.isSevenOrLater ? .several : .all
    }

    /// More than one where the parameters are asked for one by one.
    var queries: [RedisQuery] {
        switch self {
        case .several: [RedisQuery("CONFIG GET", ConfigParameters.wanted + ConfigParameters.extras)]
        case .all: [RedisQuery("CONFIG GET", "*")]
        case .each: ConfigParameters.wanted.map { RedisQuery("CONFIG GET", $0) }
        }
    }

    /// The forms to try when this one brings less than was asked for.
    var otherForms: ArraySlice<ConfigForm> {
        Self.allCases.drop { $0 != self }.dropFirst()
    }
}
