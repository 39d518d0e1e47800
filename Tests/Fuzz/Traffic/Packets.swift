// Any bytes as a frame on any link: refused, or a segment that lies within the frame.

@testable import Traffic

func fuzzPackets(_ input: inout FuzzInput) {
    let links = LinkType.allCases
    let link = links[Int(input.byte()) % links.count]
    let cutOff = Int(input.short())
    input.rest().inExactMemory { frame in
        guard let packet = try? Packet(frame, originalLength: frame.count + cutOff, link: link) else { return }
        let segment = packet.segment
        precondition(segment.payload.lowerBound >= 0 && segment.payload.upperBound <= frame.count)
        precondition(segment.missing >= 0 && segment.length >= segment.payload.count)
    }
}
