// Any bytes as the stream of a server that is polled: read whole or in pieces, they are the same replies; each reply
// that a part of the poll understands makes a page that can be read.

import Metrics

@testable import Redis

func fuzzAnswers(_ input: inout FuzzInput) {
    let sizes = input.bytes(Int(input.byte()) % 5)
    let stream = input.rest()
    var whole = Reader()
    var pieces = Reader()
    whole.read(stream)
    stream.inPieces(sizes) { pieces.read($0.copy) }
    precondition(whole.replies == pieces.replies && whole.failure == pieces.failure)

    var slowlog = Slowlog { $0.last.map { String(decoding: $0, as: UTF8.self) } }
    for reply in whole.replies {
        for samples in samples(of: reply) { PageCheck.check(samples, madeFrom: stream.count) }
        if case .error(let text) = reply { checkMessage(CollectorFailure(serverError: text, to: "CONFIG GET").message) }
        _ = try? CommandCatalogue.decode(reply)
        _ = try? ClientList.decode(reply)
        if let entries = try? Slowlog.decode(reply) {
            if let missing = slowlog.missing(after: entries, runID: "run") {
                precondition(1...Slowlog.largestCount ~= missing)
            }
            let length = Int64(entries.count)
            precondition(slowlog.take(entries, length: length, capacity: 128, runID: "run").count <= entries.count)
            let samples = slowlog.samples(length: length, entries: entries)
            precondition(samples[Slowlog.commands].count <= Slowlog.mostKinds + 1)
            PageCheck.check(samples, madeFrom: stream.count)
        }
    }
}

private struct Reader: ~Copyable {
    var replies: [Reply] = []
    var failure: CollectorFailure.Reason?
    private var reader = RESPReader()

    mutating func read(_ bytes: [UInt8]) {
        guard failure == nil else { return }
        do throws(CollectorFailure) {
            try reader.feed(bytes, count: bytes.count)
            while let reply = try reader.next() { replies.append(reply) }
        } catch {
            failure = error.reason
        }
    }
}

/// What the parts of a poll that decode to samples make of a reply.
private func samples(of reply: Reply) -> [Samples] {
    var usage: [String: CommandStatistics.Usage] = [:]
    for entry in (try? LatencyHistograms.entries(reply)) ?? [] {
        usage[entry.command] = CommandStatistics.Usage(calls: Double(entry.calls), microseconds: 7)
    }
    let percentiles = try? LatencyPercentiles(reply)
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
