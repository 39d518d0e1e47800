// libFuzzer target: any bytes as requests and as replies, once in one piece and once cut. Both readings have to agree.

/// Reads the bytes after the first one, which says how long the pieces are.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 else { return 0 }
    let input = unsafe Span(_unsafeStart: start, count: count)
    let bytes = input.extracting(1..<count)
    let size = Int(input[0] % 32) + 1
    precondition(requests(bytes, pieces: count) == requests(bytes, pieces: size), "requests read alike however cut")
    precondition(replies(bytes, pieces: count) == replies(bytes, pieces: size), "replies read alike however cut")
    return 0
}

/// Sizes and numbers of arguments of all requests; -1 for the impossible.
private func requests(_ bytes: Span<UInt8>, pieces size: Int) -> [Int] {
    var parser = RequestParser()
    var result: [Int] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
        let piece = bytes.extracting(start..<min(bytes.count, start + size))
        var position = 0
        reading: while true {
            switch parser.next(piece, &position) {
            case .starved: break reading
            case .argument(let range):
                precondition(range.upperBound <= piece.count && range.count == parser.length, "the argument is there")
                parser.wanted = parser.index + 2
            case .keptArgument:
                precondition(parser.kept.count <= RESPLimits.keptArgument, "no more is kept than allowed")
                parser.wanted = parser.index + 2
            case .command: result += [parser.size, parser.argumentCount]
            case .impossible: return result + [-1]
            }
        }
    }
    return result
}

/// Sizes, types and numbers of all replies; -1 for the impossible.
private func replies(_ bytes: Span<UInt8>, pieces size: Int) -> [Int] {
    var parser = ReplyParser()
    var result: [Int] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
        let piece = bytes.extracting(start..<min(bytes.count, start + size))
        var position = 0
        reading: while true {
            switch parser.next(piece, &position) {
            case .starved: break reading
            case .nestedError: result.append(-2)
            case .reply:
                let reply = parser.reply
                result += [reply.size, Int(reply.type), Int(reply.length), Int(truncatingIfNeeded: reply.integer)]
                result.append(Int(truncatingIfNeeded: reply.word.spread))
            case .impossible: return result + [-1]
            }
        }
    }
    return result
}
