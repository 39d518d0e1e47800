// The answers of one poll on their way to the page: each part takes its reply, and what goes wrong with it stays with
// that part.

import Metrics

/// The replies of one poll, and what has become of them so far.
struct Answers {
    private var replies: [Question: Reply]
    private let asked: Set<String>
    private var samples = Samples()
    private var setbacks: [Collected.Setback] = []
    private var hasSucceeded = false
    /// Commands that the server does not have or does not allow; they are worth asking again after a long while only.
    private(set) var refused: [Question] = []

    init(_ replies: [Reply], to questions: [Question]) {
        self.replies = Dictionary(uniqueKeysWithValues: zip(questions, replies))
        asked = Set(questions.map(\.part))
    }

    /// Whether INFO was asked and brought nothing, or an error that a shorter form of the command may not bring.
    var wantsLessInfo: Bool {
        switch replies[.info] {
        case .bulk(let text): text.isEmpty
        case .error(let text): text.hasPrefix("ERR") || text.hasPrefix("NOPERM")
        default: false
        }
    }

    /// Whether the question was asked.
    func has(_ question: Question) -> Bool { replies[question] != nil }

    mutating func replace(_ question: Question, by reply: Reply) {
        replies[question] = reply
    }

    /// Decodes the reply to one question.
    ///
    /// - Returns: nil where the question was not asked, or where it failed, which is then a setback of its part.
    mutating func take<Decoded>(
        _ question: Question, _ decode: (Reply) throws(CollectorFailure) -> Decoded
    ) -> Decoded? {
        guard let reply = replies[question] else { return nil }
        do throws(CollectorFailure) {
            if case .error(let text) = reply { throw CollectorFailure(serverError: text, to: question.title) }
            let decoded = try decode(reply)
            hasSucceeded = true
            return decoded
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
    ///
    /// - Throws: the first failure, when nothing that was asked succeeded.
    func collected(parts: [String]) throws(CollectorFailure) -> Collected {
        if !hasSucceeded, let first = setbacks.first { throw first.failure }
        return Collected(samples: samples, setbacks: setbacks, unasked: parts.filter { !asked.contains($0) })
    }

    private mutating func fail(_ question: Question, _ failure: CollectorFailure) {
        if failure.reason == .denied || failure.reason == .unsupported { refused.append(question) }
        if setbacks.contains(where: { $0.part == question.part }) { return }
        setbacks.append(Collected.Setback(part: question.part, failure: failure))
    }
}
