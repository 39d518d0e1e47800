// Any replies to what looks at keys, streams and queues: a look ends, whatever it is told, and its page can be read.
// The first byte says which of them looks.

import Metrics
import System

@testable import Redis

func fuzzLooks(_ input: inout FuzzInput) {
    let parts = looks()
    var part = parts[Int(input.byte()) % parts.count]
    let stream = input.rest()
    var replies: [RedisReply] = []
    var receiver = ReplyReceiver(MemoryBudget())
    let bounds = Array(repeating: ReplyBound(bytes: 4096, isOptional: true), count: stream.count)
    do throws(CollectorFailure) {
        try receiver.take(stream, count: stream.count, bounds, into: &replies)
    } catch {
        // What came before it is replies.
    }
    guard !replies.isEmpty else { return }
    var next = 0
    for _ in 0..<2 { look(with: &part, at: replies, from: &next, size: stream.count) }
}

private func looks() -> [any RedisPart] {
    var settings = KeySettings()
    settings.checked = [KeyPattern("*")]
    settings.checkedSingly = [KeyPattern(database: 1, "k")]
    settings.counted = [KeyPattern("*")]
    settings.streams = [KeyPattern("*")]
    settings.streamsSingly = [KeyPattern("s")]
    settings.ownQueues = ["own=q", "many=q*"].compactMap(OwnQueue.init)
    settings.queues = .auto
    var companion = RedisCompanion()
    companion.busyQueues = { ["a", "b"].map { BusyKey(name: $0, label: $0) } }
    companion.busyChannels = { [BusyKey(name: "c", label: "c"), BusyKey(name: "d", label: "d", isSharded: true)] }
    let found = QueueParts.all(settings, companion)
    settings.queues = .named(QueueSystems.names)
    return [KeyChecks(settings), KeyCounts(settings), StreamChecks(settings), KeySizes(settings) { $0 }]
        + (found + QueueParts.all(settings, RedisCompanion())).filter(\.isWanted)
}

/// One poll of a part that is answered with one reply after the other, round and round.
private func look(with part: inout any RedisPart, at replies: [RedisReply], from next: inout Int, size: Int) {
    let info = InfoReply(Array("run_id:a\r\nredis_version:8.0.0\r\ndb0:keys=9\r\ndb1:keys=1\r\n".utf8), now: 0)
    let server = ServerIdentity(info: Array("run_id:a\r\nredis_version:8.0.0\r\n".utf8))
    var poll = RedisPoll(server: server, info: info, config: nil, time: 1_700_000_000, now: .now)
    var answers = RedisAnswers()
    var commands = 0
    part.connected(to: server)
    while true {
        let queries = part.followUp(to: &answers, in: poll)
        if queries.isEmpty { break }
        let taken = queries.map { _ in
            next += 1
            return replies[next % replies.count]
        }
        for (query, reply) in zip(queries, taken) { _ = OwnLookups.isHit(query, reply) }
        answers.add(queries, taken)
        commands += queries.count
        precondition(commands < 100_000, "\(part.name) does not end")
    }
    if let samples = try? part.samples(from: answers, in: &poll) {
        // A name may stand in as many series as there are families and states.
        PageCheck.check(samples, madeFrom: 64 * size)
    }
}
