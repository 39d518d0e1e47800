// Sentinels know which server is the primary of a group. All of them are asked, because one that is cut off from the
// others goes on naming the old primary; whose configuration is newer is right.

import Metrics

/// Asks the Sentinels of one group where the primary is.
final class SentinelResolver {
    static let name = "redis_sentinels"

    /// What the Sentinels call the primary.
    let name: String
    private let primary: RedisAddress
    private let lines: [SentinelLine]
    /// What was believed the last time.
    private var last: SentinelAnswer?
    /// Why none of the Sentinels has answered the last time; nil where one has.
    private(set) var failure: CollectorFailure?

    init(_ group: SentinelAddress, _ settings: RedisSettings) {
        name = group.name
        primary = group.primary
        lines = group.sentinels.map { SentinelLine($0, settings.forSentinels) }
    }

    /// Where the primary is. While no Sentinel answers it is where it was.
    func primary(before deadline: Deadline) throws(CollectorFailure) -> RedisAddress {
        var answers: [SentinelAnswer] = []
        var failures: [CollectorFailure] = []
        for line in lines where line.isReady(at: .now) {
            do throws(CollectorFailure) {
                answers.append(try line.ask(for: name, before: deadline.orAfter(deadline.remaining / 4)))
            } catch {
                failures.append(CollectorFailure(error.reason, "Sentinel \(line.address.label): \(error.message)"))
            }
        }
        failure = answers.isEmpty ? failures.first ?? failure : nil
        // A Sentinel that has not yet heard of a failover may be the only one that answers.
        let isComplete = answers.count == lines.count
        last = SentinelAnswer.newest(of: answers + (isComplete ? [] : [last].compactMap(\.self)))
        if let last { return primary.moved(to: last.endpoint) }
        throw failure ?? CollectorFailure(.connect, "no Sentinel has answered yet")
    }

    /// The primary and its replicas, any of which may be the next primary; none where no Sentinel answers.
    func servers(before deadline: Deadline) -> [RedisAddress.Endpoint] {
        guard let primary = try? primary(before: deadline) else { return [] }
        let replicas = lines.lazy.compactMap { [name] line in try? line.replicas(of: name, before: deadline) }.first
        return [primary.endpoint] + (replicas ?? [])
    }
}

/// The connection to one Sentinel, kept between polls.
private final class SentinelLine {
    let address: RedisAddress
    private let settings: RedisSettings
    private var connection: RedisConnection?
    private var restingUntil: ContinuousClock.Instant?

    init(_ address: RedisAddress, _ settings: RedisSettings) {
        self.address = address
        self.settings = settings
    }

    /// False for a while after a failure, so that a Sentinel that swallows packets does not slow down each poll.
    func isReady(at now: ContinuousClock.Instant) -> Bool { restingUntil.map { $0 <= now } ?? true }

    func ask(for name: String, before deadline: Deadline) throws(CollectorFailure) -> SentinelAnswer {
        do throws(CollectorFailure) {
            let replies = try pipeline(SentinelAnswer.commands(for: name), before: deadline)
            restingUntil = nil
            return try SentinelAnswer(replies, name: name)
        } catch {
            connection = nil
            restingUntil = .now + .seconds(10)
            throw error
        }
    }

    func replicas(of name: String, before deadline: Deadline) throws(CollectorFailure) -> [RedisAddress.Endpoint] {
        let replies = try pipeline([["SENTINEL", "SLAVES", name]], before: deadline)
        return (replies.first?.elements ?? []).compactMap { replica in
            let fields = replica.pairs ?? []
            let host = fields.first { $0.key.text == "ip" }?.value.text
            let port = fields.first { $0.key.text == "port" }?.value.integer.flatMap(UInt16.init(exactly:))
            guard let host, let port else { return nil }
            return .tcp(host: host, port: port)
        }
    }

    private func pipeline(_ commands: [[String]], before deadline: Deadline) throws(CollectorFailure) -> [RedisReply] {
        let isKept = connection != nil && connection?.isSpent() == false
        if !isKept {
            connection = nil
            connection = try RedisConnection.open(
                to: address, settings, before: deadline.orAfter(settings.connectTimeout))
        }
        defer { connection?.endPoll() }
        return try connection?.pipeline(commands, before: deadline) ?? []
    }
}

/// What one Sentinel says of a primary.
struct SentinelAnswer: Equatable {
    let endpoint: RedisAddress.Endpoint
    /// Grows with each failover; 0 where the Sentinel does not tell.
    let epoch: Int64

    init(endpoint: RedisAddress.Endpoint, epoch: Int64) {
        self.endpoint = endpoint
        self.epoch = epoch
    }

    static func commands(for name: String) -> [[String]] {
        [["SENTINEL", "GET-MASTER-ADDR-BY-NAME", name], ["SENTINEL", "MASTER", name]]
    }

    /// Decodes the replies to both commands. The second one may be refused.
    init(_ replies: [RedisReply], name: String) throws(CollectorFailure) {
        if case .error(let text)? = replies.first { throw CollectorFailure(serverError: text, to: "SENTINEL") }
        guard let parts = replies.first?.elements else {
            throw CollectorFailure(.refused, "it watches no primary called \(name)")
        }
        guard parts.count == 2, let host = parts[0].text, let port = parts[1].integer.flatMap(UInt16.init(exactly:)),
            !host.isEmpty, port > 0
        else { throw CollectorFailure(.malformed, "SENTINEL answered with something else than host and port") }
        endpoint = .tcp(host: host, port: port)
        epoch = replies.last?.pairs?.first { $0.key.text == "config-epoch" }?.value.integer ?? 0
    }

    /// The answer of the newest configuration; of several the first.
    static func newest(of answers: [SentinelAnswer]) -> SentinelAnswer? {
        answers.reduce(nil) { newest, next in newest.map { $0.epoch >= next.epoch ? $0 : next } ?? next }
    }
}
