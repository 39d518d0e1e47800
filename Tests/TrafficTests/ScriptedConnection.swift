// A client and a server on paper: what they say becomes packets with sequence numbers, acknowledgments and stamps.

import Metrics
import Testing

@testable import Traffic

/// One captured packet.
struct CapturedPacket {
    var frame: [UInt8]
    var originalLength: Int
    var stamp: UInt64
    /// Whether the server sent it.
    var isReply: Bool
}

/// A connection on paper. Each call adds a packet; time moves on only when told to.
struct ScriptedConnection {
    var clientPort: UInt16
    var time: UInt64
    var packets: [CapturedPacket] = []
    var clientSequence: UInt32
    var serverSequence: UInt32
    /// Bytes of each frame that the capture keeps.
    var snapLength = Int.max
    private let address: [UInt8]
    private let server: (address: [UInt8], port: UInt16)

    init(
        clientPort: UInt16 = 50_000, address: [UInt8] = [10, 0, 0, 1],
        server: (address: [UInt8], port: UInt16) = ([10, 0, 0, 2], 6379), clientSequence: UInt32 = 1_000,
        serverSequence: UInt32 = 5_000_000, time: UInt64 = 1_700_000_000_000_000_000
    ) {
        self.clientPort = clientPort
        self.address = address
        self.server = server
        self.clientSequence = clientSequence
        self.serverSequence = serverSequence
        self.time = time
    }

    static let syn: UInt8 = 0x02
    static let ack: UInt8 = 0x10
    static let push: UInt8 = 0x18
    static let fin: UInt8 = 0x11
    static let rst: UInt8 = 0x14

    /// The three packets that open a connection.
    mutating func open() {
        add(isReply: false, flags: Self.syn, [])
        clientSequence &+= 1
        add(isReply: true, flags: Self.syn | Self.ack, [])
        serverSequence &+= 1
        add(isReply: false, flags: Self.ack, [])
    }

    /// The client sends bytes, in one packet for each of the pieces.
    mutating func client(_ pieces: String...) {
        for piece in pieces { send(Array(piece.utf8), isReply: false) }
    }

    /// The server sends bytes, in one packet for each of the pieces.
    mutating func server(_ pieces: String...) {
        for piece in pieces { send(Array(piece.utf8), isReply: true) }
    }

    mutating func send(_ payload: [UInt8], isReply: Bool) {
        add(isReply: isReply, flags: Self.push, payload)
        if isReply {
            serverSequence &+= UInt32(truncatingIfNeeded: payload.count)
        } else {
            clientSequence &+= UInt32(truncatingIfNeeded: payload.count)
        }
    }

    /// Lets time pass, in microseconds.
    mutating func wait(_ microseconds: UInt64) {
        time += microseconds * 1000
    }

    /// The client asks, the server answers so many microseconds later.
    mutating func exchange(_ request: String, _ reply: String, after microseconds: UInt64 = 100) {
        client(request)
        wait(microseconds)
        server(reply)
        wait(10)
    }

    mutating func close() {
        add(isReply: false, flags: Self.fin, [])
        clientSequence &+= 1
        add(isReply: true, flags: Self.fin, [])
        serverSequence &+= 1
        add(isReply: false, flags: Self.ack, [])
    }

    mutating func add(isReply: Bool, flags: UInt8, _ payload: [UInt8]) {
        let segment = TCPSegment(
            sourcePort: isReply ? server.port : clientPort, destinationPort: isReply ? clientPort : server.port,
            sequence: isReply ? serverSequence : clientSequence,
            acknowledgment: isReply ? clientSequence : serverSequence, flags: flags, payload: payload)
        let server = server.address
        let packet = IPPacket.v4(
            segment, from: isReply ? server : address, to: isReply ? address : server,
            totalLength: payload.count > 65_000 ? 0 : nil)
        let frame = Frame.ethernet(packet)
        packets.append(
            CapturedPacket(
                frame: Array(frame.prefix(snapLength)), originalLength: frame.count, stamp: time, isReply: isReply))
    }
}

/// A RESP request.
func request(_ arguments: String...) -> String {
    "*\(arguments.count)\r\n" + arguments.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
}

/// A RESP bulk string.
func bulk(_ text: String) -> String {
    "$\(text.utf8.count)\r\n\(text)\r\n"
}

/// A RESP array or push of bulk strings, with an integer at the end if there is one.
func array(_ type: Character = "*", _ elements: String..., integer: Int? = nil) -> String {
    let count = elements.count + (integer == nil ? 0 : 1)
    return "\(type)\(count)\r\n" + elements.map(bulk).joined() + (integer.map { ":\($0)\r\n" } ?? "")
}

/// Feeds packets to an engine and answers questions about what it counted.
struct Bench: ~Copyable {
    var engine: TrafficEngine

    init(_ change: (inout TrafficSettings) -> Void = { _ in }) {
        var settings = TrafficSettings()
        change(&settings)
        engine = TrafficEngine(settings)
        _ = engine.addInterface("test0")
    }

    mutating func feed(_ packets: some Sequence<CapturedPacket>, interface: Int = 0) {
        for packet in packets {
            engine.process(
                packet.frame.span, originalLength: packet.originalLength, at: packet.stamp, link: .ethernet,
                interface: interface)
        }
        engine.finish()
    }

    mutating func feed(_ wire: ScriptedConnection) {
        feed(wire.packets)
    }

    var figures: Figures { Figures(engine.snapshot()) }
}

/// A snapshot's figures by name.
struct Figures {
    let snapshot: RedisSnapshot
    let samples: Samples

    /// - Parameter target: the number of the target.
    init(_ traffic: TrafficSnapshot, of target: Int = 0) {
        snapshot = traffic.redis[target]
        samples = traffic.samples(of: snapshot.target)
    }

    var paired: Int { Int(snapshot.pairedCommands) }

    /// Unmeasured commands by reason, without those that never happened.
    var unmeasured: [String: Int] {
        Self.nonzero(snapshot.unmeasuredCommands)
    }

    /// Resyncs by reason, without those that never happened.
    var resyncs: [String: Int] {
        Self.nonzero(snapshot.resyncs)
    }

    /// Ignored packets by reason, without those that never happened.
    var ignored: [String: Int] {
        numbers(WireFamilies.ignoredPackets).filter { $0.value > 0 }
    }

    private static func nonzero(_ counts: [(reason: String, count: UInt64)]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: counts.filter { $0.count > 0 }.map { ($0.reason, Int($0.count)) })
    }

    /// Measured commands by name.
    var commands: [String: Int] { counts(RedisTrafficFamilies.commandDuration) { $0[0] } }
    var blocking: [String: Int] { counts(RedisTrafficFamilies.blockingCommandDuration) { $0[0] } }
    var users: [String: Int] { counts(RedisTrafficFamilies.userCommandDuration) { $0[0] } }
    /// Measured commands by group, over all commands.
    var groups: [String: Int] { counts(RedisTrafficFamilies.keyCommandDuration) { $0[0] } }
    /// Measured commands by `group command`.
    var pairs: [String: Int] { counts(RedisTrafficFamilies.keyCommandDuration) { "\($0[0]) \($0[1])" } }
    /// Errors by `user WORD`.
    var errors: [String: Int] { numbers(RedisTrafficFamilies.userCommandErrors) }
    var hits: [String: Int] { numbers(RedisTrafficFamilies.keyHits) }
    var misses: [String: Int] { numbers(RedisTrafficFamilies.keyMisses) }

    /// Commands that ran within transactions, by `group command`.
    var queued: [String: Int] { numbers(RedisTrafficFamilies.keyQueuedCommands) }

    /// A family of numbers by its label values, joined with blanks.
    func numbers(_ descriptor: Descriptor) -> [String: Int] { samples.numbersByLabels(descriptor) }

    /// The sum of all latencies of a command, in microseconds.
    func microseconds(_ command: String) -> Double? {
        for sample in samples[RedisTrafficFamilies.commandDuration] where sample.labels[0] == command {
            if case .histogram(let value) = sample.value { return (value.sum * 1e6 * 1000).rounded() / 1000 }
        }
        return nil
    }

    private func counts(_ descriptor: Descriptor, _ key: ([String]) -> String) -> [String: Int] {
        var result: [String: Int] = [:]
        for sample in samples[descriptor] {
            guard case .histogram(let value) = sample.value else { continue }
            result[key(sample.labels), default: 0] += Int(value.count)
        }
        return result
    }

    /// Every family as text: what has to be equal when the traffic is the same.
    var page: String {
        String(decoding: Exposition([.init(samples)]).page(in: .text), as: UTF8.self)
    }

    /// Totals that have to agree whatever happened.
    var isBalanced: Bool {
        let keyed = snapshot.groupSummaries().reduce(0) { $0 + Int($1.latency.count) }
        let measured = commands.values.reduce(0, +)
        return paired == measured + blocking.values.reduce(0, +) + Int(snapshot.counts.queued)
            && measured == users.values.reduce(0, +) && keyed == groups.values.reduce(0, +) && keyed <= measured
    }
}

/// The figures of one connection, opened and filled by `body`.
func figures(_ body: (inout ScriptedConnection) -> Void) -> Figures {
    var wire = ScriptedConnection()
    wire.open()
    body(&wire)
    var bench = Bench()
    bench.feed(wire)
    let figures = bench.figures
    #expect(figures.isBalanced)
    return figures
}

extension RedisSnapshot {
    /// Commands seen, measured or not.
    var seenCommands: UInt64 { TrafficTotals(wire.counts).seen }
}
