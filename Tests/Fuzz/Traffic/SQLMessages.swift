// Any bytes as one direction of a session: read whole or in pieces, they are the same messages with the same
// beginnings.

@testable import Traffic

/// What became of a stream.
private struct Reading: Equatable {
    struct Message: Equatable {
        let type: UInt8
        let length: Int
        let begin: [UInt8]
    }

    var messages: [Message] = []
    var isImpossible = false
}

/// Reads messages, and keeps as much of each as its letter says.
private struct Reader {
    var reading = Reading()
    private var reader = MessageReader()
    private(set) var keptBytes = 0

    private static func limit(_ type: UInt8) -> Int { type < 0x20 ? -1 : Int(type) - 0x20 }

    mutating func read(_ bytes: Span<UInt8>) {
        var place = 0
        while !reading.isImpossible {
            switch reader.next(bytes, &place, limit: Self.limit) {
            case .starved:
                precondition(place == bytes.count)
                return reader.settle(&keptBytes)
            case .impossible: reading.isImpossible = true
            case .message(let message):
                let shown = message.body.map { bytes.extracting($0).copy } ?? reader.takeKept()
                let begin = Array(shown.prefix(Self.limit(message.type)))
                reading.messages.append(.init(type: message.type, length: message.length, begin: begin))
            }
        }
    }

    mutating func end() {
        reader.reset(&keptBytes)
        precondition(keptBytes == 0)
    }
}

func fuzzSQLMessages(_ input: inout FuzzInput) {
    let sizes = input.bytes(Int(input.byte()) % 5)
    let stream = input.rest()
    var whole = Reader()
    var pieces = Reader()
    stream.inExactMemory { whole.read($0) }
    stream.inPieces(sizes) { pieces.read($0) }
    precondition(whole.reading == pieces.reading)
    whole.end()
    pieces.end()
}
