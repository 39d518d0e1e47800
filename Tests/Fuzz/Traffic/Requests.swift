// Any bytes as a client's stream: read whole or in pieces, they are the same commands with the same keys.

@testable import Traffic

/// What became of a stream.
private struct Reading: Equatable {
    struct Command: Equatable {
        let id: CommandID
        let group: GroupHandle
        let arguments: Int
        let size: Int
        let isBlocking: Bool
        let user: [UInt8]?
    }

    var commands: [Command] = []
    var fault: ResyncReason?
}

/// Reads requests as a conversation does, the short way for plain ones included where that is wanted.
private struct Reader: ~Copyable {
    var reading = Reading()
    let usesShortWay: Bool
    private var parser = RequestParser()
    private var reader = CommandReader()
    private var books: RedisBooks

    init(_ settings: TrafficSettings, usesShortWay: Bool) {
        books = RedisBooks(settings)
        self.usesShortWay = usesShortWay
    }

    mutating func read(_ bytes: Span<UInt8>) {
        var place = 0
        while reading.fault == nil {
            if usesShortWay && parser.isAtStart, let plain = PlainCommand(bytes, at: place, books.commands) {
                let group = plain.key.map { books.group(of: bytes.extracting($0), length: $0.count) }
                reading.commands.append(
                    .init(
                        id: plain.command, group: group ?? .none, arguments: plain.argumentCount,
                        size: plain.end - place,
                        isBlocking: false, user: nil))
                place = plain.end
                continue
            }
            switch parser.next(bytes, &place) {
            case .starved:
                precondition(place == bytes.count)
                return
            case .argument(let range): take(bytes.extracting(range))
            case .keptArgument:
                let kept = parser.kept
                precondition(kept.count <= RESPLimits.keptArgument)
                take(kept.span)
            case .command:
                reading.commands.append(
                    .init(
                        id: reader.command, group: reader.group, arguments: parser.argumentCount, size: parser.size,
                        isBlocking: reader.isBlocking, user: reader.user))
                reader.begin()
            case .impossible(let reason): reading.fault = reason
            }
        }
    }

    private mutating func take(_ argument: Span<UInt8>) {
        parser.wanted = reader.take(
            argument, length: parser.length, index: parser.index, count: parser.argumentCount, &books)
    }
}

func fuzzRequests(_ input: inout FuzzInput) {
    let sizes = input.bytes(Int(input.byte()) % 5)
    let stream = input.rest()
    var settings = TrafficSettings()
    settings.seed = 1
    (settings.redis.maxGroups, settings.redis.maxHistograms) = (8, 1)
    var whole = Reader(settings, usesShortWay: false)
    var quick = Reader(settings, usesShortWay: true)
    var pieces = Reader(settings, usesShortWay: true)
    stream.inExactMemory { whole.read($0) }
    stream.inExactMemory { quick.read($0) }
    stream.inPieces(sizes) { pieces.read($0) }
    precondition(whole.reading == quick.reading)
    precondition(whole.reading == pieces.reading)
}
