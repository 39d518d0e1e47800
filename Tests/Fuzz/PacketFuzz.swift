// libFuzzer target: any bytes as a captured frame, on any link. The first byte chooses the link and how much is cut off.

/// Decodes one frame.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let input = unsafe Span(_unsafeStart: start, count: count)
    let link = LinkType.allCases[Int(input[0] & 7) % LinkType.allCases.count]
    let frame = input.extracting(1..<count)
    let originalLength = frame.count + Int(input[0] >> 3) * 64
    guard let packet = try? Packet(frame, originalLength: originalLength, link: link) else { return 0 }
    let segment = packet.segment
    precondition(segment.payload.upperBound <= frame.count, "the payload lies within the frame")
    precondition(segment.missing >= 0 && segment.length <= originalLength, "no more is missing than was cut off")
    return 0
}
