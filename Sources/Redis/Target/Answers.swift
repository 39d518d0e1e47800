// The answers of one poll on their way to the page: each part takes its reply, and what goes wrong with it stays with
// that part.

import Metrics

/// The replies of one poll, and what has become of them so far.
struct Answers {
    private var replies: [Question: Reply]
    private var asked: Set<String>
    private var samples = Samples()
    private var partFailures: [Collected.PartFailure] = []
    /// Commands that went wrong; they are worth asking again after a long while only.
    private(set) var failed: [Question] = []
    /// Commands that the user may not use.
    private(set) var denied: [Question] = []
    /// The question at which the connection broke off, if it did.
    private(set) var breakingPoint: Question?
    /// Whether nothing more can be asked.
    var isInterrupted: Bool { breakingPoint != nil }

    /// - Parameters:
    ///   - replies: those to the first of the questions.
    ///   - interruption: why there is none to the next one. What would have come after it counts as not asked.
    init(_ replies: [Reply], to questions: [Question], interruption: CollectorFailure? = nil) {
        self.replies = Dictionary(uniqueKeysWithValues: zip(questions, replies))
        asked = Set(questions.prefix(replies.count).map(\.part))
        if let interruption, replies.count < questions.count { interrupt(questions[replies.count], interruption) }
    }

    /// Notes that the connection broke off at a question: the server may have hung up on it, or may need longer for it
    /// than a poll can last.
    mutating func interrupt(_ question: Question, _ failure: CollectorFailure) {
        breakingPoint = question
        asked.insert(question.part)
        fail(question, CollectorFailure(failure.reason, "\(question.title): \(failure.message)"))
    }

    /// The reply to a question; nil where it was not asked.
    subscript(question: Question) -> Reply? { replies[question] }

    mutating func replace(_ question: Question, by reply: Reply) {
        replies[question] = reply
    }

    /// Adds a question that was asked in a round trip of its own.
    mutating func add(_ question: Question, _ reply: Reply) {
        replies[question] = reply
        asked.insert(question.part)
    }

    /// Whether the server answered that it is not of the kind that knows this command. One that does not let the user
    /// have it may be.
    func saysNotConcerned(_ question: Question) -> Bool {
        guard case .error(let text)? = replies[question] else { return false }
        return !text.hasPrefix("NOPERM")
    }

    /// Takes back that a question was asked, which turned out not to concern this server.
    mutating func withdraw(_ question: Question) {
        replies[question] = nil
        asked.remove(question.part)
    }

    /// Decodes the reply to one question.
    ///
    /// - Returns: nil where the question was not asked, or where it failed, which is then a part failure.
    mutating func take<Decoded>(
        _ question: Question, _ decode: (Reply) throws(CollectorFailure) -> Decoded
    ) -> Decoded? {
        guard let reply = replies[question] else { return nil }
        do throws(CollectorFailure) {
            return try reply.decoded(for: question, decode)
        } catch {
            fail(question, error)
            return nil
        }
    }

    /// Adds what a part has brought.
    mutating func add(_ part: Samples?) {
        if let part { samples.add(part) }
    }

    /// The poll as a whole.
    func collected(parts: [String], user: String) -> Collected {
        Collected(
            samples: samples, partFailures: partFailures, skipped: parts.filter { !asked.contains($0) },
            remedy: ACLRule.line(granting: denied, to: user))
    }

    /// Why the poll as a whole failed, which it did with the failure of its INFO.
    ///
    /// What else was denied is named with it, so that one round of granting is enough.
    func wholeFailure(_ failure: CollectorFailure, user: String) -> CollectorFailure {
        switch failure.reason {
        case .denied:
            let denied = Question.allCases.filter { isDenied($0) }
            let line = ACLRule.line(granting: denied, to: user) ?? ""
            return CollectorFailure(
                .denied, "INFO is denied to user \(user); grant it and what else is missing with \(line)")
        case .unsupported:
            return CollectorFailure(
                .unsupported, "\(failure.message); Sidelong needs INFO under this name, see rename-command")
        default: return failure
        }
    }

    private func isDenied(_ question: Question) -> Bool {
        guard case .error(let text)? = replies[question] else { return false }
        return text.hasPrefix("NOPERM")
    }

    /// Notes what went wrong with a question; of several of one part the first is told, with all that is to be granted.
    private mutating func fail(_ question: Question, _ failure: CollectorFailure) {
        if !ServerState.passes(replies[question]) { failed.append(question) }
        if failure.reason == .denied { denied.append(question) }
        guard let known = partFailures.firstIndex(where: { $0.part == question.part }) else {
            partFailures.append(Collected.PartFailure(part: question.part, failure: failure))
            return
        }
        guard failure.reason == .denied, partFailures[known].failure.reason == .denied else { return }
        let message = "\(partFailures[known].failure.message) \(ACLRule.grant(for: question.title))"
        partFailures[known] = Collected.PartFailure(part: question.part, failure: CollectorFailure(.denied, message))
    }
}

extension Reply {
    /// What a part makes of the reply.
    ///
    /// - Throws: what the server refused, or what `decode` cannot use.
    func decoded<Decoded>(
        for question: Question, _ decode: (Reply) throws(CollectorFailure) -> Decoded
    ) throws(CollectorFailure) -> Decoded {
        switch self {
        case .error(let text): throw CollectorFailure(serverError: text, to: question.title)
        case .skipped:
            throw CollectorFailure(
                .overflow, "\(question.title): the answer is longer than \(question.bound.bytes >> 20) MiB")
        default: return try decode(self)
        }
    }
}

/// States in which a server refuses commands for a while, and says so.
private enum ServerState {
    private static let passing = ["LOADING", "BUSY", "MASTERDOWN"]

    /// Whether a reply is an error that is over as soon as the state is.
    static func passes(_ reply: Reply?) -> Bool {
        guard case .error(let text)? = reply else { return false }
        return passing.contains { text.hasPrefix($0 + " ") }
    }
}
