import Metrics
import System
import Testing

@testable import Redis

/// How a stream becomes replies when one of them is too long.
struct ReplyReceiverTests {
    private static let small = ReplyBound(bytes: 64, isOptional: true)

    private static let stream =
        "+OK\r\n$3\r\nabc\r\n*2\r\n:1\r\n*2\r\n$-1\r\n$2\r\nx\r\r\n-ERR a\nb\r\n*0\r\n*-1\r\n$0\r\n\r\n"
    private static let replies: [RedisReply] = [
        .status("OK"), .bulk(Array("abc".utf8)), .array([.integer(1), .array([.null, .bulk(Array("x\r".utf8))])]),
        .error("ERR a\nb"), .array([]), .null, .bulk([]),
    ]

    private static func replies(
        _ text: String, _ bounds: [ReplyBound], inPiecesOf size: Int = .max
    ) throws(CollectorFailure) -> [RedisReply] {
        var receiver = ReplyReceiver(MemoryBudget())
        var replies: [RedisReply] = []
        receiver.begin()
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(size))
            rest = rest.dropFirst(piece.count)
            try receiver.take(piece, count: piece.count, bounds, into: &replies)
        }
        return replies
    }

    @Test(arguments: [1, 2, 3, 5, 7, 1000])
    func readsEveryKindOfReply(size: Int) throws {
        #expect(try Self.replies(Self.stream, Self.replies.map { _ in .essential }, inPiecesOf: size) == Self.replies)
    }

    @Test(arguments: [1, 3, 64, 1000])
    func passesOverALongReply(size: Int) throws {
        let long = "$100\r\n" + String(repeating: "+", count: 100) + "\r\n"
        let list = "*3\r\n:1\r\n" + long + "*1\r\n:2\r\n"
        let line = "+" + String(repeating: "x", count: 100) + "\r\n"
        for reply in [long, list, line] {
            #expect(
                try Self.replies(":1\r\n\(reply):2\r\n", [.essential, Self.small, .essential], inPiecesOf: size)
                    == [.integer(1), .tooLong, .integer(2)])
        }
    }

    @Test func passesOverMoreElementsThanAPollTakes() throws {
        let count = RESPReader.elementBudget + 1
        let list = "*\(count)\r\n" + String(repeating: ":1\r\n", count: count)
        let bound = ReplyBound(bytes: 1 << 22, isOptional: true)
        #expect(try Self.replies(list + ":2\r\n", [bound, .essential]) == [.tooLong, .integer(2)])
    }

    @Test func allRepliesTogetherAreBounded() throws {
        let bound = ReplyBound(bytes: 12 << 20, isOptional: true)
        let long = "$\(10 << 20)\r\n" + String(repeating: "x", count: 10 << 20) + "\r\n"
        let replies = try Self.replies(long + long + ":1\r\n", [bound, bound, .essential])
        #expect(replies.count == 3 && replies[0] != .tooLong)
        #expect(replies.suffix(2) == [.tooLong, .integer(1)])
    }

    @Test(arguments: [
        "x\r\n", "$1x\r\n", "*\r\n:x\r\n*9999999999999999999999\r\n", "$99999999999999999999\r\n", "*1\r\n?",
    ])
    func saysWhenTheBytesAreNoReplies(text: String) {
        #expect(throws: CollectorFailure.self) {
            try Self.replies("\(text)\(text)", [.essential, .essential, .essential, .essential])
        }
    }

    @Test func aReplyTooManyIsAFailure() {
        #expect(throws: CollectorFailure.self) { try Self.replies(":1\r\n:2\r\n", [.essential]) }
    }

    @Test func aLongReplyThatIsNeededIsAFailure() {
        let bound = ReplyBound(bytes: 64, isOptional: false)
        #expect(throws: CollectorFailure.self) { try Self.replies("$100\r\n", [bound]) }
    }
}
