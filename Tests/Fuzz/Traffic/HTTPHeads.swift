// Any bytes as the head of a request and of an answer: read whole or in pieces, it means the same, and nothing of an
// unfinished line is kept once it is over.

@testable import Traffic

/// What became of a request's head and of an answer's.
private struct Reading: Equatable {
    var end: Int?
    var isRefused = false
    var words: [String] = []
}

private struct Reader<Meaning: HeadMeaning> {
    var reading = Reading()
    private var head = HeadReader<Meaning>()
    private var offset = 0
    private let words: (Meaning) -> [String]

    init(_ words: @escaping (Meaning) -> [String]) {
        self.words = words
    }

    mutating func read(_ bytes: Span<UInt8>, _ books: inout HTTPBooks) {
        guard reading.end == nil, !reading.isRefused else { return }
        var place = 0
        switch head.take(bytes, &place, &books) {
        case .starved: precondition(place == bytes.count)
        case .complete:
            reading.end = offset + place
            reading.words = words(head.meaning)
        case .malformed, .oversized: reading.isRefused = true
        }
        offset += bytes.count
    }

    mutating func end(_ books: inout HTTPBooks) {
        _ = head.loseRest(&books)
        head.clear(&books)
    }
}

/// Reads the bytes as one kind of head, whole and in pieces.
private func compare<Meaning: HeadMeaning>(
    _ stream: [UInt8], _ sizes: [UInt8], _ books: inout HTTPBooks, _ words: @escaping (Meaning) -> [String]
) {
    var (whole, pieces) = (Reader(words), Reader(words))
    stream.inExactMemory { whole.read($0, &books) }
    stream.inPieces(sizes) { pieces.read($0, &books) }
    precondition(whole.reading == pieces.reading)
    whole.end(&books)
    pieces.end(&books)
    precondition(books.lineRoom == TrafficLimits().unfinishedInAll)
}

func fuzzHTTPHeads(_ input: inout FuzzInput) {
    let sizes = input.bytes(Int(input.byte()) % 5)
    let stream = input.rest()
    var settings = HTTPTrafficSettings()
    (settings.maxPaths, settings.maxHistograms) = (8, 4)
    settings.keyFields = ["authorization", "x-api-key", "key"]
    var books = HTTPBooks(settings, ports: [80], seed: 1)
    books.learn([TrafficAPIKey(name: "listed", sha256: SHA256(Array("token".utf8)))])
    compare(stream, sizes, &books) { (head: RequestHead) in
        [
            head.method.label, "\(head.path)", "\(head.length.framing)", "\(head.key.number)",
            head.trace.isKnown ? head.trace.text : "",
        ]
    }
    compare(stream, sizes, &books) { (head: AnswerHead) in
        ["\(head.status)", "\(head.length.framing)", "\(head.kind)", "\(head.upgrade)"]
    }
}
