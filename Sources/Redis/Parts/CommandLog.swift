// COMMANDLOG, since Valkey 8.1: beside the commands that were slow, those with a large request or a large reply.

import Metrics

/// The part of a poll that concerns the lengths of the command log's three lists.
struct CommandLog: RedisPart {
    static let name = "redis_commandlog"

    static let slow = length("slow", "were slow")
    static let largeRequest = length("large_request", "had a large request")
    static let largeReply = length("large_reply", "had a large reply")

    static let descriptors = [slow, largeRequest, largeReply]

    func concerns(_ server: ServerIdentity) -> Bool { server.hasCommandLog }

    func queries() -> [RedisQuery] { Self.kinds.map { RedisQuery("COMMANDLOG LEN", $0.kind) } }

    func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        // A list that the server may not tell costs itself, unless there is no other.
        if answers.replies.allSatisfy(\.isError) { _ = try answers[0] }
        return try Self.decode(answers.replies)
    }

    private static func length(_ name: String, _ what: String) -> Descriptor {
        Descriptor(
            .gauge, "redis_commandlog_\(name)_length", help: "Entries for commands that \(what) (COMMANDLOG LEN).")
    }

    private static let kinds: [(kind: String, descriptor: Descriptor)] = [
        ("slow", slow), ("large-request", largeRequest), ("large-reply", largeReply),
    ]

    /// Decodes the replies to the three commands. A list that the server does not keep costs itself.
    ///
    /// - Throws: when none of them is a number.
    static func decode(_ replies: [RedisReply]) throws(CollectorFailure) -> Samples {
        var samples = Samples()
        for (kind, reply) in zip(kinds, replies) {
            samples.add(kind.descriptor, ifKnown: reply.integer.map { Double($0) })
        }
        guard !samples.families.isEmpty else {
            throw CollectorFailure(.malformed, "COMMANDLOG LEN answered with something else than a number")
        }
        return samples
    }
}
