// Any bytes as a server's stream: read whole or in pieces, they are the same replies.

@testable import Traffic

/// A reply, or why there is none.
private enum Item: Equatable {
    case reply(type: UInt8, isNull: Bool, length: Int64, integer: Int64, size: Int, word: ShortWord, empties: UInt32)
    case opened(Int64)
    case nestedError(ShortWord)
    case impossible(ResyncReason)
}

private struct Reader {
    var items: [Item] = []
    private var parser = ReplyParser()
    private var isOver = false
    private let opens: Bool

    /// - Parameter opens: whether the elements of arrays are read one by one.
    init(opens: Bool) {
        self.opens = opens
    }

    mutating func read(_ bytes: Span<UInt8>) {
        var place = 0
        while !isOver {
            if parser.isAtStart { parser.opensArray = opens }
            switch parser.next(bytes, &place) {
            case .starved:
                precondition(place == bytes.count)
                return
            case .nestedError: items.append(.nestedError(parser.nestedWord))
            case .opened: items.append(.opened(parser.elementsToCome))
            case .reply, .element:
                let reply = parser.reply
                items.append(
                    .reply(
                        type: reply.type, isNull: reply.isNull, length: reply.length, integer: reply.integer,
                        size: reply.size, word: reply.word, empties: reply.empties))
            case .impossible(let reason):
                items.append(.impossible(reason))
                isOver = true
            }
        }
    }
}

func fuzzReplies(_ input: inout FuzzInput) {
    let first = input.byte()
    let sizes = input.bytes(Int(first) % 5)
    let stream = input.rest()
    let opens = first > 127
    var (whole, pieces) = (Reader(opens: opens), Reader(opens: opens))
    stream.inExactMemory { whole.read($0) }
    stream.inPieces(sizes) { pieces.read($0) }
    precondition(whole.items == pieces.items)
}
