// What a part was answered. An error in place of a reply costs the part that asked, and nothing else.

import Metrics

/// The replies to the queries of one part, in their order.
struct RedisAnswers: Sendable {
    private(set) var queries: [RedisQuery]
    private(set) var replies: [RedisReply]
    /// How many denials of replies that were taken off stand at the beginning.
    private var denialsKept = 0

    init(_ queries: [RedisQuery] = [], _ replies: [RedisReply] = []) {
        self.queries = queries
        self.replies = replies
    }

    var count: Int { replies.count }

    /// Adds another round trip.
    mutating func add(_ queries: [RedisQuery], _ replies: [RedisReply]) {
        self.queries += queries
        self.replies += replies
    }

    /// Takes the replies off, but for one of each command that the user may not use.
    mutating func takeReplies() -> [RedisReply] {
        let taken = Array(replies.dropFirst(denialsKept))
        let denials = denied.compactMap { title in
            zip(queries, replies).first { $0.0.title == title && $0.1.isDenial }
        }
        (queries, replies) = (denials.map(\.0), denials.map(\.1))
        denialsKept = denials.count
        return taken
    }

    /// The reply to the query at a position.
    ///
    /// - Throws: what the server refused, or that the reply was longer than it may be.
    subscript(position: Int) -> RedisReply {
        get throws(CollectorFailure) { try replies[position].accepted(for: queries[position]) }
    }

    /// The commands that the user may not use, each once.
    var denied: [String] {
        var titles: [String] = []
        for (query, reply) in zip(queries, replies) where reply.isDenial && !titles.contains(query.title) {
            titles.append(query.title)
        }
        return titles
    }

    /// Whether an error is over as soon as a state of the server is, which says so.
    var hasPassingError: Bool { replies.contains { $0.isPassingError } }

    /// Whether the server has answered that it is not of the kind that knows the command. One that does not let the
    /// user have it may be.
    var saysNotConcerned: Bool {
        guard case .error? = replies.first else { return false }
        return !replies[0].isDenial
    }
}

extension RedisReply {
    /// The reply, fit to be decoded.
    ///
    /// - Throws: what the server refused, or that the reply was longer than it may be.
    func accepted(for query: RedisQuery) throws(CollectorFailure) -> RedisReply {
        switch self {
        case .error(let text): throw CollectorFailure(serverError: text, to: query.title)
        case .tooLong:
            throw CollectorFailure(
                .overflow,
                "\(query.title): the answer is longer than \(query.bound.bytes >> 20) MiB, or than there is memory for")
        default: return self
        }
    }

    var isError: Bool { if case .error = self { true } else { false } }

    fileprivate var isDenial: Bool { begins("NOPERM") }

    fileprivate var isPassingError: Bool { ["LOADING ", "BUSY ", "MASTERDOWN "].contains(where: begins) }

    private func begins(_ word: String) -> Bool {
        guard case .error(let text) = self else { return false }
        return text.hasPrefix(word)
    }
}
