// Everything that is asked of a Redis besides INFO is a part: one or more commands about one subject, their families,
// and a way to read the replies. A part fails alone, and slow ones have a slower timer.

import Metrics

/// Some commands about one subject.
///
/// A part reads and never writes. It keeps what it has to know from poll to poll, and is used during the polls of its
/// target only. Asking is left to the target: a part says what to send, and gets the replies.
protocol RedisPart: Sendable {
    /// The name in `collector="…"`, or how it begins where there are several parts of the type.
    static var name: String { get }
    /// The name in `collector="…"`.
    var name: String { get }
    static var descriptors: [Descriptor] { get }

    /// How long an answer stands before the part is asked again; zero for every poll.
    var pace: Duration { get }

    /// Whether there is anything to ask for, by what the operator has chosen and who listens.
    var isWanted: Bool { get }

    /// Whether a server of this kind can know the subject. Of one that says nothing of itself anything may be asked; it
    /// refuses what it does not know.
    func concerns(_ server: ServerIdentity) -> Bool

    /// Whether the part is worth asking ahead of its time: by what INFO says its last answer no longer holds, or
    /// somebody waits for another. It is asked by `followUp`, without an answer so far.
    func isOutdated(in poll: RedisPoll) -> Bool

    /// What to ask in the one round trip that all parts share; may be empty for a part that has round trips of its own.
    func queries() -> [RedisQuery]

    /// What to ask in one more round trip; empty when there is nothing left to ask, as with nearly all parts.
    ///
    /// - Parameter answers: all of this poll so far. A part that asks much may take replies off them.
    mutating func followUp(to answers: inout RedisAnswers, in poll: RedisPoll) -> [RedisQuery]

    /// Reads the replies. A reply that lacks something costs the series concerned and nothing else.
    ///
    /// - Returns: nil when the server has turned out to know nothing of the subject.
    mutating func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples?

    /// What is wrong although there are samples; nil when nothing is.
    func shortcoming(of answers: RedisAnswers) -> CollectorFailure?

    /// What is shown of the last answer in a poll that does not ask the part.
    func carriedOver(_ samples: Samples, in poll: RedisPoll) -> Samples

    /// Begins a new connection, perhaps to another server.
    mutating func connected(to server: ServerIdentity)
}

extension RedisPart {
    var name: String { Self.name }

    var pace: Duration { .zero }

    var isWanted: Bool { true }

    func concerns(_ server: ServerIdentity) -> Bool { server.mode != .sentinel }

    func isOutdated(in poll: RedisPoll) -> Bool { false }

    mutating func followUp(to answers: inout RedisAnswers, in poll: RedisPoll) -> [RedisQuery] { [] }

    func shortcoming(of answers: RedisAnswers) -> CollectorFailure? { nil }

    func carriedOver(_ samples: Samples, in poll: RedisPoll) -> Samples { samples }

    mutating func connected(to server: ServerIdentity) {}
}

/// What the parts of one poll can build on.
struct RedisPoll {
    let server: ServerIdentity
    let info: InfoReply
    /// The newest answer to CONFIG GET on this connection; nil while there is none.
    var config: ConfigParameters?
    /// What the program itself had called before this poll's INFO.
    var ownCalls = OwnCalls()
    /// The time of day, in seconds since 1970.
    let time: Int64
    let now: ContinuousClock.Instant

    /// The server's time of day, in seconds since 1970; ours where it does not tell its own.
    var serverTime: Double {
        info.instance["server_time_usec"].flatMap { Double($0) }.map { $0 / 1_000_000 } ?? Double(time)
    }
}
