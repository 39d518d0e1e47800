// The same traffic in other packets.

import TestKit

@testable import Traffic

enum Recut {
    private static let headers = 14 + 20 + 20

    /// Cuts every payload into pieces of at most so many bytes, each with its packet's stamp.
    static func cut(_ packets: [CapturedPacket], into size: Int) -> [CapturedPacket] {
        packets.flatMap { packet -> [CapturedPacket] in
            var rest = packet.frame.dropFirst(headers)
            guard rest.count > size else { return [packet] }
            var pieces: [CapturedPacket] = []
            while !rest.isEmpty {
                let payload = rest.prefix(size)
                let offset = UInt32(payload.startIndex - headers)
                pieces.append(packet.with(Array(payload), after: offset))
                rest = rest.dropFirst(size)
            }
            return pieces
        }
    }

    /// Cuts every payload in two at a place, where it is that long.
    static func cut(_ packets: [CapturedPacket], at place: Int) -> [CapturedPacket] {
        packets.flatMap { packet -> [CapturedPacket] in
            let payload = Array(packet.frame.dropFirst(headers))
            guard place > 0, place < payload.count else { return [packet] }
            return [
                packet.with(Array(payload[..<place]), after: 0),
                packet.with(Array(payload[place...]), after: UInt32(place)),
            ]
        }
    }

    /// Joins packets of one side that follow each other with the same stamp.
    static func join(_ packets: [CapturedPacket]) -> [CapturedPacket] {
        var result: [CapturedPacket] = []
        for packet in packets {
            if let last = result.last, last.isReply == packet.isReply, last.stamp == packet.stamp,
                last.frame.count > headers, packet.frame.count > headers
            {
                let payload = last.frame.dropFirst(headers) + packet.frame.dropFirst(headers)
                result[result.count - 1] = last.with(Array(payload), after: 0)
            } else {
                result.append(packet)
            }
        }
        return result
    }

    /// Swaps and repeats packets of one side that follow each other, and adds overlaps, by chance.
    static func shuffle(_ packets: [CapturedPacket], _ random: inout some RandomNumberGenerator) -> [CapturedPacket] {
        var result: [CapturedPacket] = []
        var run: [CapturedPacket] = []
        func flush(_ random: inout some RandomNumberGenerator) {
            var shuffled = run.shuffled(using: &random)
            if let one = shuffled.randomElement(using: &random) { shuffled.append(one) }
            result += shuffled
            run = []
        }
        for packet in packets {
            let isData = packet.frame.count > headers
            if let last = run.last, last.isReply != packet.isReply || !isData || run.count == 8 { flush(&random) }
            if isData { run.append(packet) } else { result.append(packet) }
        }
        flush(&random)
        return result
    }
}

extension CapturedPacket {
    /// The same packet with another payload, which starts so many bytes later.
    func with(_ payload: [UInt8], after offset: UInt32) -> CapturedPacket {
        var copy = self
        var header = Array(frame.prefix(54))
        let sequence = header[38..<42].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        header.replaceSubrange(38..<42, with: bytes(sequence &+ offset))
        header.replaceSubrange(16..<18, with: bytes(UInt16(40 + payload.count)))
        copy.frame = header + payload
        copy.originalLength = copy.frame.count
        return copy
    }
}
