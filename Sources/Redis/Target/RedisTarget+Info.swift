// INFO can be asked in several forms, and a fork, a proxy or a managed service may know another one than the server
// that it imitates. A reply that holds less than it should sets off a search, once per connection; the form that brings
// most is kept.

import Glibc
import Metrics

extension RedisTarget {
    /// INFO, in the form that brings most of it.
    ///
    /// - Parameter answers: all of the poll's round trip, INFO's first.
    /// - Throws: when no form brings anything. A poll is nothing without INFO; the message names all that was denied.
    func takeInfo(_ answers: RedisAnswers, before deadline: Deadline) throws(CollectorFailure) -> InfoReply {
        var (detail, found) = (infoForm.detail, Self.info(answers.replies.first))
        let candidates = connection?.isBroken == false ? infoForm.candidates(beyond: found.worth) : []
        for candidate in candidates where found.worth < .whole {
            let executedBefore = executed
            let other = Self.info(try pipeline([candidate.query], before: deadline).replies.first)
            noteCount(executedBefore)
            if other.worth > found.worth { (detail, found) = (candidate, other) }
        }
        if !candidates.isEmpty { infoForm.settle(on: detail, found.worth) }
        switch found {
        case .success(let info): return info
        case .failure(let failure): throw wholeFailure(failure, denied: answers.denied)
        }
    }

    private static func info(_ reply: RedisReply?) -> Result<InfoReply, CollectorFailure> {
        do throws(CollectorFailure) {
            return .success(try InfoReply(reply ?? .null, now: Double(time(nil))))
        } catch {
            return .failure(error)
        }
    }

    /// Why the poll as a whole failed, which it did with the failure of its INFO.
    ///
    /// - Parameter denied: what else was denied is named with it, so that one round of granting is enough.
    private func wholeFailure(_ failure: CollectorFailure, denied: [String]) -> CollectorFailure {
        switch failure.reason {
        case .denied:
            let user = connection?.user ?? "default"
            let line = ACLRule.line(granting: denied, to: user) ?? ""
            return CollectorFailure(
                .denied, "INFO is denied to user \(user); grant it and what else is missing with \(line)")
        case .unsupported:
            return CollectorFailure(
                .unsupported, "\(failure.message); Sidelong needs INFO under this name, see rename-command")
        default: return failure
        }
    }
}

extension Result<InfoReply, CollectorFailure> {
    fileprivate var worth: InfoWorth {
        if case .success(let info) = self { info.worth } else { .nothing }
    }
}
