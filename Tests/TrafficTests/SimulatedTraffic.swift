// A connection as it passes a network: a client that waits for its replies or does not, a server that answers in order,
// and packets with the sequence numbers, acknowledgments and times that follow from both. Every reply says whose it is.

import TestKit

@testable import Traffic

/// How a client sends.
enum Sending: Sendable {
    /// So many commands at once, the next ones when all are answered.
    case rounds(ClosedRange<Int>)
    /// The same, and what does not fit into a packet is written while replies come in already.
    case longRounds(ClosedRange<Int>)
    /// Commands at random moments, whatever is in flight; with the mean time between them in nanoseconds.
    case anytime(mean: UInt64)
    /// A new command for every reply, so that always as many are in flight.
    case window(Int)
}

/// One command and its place in what the client sends.
struct SimulatedCommand {
    let request: [UInt8]
    let reply: [UInt8]
    /// When its last byte passes.
    var arrival: UInt64 = 0
    /// Where it ends in the client's bytes, and where its reply begins in the server's.
    var end = 0
    var replyBegin = 0
}

/// A packet before it becomes a frame.
struct SimulatedPacket {
    let time: UInt64
    let isReply: Bool
    /// Where its payload stands in its sender's bytes.
    let payload: Range<Int>
    /// How many bytes of the other end its sender has received.
    var received: Int
    var isSYN = false
}

struct SimulatedTraffic {
    /// Commands are of so many kinds. The replies to even ones are nulls, those to odd ones about as long as the
    /// request, exactly so where they are lines.
    static let kinds = 8
    private static let delay: UInt64 = 5_000

    private(set) var commands: [SimulatedCommand] = []
    private(set) var packets: [SimulatedPacket] = []
    private(set) var client: [UInt8] = []
    private(set) var server: [UInt8] = []
    private let segment: Int
    /// Whether the server sends each reply when it is made, or those to all that it has received together.
    private let answersAtOnce: Bool
    /// Whether replies are lines rather than bulk strings. One that is cut is not measured then, so sizes are exact.
    private let repliesAreLines: Bool
    private var dice: Dice

    /// Has so many commands sent and answered, or a few more.
    init(
        _ sending: Sending, commands count: Int, segment: Int, answersAtOnce: Bool, repliesAreLines: Bool, seed: UInt64
    ) {
        self.segment = segment
        self.answersAtOnce = answersAtOnce
        self.repliesAreLines = repliesAreLines
        dice = Dice(seed: seed)
        var now: UInt64 = 1_700_000_000_000_000_000
        open(at: now)
        now += 1_000_000
        switch sending {
        case .rounds(let depths):
            while commands.count < count { now = round(Int.random(in: depths, using: &dice), at: now, gap: 0) }
        case .longRounds(let depths):
            while commands.count < count { now = round(Int.random(in: depths, using: &dice), at: now, gap: 300_000) }
        case .anytime(let mean):
            for _ in 0..<count {
                now += exponential(mean)
                write([makeCommand()], at: now, step: 0)
            }
            _ = answer(from: 0)
        case .window(let size): window(size, count, at: now)
        }
        packets.sort { $0.time < $1.time }
        acknowledge()
    }
}

// What is sent, and when it is answered.
extension SimulatedTraffic {
    private mutating func open(at time: UInt64) {
        for (index, isReply) in [false, true].enumerated() {
            packets.append(
                SimulatedPacket(
                    time: time + UInt64(index), isReply: isReply, payload: 0..<0, received: 0, isSYN: true))
        }
    }

    /// - Returns: when the client goes on.
    private mutating func round(_ depth: Int, at time: UInt64, gap: UInt64) -> UInt64 {
        let begin = commands.count
        write((0..<depth).map { _ in makeCommand() }, at: time, step: gap + 1_000)
        return answer(from: begin) + think()
    }

    /// The client writes commands, in packets that are so many nanoseconds apart. A command passes with its last byte.
    private mutating func write(_ written: [SimulatedCommand], at time: UInt64, step: UInt64) {
        let begin = client.count
        for var command in written {
            client += command.request
            command.end = client.count
            command.arrival = time + UInt64((client.count - begin - 1) / segment) * step
            commands.append(command)
        }
        for (index, place) in stride(from: begin, to: client.count, by: segment).enumerated() {
            let payload = place..<min(place + segment, client.count)
            packets.append(
                SimulatedPacket(time: time + UInt64(index) * step, isReply: false, payload: payload, received: 0))
        }
    }

    /// The server answers what it has, and sends the replies when it has none left.
    ///
    /// - Returns: when the last reply has passed.
    private mutating func answer(from first: Int) -> UInt64 {
        var (index, now) = (first, UInt64(0))
        while index < commands.count {
            now = max(now, commands[index].arrival + Self.delay)
            let begin = server.count
            repeat {
                now += serviceTime()
                commands[index].replyBegin = server.count
                server += commands[index].reply
                index += 1
            } while !answersAtOnce && index < commands.count && commands[index].arrival + Self.delay <= now
            sendReplies(from: begin, at: now)
        }
        return now
    }

    private mutating func window(_ size: Int, _ count: Int, at time: UInt64) {
        var (arrivals, last) = ([UInt64](repeating: time, count: size), time)
        for index in 0..<count {
            write([makeCommand()], at: arrivals[index], step: 0)
            last = max(last, arrivals[index] + Self.delay) + serviceTime()
            commands[index].replyBegin = server.count
            server += commands[index].reply
            sendReplies(from: commands[index].replyBegin, at: last)
            arrivals.append(max(last + think(), arrivals[arrivals.count - 1] + 1))
        }
    }

    private mutating func sendReplies(from begin: Int, at time: UInt64) {
        for (index, place) in stride(from: begin, to: server.count, by: segment).enumerated() {
            let end = min(place + segment, server.count)
            packets.append(
                SimulatedPacket(time: time + UInt64(index), isReply: true, payload: place..<end, received: 0))
        }
    }

    /// Tells each packet what its sender had received, and lets the client acknowledge each packet of the server.
    private mutating func acknowledge() {
        let sent = packets
        packets = []
        var (clientAt, received, underway) = (0, (client: 0, server: 0), sent[...])
        for packet in sent {
            while let first = underway.first, first.time + Self.delay <= packet.time {
                underway.removeFirst()
                guard first.isReply else {
                    received.server = first.payload.upperBound
                    continue
                }
                received.client = first.payload.upperBound
                packets.append(
                    SimulatedPacket(
                        time: first.time + Self.delay, isReply: false, payload: clientAt..<clientAt,
                        received: received.client))
            }
            var packet = packet
            packet.received = packet.isReply ? received.server : received.client
            if !packet.isReply { clientAt = packet.payload.upperBound }
            packets.append(packet)
        }
    }

    private mutating func makeCommand() -> SimulatedCommand {
        let kind = Int.random(in: 0..<Self.kinds, using: &dice)
        let filler = String(repeating: "k", count: Int.random(in: 3...400, using: &dice))
        let sent = request("GET", "c\(kind):\(filler)")
        let size = sent.utf8.count
        let value = String(repeating: "v", count: size - (repliesAreLines ? 3 : size < 105 ? 7 : 8))
        let reply = kind % 2 == 0 ? "$-1\r\n" : repliesAreLines ? "+\(value)\r\n" : bulk(value)
        return SimulatedCommand(request: Array(sent.utf8), reply: Array(reply.utf8))
    }

    /// Most commands take some microseconds, some of them tens of milliseconds.
    private mutating func serviceTime() -> UInt64 {
        Int.random(in: 0..<300, using: &dice) == 0
            ? UInt64.random(in: 1_000_000...40_000_000, using: &dice) : 2_000 + exponential(15_000)
    }

    private mutating func think() -> UInt64 { 20_000 + exponential(50_000) }

    private mutating func exponential(_ mean: UInt64) -> UInt64 {
        // The sum of four uniform ones is close enough, and needs no logarithm.
        let sum = (0..<4).reduce(UInt64(0)) { sum, _ in sum + UInt64.random(in: 0...mean, using: &dice) }
        return sum / 2
    }
}
