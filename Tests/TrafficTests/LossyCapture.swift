// What a capture makes of traffic: packets that it drops one by one or in bursts, repeats, swaps, cuts, or comes too
// late for.

import TestKit

@testable import Traffic

/// The faults of a capture. Probabilities are per packet.
struct CaptureFaults: Sendable, CustomStringConvertible {
    var loss = 0.0
    /// How many packets are lost in a row, on average.
    var burst = 1.0
    var duplicates = 0.0
    var reordering = 0.0
    /// The part of the traffic that passed before the capture began.
    var lateBy = 0.0
    /// Bytes of payload that are kept of a packet.
    var requestCut = Int.max
    var replyCut = Int.max

    var cuts: Bool { requestCut < .max || replyCut < .max }

    var description: String {
        var parts: [String] = []
        if loss > 0 { parts.append("\(loss * 100) % lost" + (burst > 1 ? " in bursts of \(burst)" : "")) }
        if duplicates > 0 { parts.append("\(duplicates * 100) % repeated") }
        if reordering > 0 { parts.append("\(reordering * 100) % swapped") }
        if lateBy > 0 { parts.append("joined late") }
        if requestCut < .max { parts.append("requests cut at \(requestCut)") }
        if replyCut < .max { parts.append("replies cut at \(replyCut)") }
        return parts.isEmpty ? "whole" : parts.joined(separator: ", ")
    }
}

/// Traffic as it was captured.
struct LossyCapture {
    private(set) var packets: [CapturedPacket] = []
    /// Pairs of which the command was captured whole and the beginning of its reply too.
    private(set) var visiblePairs = 0

    private static let headers = 14 + 20 + 20

    init(_ traffic: SimulatedTraffic, _ faults: CaptureFaults, seed: UInt64) {
        var dice = Dice(seed: seed &+ 1_000)
        var kept: [SimulatedPacket] = []
        var isInBurst = false
        let late = Int(Double(traffic.packets.count) * faults.lateBy)
        for packet in traffic.packets.dropFirst(late) {
            // A burst goes on with such a probability, and one begins so often that the loss is as asked for.
            let goesOn = 1 - 1 / faults.burst
            let begins = faults.loss / (1 - faults.loss) * (1 - goesOn)
            isInBurst = Double.random(in: 0..<1, using: &dice) < (isInBurst ? goesOn : begins)
            if isInBurst { continue }
            kept.append(packet)
            if Double.random(in: 0..<1, using: &dice) < faults.duplicates { kept.append(packet) }
        }
        for index in kept.indices.dropFirst() where Double.random(in: 0..<1, using: &dice) < faults.reordering {
            if kept[index].isReply == kept[index - 1].isReply { kept.swapAt(index, index - 1) }
        }
        packets = kept.map { packet in
            var frame = traffic.frame(of: packet)
            let cut = packet.isReply ? faults.replyCut : faults.requestCut
            if cut < .max { frame.frame = Array(frame.frame.prefix(Self.headers + cut)) }
            return frame
        }
        let requests = Self.seen(false, kept, faults.requestCut, of: traffic.client.count)
        let replies = Self.seen(true, kept, faults.replyCut, of: traffic.server.count)
        // Where the end of a packet is cut off, a command that ends with it is known by its beginning.
        let needed = faults.requestCut < .max ? 30 : Int.max
        visiblePairs = traffic.commands.count { command in
            let begin = command.end - command.request.count
            return requests[begin..<min(command.end, begin + min(needed, command.request.count))].allSatisfy { $0 }
                && replies[command.replyBegin..<command.replyBegin + 4].allSatisfy { $0 }
        }
    }

    /// Which bytes of one end were captured.
    private static func seen(_ isReply: Bool, _ packets: [SimulatedPacket], _ cut: Int, of count: Int) -> [Bool] {
        var seen = [Bool](repeating: false, count: count)
        for packet in packets where packet.isReply == isReply {
            for place in packet.payload.prefix(cut) { seen[place] = true }
        }
        return seen
    }
}

extension SimulatedTraffic {
    /// A packet as a capture without faults has it.
    func frame(of packet: SimulatedPacket) -> CapturedPacket {
        let (clientStart, serverStart) = (UInt32.max - 20_000, UInt32(77))
        let offset = UInt32(packet.isSYN ? 0 : packet.payload.lowerBound + 1)
        let own = (packet.isReply ? serverStart : clientStart) &+ offset
        let other = (packet.isReply ? clientStart : serverStart) &+ UInt32(packet.received + 1)
        let isFirst = packet.isSYN && !packet.isReply
        let segment = TCPSegment(
            sourcePort: packet.isReply ? 6379 : 50_000, destinationPort: packet.isReply ? 50_000 : 6379, sequence: own,
            acknowledgment: isFirst ? 0 : other, flags: packet.isSYN ? (isFirst ? 0x02 : 0x12) : 0x18,
            payload: Array((packet.isReply ? server : client)[packet.payload]))
        let ends: [[UInt8]] = [[10, 0, 0, 1], [10, 0, 0, 2]]
        let bytes = Frame.ethernet(
            IPPacket.v4(segment, from: ends[packet.isReply ? 1 : 0], to: ends[packet.isReply ? 0 : 1]))
        return CapturedPacket(
            frame: bytes, originalLength: bytes.count, stamp: packet.time, isReply: packet.isReply)
    }
}
