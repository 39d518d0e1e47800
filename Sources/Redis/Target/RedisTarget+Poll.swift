// One poll: INFO and all parts that are due in one round trip, then what a few of them ask in addition. A part that is
// refused costs its own families only.

import Glibc
import Metrics
import Synchronization

extension RedisTarget {
    /// What the round trip of a poll has brought to a part.
    private enum Share {
        case whole(RedisAnswers)
        /// The connection broke off at one of its queries: the server may have hung up on it, or may need longer for it
        /// than a poll can last.
        case broken(RedisAnswers, CollectorFailure)
        /// The part was not due, or the connection broke off before.
        case none
    }

    /// One poll on the connection that there is.
    func ask(before deadline: Deadline) throws(CollectorFailure) -> Collected {
        let deadline = deadline.orAfter(settings.timeout)
        defer { connection?.endPoll() }
        let server = connection?.server ?? ServerIdentity()
        let queries = queried.map { isDue($0, on: server, at: .now) ? $0.queries() : nil }
        let all = [infoForm.detail.query] + queries.compactMap(\.self).joined()
        let executedBefore = executed
        // As INFO counts them, which comes first: what is looked up in this poll stands in the next one's.
        let ownLookups = lookups.samples
        let ownCalls = calls
        let answer = try pipeline(all, before: deadline)
        noteCount(executedBefore)
        let info = try takeInfo(RedisAnswers(all, answer.replies), before: deadline)
        try take(info)

        var poll = RedisPoll(
            server: server, info: info, config: config, ownCalls: ownCalls, time: Int64(time(nil)), now: .now)
        var outcome = PollOutcome()
        for (index, share) in deal(answer, to: queries).enumerated() {
            switch share {
            case .whole(let answers): try read(index, answers, in: &poll, &outcome, before: deadline)
            case .broken(let answers, let failure): avoid(index, failure, answers, &outcome)
            case .none where isOutdated(queried[index], in: poll):
                try read(index, RedisAnswers(), in: &poll, &outcome, before: deadline)
            case .none: skip(index, in: poll, &outcome)
            }
        }
        config = poll.config
        outcome.add(info.samples(databases: config?.databases))
        outcome.add(ownLookups)
        outcome.add(roles.samples(after: info.mode == .sentinel ? "sentinel" : info.instance["role"]))
        var collected = outcome.collected(user: connection?.user ?? "default")
        route.report(to: &collected)
        return collected
    }

    /// What INFO says beside its samples.
    private func take(_ info: InfoReply) throws(CollectorFailure) {
        if info.mode != .unknown { connection?.server.mode = info.mode }
        if let role = RedisRole(info) {
            try route.check(role)
            roleWatch.see(role, at: .now, patience: settings.nameInterval * 2)
        }
        status.withLock { $0.note(info) }
    }

    private func isDue(
        _ part: any RedisPart, on server: ServerIdentity, at now: ContinuousClock.Instant
    ) -> Bool {
        part.concerns(server) && schedule.isDue(part.name, at: now)
    }

    private func isOutdated(_ part: any RedisPart, in poll: RedisPoll) -> Bool {
        schedule.lastAnswer(of: part.name) != nil && part.isOutdated(in: poll)
    }

    /// Deals the replies that follow INFO's to the parts that have asked; nil stands for one that was not due.
    private func deal(_ answer: RedisConnection.Answer, to queries: [[RedisQuery]?]) -> [Share] {
        var rest = answer.replies.dropFirst()
        var interruption = answer.interruption
        return queries.map { queries in
            guard let queries else { return .none }
            let answers = RedisAnswers(queries, Array(rest.prefix(queries.count)))
            rest = rest.dropFirst(queries.count)
            if answers.count == queries.count { return .whole(answers) }
            defer { interruption = nil }
            return interruption.map { .broken(answers, $0.at(queries[answers.count])) } ?? .none
        }
    }

    /// Asks what the answers of a part leave open, and reads them.
    private func read(
        _ index: Int, _ answers: RedisAnswers, in poll: inout RedisPoll, _ outcome: inout PollOutcome,
        before deadline: Deadline
    ) throws(CollectorFailure) {
        var answers = answers
        while true {
            let further = queried[index].followUp(to: &answers, in: poll)
            if further.isEmpty { break }
            if connection?.isBroken != false { return skip(index, in: poll, &outcome) }
            let more = try pipeline(further, before: deadline)
            answers.add(further, more.replies)
            if let interruption = more.interruption {
                return avoid(index, interruption.at(further[more.replies.count]), answers, &outcome)
            }
        }
        let name = queried[index].name
        do throws(CollectorFailure) {
            guard let samples = try queried[index].samples(from: answers, in: &poll) else {
                schedule.rest(name, at: .now, for: settings.refusalInterval)
                return skip(index, in: poll, &outcome)
            }
            outcome.add(samples)
            schedule.note(name, samples, at: .now, for: queried[index].pace)
            if let failure = queried[index].shortcoming(of: answers) { outcome.fail(name, failure, answers) }
        } catch {
            outcome.fail(name, error, answers)
            let rest = answers.hasPassingError ? .zero : settings.refusalInterval
            schedule.rest(name, at: .now, for: rest)
        }
    }

    /// Leaves a part alone that has ended a connection, also on the next one.
    private func avoid(
        _ index: Int, _ failure: CollectorFailure, _ answers: RedisAnswers, _ outcome: inout PollOutcome
    ) {
        outcome.fail(queried[index].name, failure, answers)
        schedule.note(queried[index].name, nil, at: .now, for: settings.refusalInterval)
    }

    /// Shows of a part that was not asked what stands of its last answer.
    private func skip(_ index: Int, in poll: RedisPoll, _ outcome: inout PollOutcome) {
        let part = queried[index]
        outcome.skip(part.name, schedule.lastAnswer(of: part.name).map { part.carriedOver($0, in: poll) })
    }

    /// Sends all queries at once and waits for all of their replies.
    ///
    /// - Throws: also when the server wants a password all of a sudden.
    func pipeline(
        _ queries: [RedisQuery], before deadline: Deadline
    ) throws(CollectorFailure) -> RedisConnection.Answer {
        let answer = try connection?.pipeline(queries.map(\.words), bounds: queries.map(\.bound), before: deadline)
        guard let answer else { throw CollectorFailure(.closed, "there is no connection") }
        calls.count(queries)
        if let server = connection?.server { lookups.count(queries, answer.replies, of: server) }
        for case .error(let text) in answer.replies where text.hasPrefix("NOAUTH") {
            throw CollectorFailure(serverError: text, to: "")
        }
        return answer
    }

    /// Notes how many commands of ours came before an INFO that has just been answered.
    func noteCount(_ executed: UInt64) {
        let now = ContinuousClock.now
        status.withLock {
            $0.ownCommands = executed
            $0.counted = now
        }
    }
}

extension CollectorFailure {
    /// The failure with the command at which it happened.
    fileprivate func at(_ query: RedisQuery) -> CollectorFailure {
        CollectorFailure(reason, "\(query.title): \(message)")
    }
}
