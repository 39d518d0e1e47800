// Any bytes as the stream of a server that is polled: read whole or in pieces, they are the same replies; each reply
// that a part of the poll understands makes a page that can be read.

import Metrics
import System

@testable import Redis

func fuzzAnswers(_ input: inout FuzzInput) {
    let sizes = input.bytes(Int(input.byte()) % 5)
    let stream = input.rest()
    var whole = Reader(.essential, count: stream.count)
    var pieces = Reader(.essential, count: stream.count)
    var bounded = Reader(ReplyBound(bytes: 64, isOptional: true), count: stream.count)
    whole.read(stream)
    stream.inPieces(sizes) { pieces.read($0.copy) }
    precondition(whole.replies == pieces.replies && whole.failure == pieces.failure)
    // What is passed over stands in the same place, and what is not is the same.
    stream.inPieces(sizes) { bounded.read($0.copy) }
    for (reply, short) in zip(whole.replies, bounded.replies) { precondition(short == .tooLong || short == reply) }

    // The same of texts that are cut down to some fields while they come.
    let clients = ReplyBound(bytes: 1 << 20, isOptional: true, fields: ["addr", "name", "x"])
    var digest = Reader(clients, count: stream.count)
    var digestOfPieces = Reader(clients, count: stream.count)
    digest.read(stream)
    stream.inPieces(sizes) { digestOfPieces.read($0.copy) }
    precondition(digest.replies == digestOfPieces.replies && digest.failure == digestOfPieces.failure)
    precondition(digest.replies.count >= whole.replies.count)

    var slowlog = Slowlog { $0.last.map { String(decoding: $0, as: UTF8.self) } }
    for reply in whole.replies {
        for samples in samples(of: reply) { PageCheck.check(samples, madeFrom: stream.count) }
        if case .error(let text) = reply { checkMessage(CollectorFailure(serverError: text, to: "CONFIG GET").message) }
        _ = try? CommandCatalogue.decode(reply)
        _ = try? ClientList.decode(reply)
        if let entries = try? Slowlog.decode(reply) {
            let length = Int64(entries.count)
            if let missing = slowlog.missing(after: entries, length: length * 2, runID: "run") {
                precondition(1...Slowlog.largestCount ~= missing)
            }
            let writer = SlowlogWriter(runID: "run", uptime: nil, time: 0)
            precondition(slowlog.take(entries, length: length, capacity: 128, from: writer).count <= entries.count)
            let samples = slowlog.samples(length: length, entries: entries)
            precondition(samples[Slowlog.commands].count <= SlowCommandCounts.mostKinds + 1)
            PageCheck.check(samples, madeFrom: stream.count)
        }
    }
}

private struct Reader: ~Copyable {
    var replies: [RedisReply] = []
    var failure: CollectorFailure.Reason?
    private var receiver = ReplyReceiver(MemoryBudget())
    private let bounds: [ReplyBound]

    /// - Parameter bound: that of every reply; a stream cannot have more of them than bytes.
    init(_ bound: ReplyBound, count: Int) {
        bounds = Array(repeating: bound, count: count)
    }

    mutating func read(_ bytes: [UInt8]) {
        guard failure == nil else { return }
        do throws(CollectorFailure) {
            try receiver.take(bytes, count: bytes.count, bounds, into: &replies)
        } catch {
            failure = error.reason
        }
    }
}

/// What the parts of a poll that decode to samples make of a reply.
private func samples(of reply: RedisReply) -> [Samples] {
    var usage: [String: CommandStatistics.Usage] = [:]
    for entry in (try? LatencyHistograms.entries(reply)) ?? [] {
        usage[entry.command] = CommandStatistics.Usage(calls: Double(entry.calls), microseconds: 7)
    }
    let percentiles = try? CommandPercentiles(reply)
    for (command, _) in percentiles?.quantiles ?? [] {
        usage[command] = CommandStatistics.Usage(calls: 1, microseconds: 7)
    }
    return [
        try? LatencySpikes.decode(reply), try? ClusterInfo.decode(reply), (try? ConfigParameters(reply))?.samples,
        try? LatencyHistograms.decode(reply, usage: usage), percentiles?.samples(usage: usage),
    ].compactMap(\.self)
}

/// A server's own words in the log and on the health page are one short line.
private func checkMessage(_ message: String) {
    precondition(message.unicodeScalars.allSatisfy { $0.value >= 32 })
    precondition(message.unicodeScalars.count < 400)
}
