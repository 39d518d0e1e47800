// Any bytes as a server's stream: read whole or in pieces, they are the same replies.

@testable import Traffic

/// A reply, or why there is none.
private enum Item: Equatable {
    case reply(type: UInt8, isNull: Bool, length: Int64, integer: Int64, size: Int, word: ShortWord)
    case nestedError(ShortWord)
    case impossible(ResyncReason)
}

private struct Reader {
    var items: [Item] = []
    private var parser = ReplyParser()
    private var isOver = false

    mutating func read(_ bytes: Span<UInt8>) {
        var place = 0
        while !isOver {
            switch parser.next(bytes, &place) {
            case .starved:
                precondition(place == bytes.count)
                return
            case .nestedError: items.append(.nestedError(parser.nestedWord))
            case .reply:
                let reply = parser.reply
                items.append(
                    .reply(
                        type: reply.type, isNull: reply.isNull, length: reply.length, integer: reply.integer,
                        size: reply.size, word: reply.word))
            case .impossible(let reason):
                items.append(.impossible(reason))
                isOver = true
            }
        }
    }
}

func fuzzReplies(_ input: inout FuzzInput) {
    let sizes = input.bytes(Int(input.byte()) % 5)
    let stream = input.rest()
    var (whole, pieces) = (Reader(), Reader())
    stream.inExactMemory { whole.read($0) }
    stream.inPieces(sizes) { pieces.read($0) }
    precondition(whole.items == pieces.items)
}
