// A look at many keys has two stages: first it is found out which keys there are, then each is looked at.

import Metrics

/// A part of a poll that looks at keys, in round trips of its own.
protocol KeyLook: RedisPart {
    associatedtype Purpose: Sendable

    var trips: RoundTrips<Purpose> { get set }
    var stage: KeyLookStage { get set }

    /// The question with which a look begins; nil where there is none. It goes out in the round trip of all parts and
    /// has to be cheap. Its reply comes when the first stage has been entered.
    var opening: (query: RedisQuery, purpose: Purpose)? { get }

    /// Adds the commands of a stage.
    mutating func enter(_ stage: KeyLookStage, _ poll: RedisPoll)

    /// Takes the reply to one command, and adds what it leaves open.
    mutating func take(_ reply: RedisReply, for purpose: Purpose, in poll: RedisPoll)

    /// What all of it comes to.
    mutating func finish(_ poll: RedisPoll) -> Samples
}

/// How far the look of one poll has come.
enum KeyLookStage: Sendable {
    case idle, finding, looking

    fileprivate var next: KeyLookStage? {
        switch self {
        case .idle: .finding
        case .finding: .looking
        case .looking: nil
        }
    }
}

extension KeyLook {
    var opening: (query: RedisQuery, purpose: Purpose)? { nil }

    func queries() -> [RedisQuery] { opening.map { [$0.query] } ?? [] }

    mutating func connected(to server: ServerIdentity) {
        trips.connected(to: server)
        stage = .idle
    }

    mutating func followUp(to answers: inout RedisAnswers, in poll: RedisPoll) -> [RedisQuery] {
        if stage == .idle, answers.count > 0, let opening {
            stage = .finding
            enter(.finding, poll)
            trips.noteSent(opening.purpose)
        }
        for (purpose, reply) in trips.take(&answers) { take(reply, for: purpose, in: poll) }
        var queries = trips.takeNext()
        while queries.isEmpty, let next = stage.next {
            stage = next
            enter(next, poll)
            queries = trips.takeNext()
        }
        if queries.isEmpty { stage = .idle }
        return queries
    }

    mutating func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        finish(poll)
    }

    func shortcoming(of answers: RedisAnswers) -> CollectorFailure? { denial(in: answers) }

    /// What the user may not ask. Of what was taken off the answers the denials are left; the look does without
    /// CLIENT NO-TOUCH.
    func denial(in answers: RedisAnswers) -> CollectorFailure? {
        for index in 0..<answers.count where answers.queries[index] != .noTouch {
            do throws(CollectorFailure) {
                _ = try answers[index]
            } catch {
                return error
            }
        }
        return nil
    }
}

extension RedisQuery {
    /// Keeps keys that are looked at from seeming to be in use.
    static let noTouch = RedisQuery("CLIENT NO-TOUCH", "ON")
}

extension RedisReply {
    /// The text of a type, such as `list`; nil where there is no key, and for an error.
    var keyType: String? {
        guard case .status(let type) = self, type != "none" else { return nil }
        return type
    }
}
