// Some commands can be asked in several forms, and a fork, a proxy or a managed service may know another one than the
// server that it imitates. A reply that holds less than it should sets off a search, once per connection; the form that
// brings most is kept.

import Glibc
import Metrics

extension RedisTarget {
    /// INFO, in the form that brings most of it.
    ///
    /// - Throws: when no form brings anything. A poll is nothing without INFO; the message names all that was denied.
    func takeInfo(
        _ answers: inout Answers, databases: Int?, before deadline: Deadline
    ) throws(CollectorFailure) -> InfoReply {
        var (detail, found) = (infoForm.detail, Self.info(answers[.info], databases))
        let candidates = answers.isInterrupted ? [] : infoForm.candidates(beyond: found.worth)
        for candidate in candidates where found.worth < .whole {
            let replies = try ask([candidate.command], for: .info, &answers, before: deadline)
            let other = Self.info(replies.first, databases)
            if other.worth > found.worth { (detail, found) = (candidate, other) }
        }
        if !candidates.isEmpty { infoForm.settle(on: detail, found.worth) }
        switch found {
        case .success(let info): return info
        case .failure(let failure): throw answers.wholeFailure(failure, user: connection?.user ?? "default")
        }
    }

    private static func info(_ reply: Reply?, _ databases: Int?) -> Result<InfoReply, CollectorFailure> {
        do throws(CollectorFailure) {
            return .success(
                try (reply ?? .null).decoded(for: .info) { reply throws(CollectorFailure) in
                    guard case .bulk(let text) = reply, !text.isEmpty else {
                        throw CollectorFailure(.malformed, "INFO answered with something else than a text")
                    }
                    return InfoReply(text, databases: databases, now: Double(time(nil)))
                })
        } catch {
            return .failure(error)
        }
    }

    /// The parameters, in the form of CONFIG GET that brings most of them; nil where they were not asked for, or where
    /// no form brings any.
    func takeConfig(
        _ answers: inout Answers, before deadline: Deadline
    ) throws(CollectorFailure) -> ConfigParameters? {
        guard let reply = answers[.config] else { return nil }
        var (form, best) = (configForm, reply)
        var found = Self.parametersFound(reply)
        if !answers.isInterrupted, found < min(configWorth, ConfigParameters.wantedCount), !Self.isRefused(reply) {
            for candidate in configForm.otherForms where found < ConfigParameters.wantedCount {
                let replies = try ask(candidate.commands, for: .config, &answers, before: deadline)
                if answers.isInterrupted { break }
                let other = Reply(joining: replies[...])
                guard Self.parametersFound(other) > found else { continue }
                (form, best, found) = (candidate, other, Self.parametersFound(other))
            }
            (configForm, configWorth) = (form, found)
            answers.replace(.config, by: best)
        }
        return answers.take(.config) { reply throws(CollectorFailure) in try ConfigParameters(reply) }
    }

    private static func parametersFound(_ reply: Reply) -> Int {
        (try? ConfigParameters(reply))?.found ?? 0
    }

    /// Whether the server has the command under no form, or does not let this user have it.
    private static func isRefused(_ reply: Reply) -> Bool {
        guard case .error(let text) = reply else { return false }
        let reason = CollectorFailure(serverError: text, to: Question.config.title).reason
        return reason == .denied || reason == .unsupported || reason == .loading
    }
}

extension Result<InfoReply, CollectorFailure> {
    fileprivate var worth: InfoWorth {
        if case .success(let info) = self { info.worth } else { .nothing }
    }
}
