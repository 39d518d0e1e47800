// Any bytes as a body: read whole or in pieces, it ends at the same place and is of the same length.

@testable import Traffic

/// What became of a body.
private struct Reading: Equatable {
    var count: UInt64 = 0
    var end: Int?
    var isMalformed = false

    mutating func read(_ body: inout BodyReader, _ bytes: Span<UInt8>, from offset: Int) {
        guard end == nil, !isMalformed else { return }
        var place = 0
        switch body.take(bytes, &place) {
        case .goesOn: precondition(place == bytes.count)
        case .ended: end = offset + place
        case .malformed: isMalformed = true
        }
        count = body.count
    }
}

func fuzzHTTPBodies(_ input: inout FuzzInput) {
    let kind = input.byte()
    let length = UInt64(input.short() & 0x1FF) + 1
    let sizes = input.bytes(Int(input.byte()) % 5)
    let lost = Int(input.byte())
    let stream = input.rest()
    let first: BodyReader = kind & 1 == 0 ? BodyReader(count: length) : .chunked
    var (whole, pieces) = (Reading(), Reading())
    var body = first
    stream.inExactMemory { whole.read(&body, $0, from: 0) }
    var other = first
    var offset = 0
    stream.inPieces(sizes) {
        pieces.read(&other, $0, from: offset)
        offset += $0.count
    }
    precondition(whole == pieces)
    precondition(whole.count <= UInt64(stream.count))
    // Bytes that are passed over count like those that are read.
    let before = other.count
    if pieces.end == nil, !pieces.isMalformed, case .goesOn = other.skipLost(lost) {
        precondition(other.count == before + UInt64(lost))
    }
}
