// A protocol that understands nothing: it writes down what TCP gives it. What a flow does is seen in the transcript.

import Metrics

@testable import Traffic

/// The books of a protocol without meaning.
struct TranscriptBooks: ~Copyable, WireProtocol {
    /// Whether a connection was seen from its start.
    struct Connection: Sendable {
        var isWhole = false
    }

    struct Snapshot: ProtocolSnapshot {
        let wire: WireSnapshot
        func addFamilies(to samples: inout Samples) {}
    }

    static var kind: WireProtocolKind { .redis }
    static var unmeasuredReasons: [UnmeasuredReason] { [] }
    static var resyncReasons: [ResyncReason] { [] }

    var wire = WireCounts()
    /// Bytes as `C abc` and `S xyz`, losses as `C lost 4`, endings by their names; `middle` where the start is missing.
    private(set) var lines: [String] = []
    /// When each of the lines was captured, in nanoseconds after the start; 0 where none is known.
    private(set) var stamps: [UInt64] = []

    static func begin(on port: UInt16) -> Connection { Connection() }

    static func opened(_ connection: inout Connection) {
        connection.isWhole = true
    }

    private mutating func write(_ line: String, at stamp: UInt64 = 0) {
        lines.append(line)
        stamps.append(stamp)
    }

    mutating func receive(
        _ bytes: Span<UInt8>, _ arrival: Arrival, _ connection: inout Connection, _ budget: inout Budget
    ) {
        if !connection.isWhole { write("middle") }
        connection.isWhole = true
        let text = String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
        write("\(arrival.side == .client ? "C" : "S") \(text)", at: arrival.stamp)
        budget.inFlight += 1
    }

    mutating func lost(
        _ count: Int, _ loss: Loss, _ arrival: Arrival, _ connection: inout Connection, _ budget: inout Budget
    ) {
        write("\(arrival.side == .client ? "C" : "S") \(loss == .gap ? "lost" : "cut") \(count)")
    }

    mutating func ended(_ ending: Ending, _ connection: inout Connection, _ budget: inout Budget) {
        write("\(ending)")
    }

    func snapshot(target: String?) -> Snapshot { Snapshot(wire: wireSnapshot(target: target)) }
}

/// A lane of that protocol, and what lanes share.
struct TCPBench: ~Copyable {
    var lane: Lane<TranscriptBooks>
    var budget: Budget
    private var own = OwnConnections()
    private let hasher = Hasher64(seed: 1)

    init(targets: [TrafficTarget] = [], _ change: (inout TrafficLimits) -> Void = { _ in }) {
        var limits = TrafficLimits()
        change(&limits)
        lane = Lane(targets, limits) { TranscriptBooks() }
        budget = Budget(limits)
    }

    mutating func feed(_ packets: some Sequence<CapturedPacket>) {
        Self.feed(packets, &lane, hasher, &own, &budget)
    }

    mutating func leaveOut(_ client: Endpoint) {
        own.open(client)
    }

    /// Feeds a lane that is one of several.
    static func feed(
        _ packets: some Sequence<CapturedPacket>, _ lane: inout Lane<TranscriptBooks>, _ hasher: Hasher64,
        _ own: inout OwnConnections, _ budget: inout Budget
    ) {
        for captured in packets {
            let frame = captured.frame.span
            guard let packet = try? Packet(frame, originalLength: captured.originalLength, link: .ethernet) else {
                continue
            }
            let segment = CapturedSegment(
                packet, from: captured.isReply ? .server : .client, at: captured.stamp, by: 0, hasher)
            lane.take(segment, in: frame, &own, &budget)
        }
    }

    var lines: [String] { lane.books.lines }
}
