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
        _ text: String, _ bounds: [ReplyBound], inPiecesOf size: Int = .max, memory: MemoryBudget = MemoryBudget()
    ) throws(CollectorFailure) -> [RedisReply] {
        var receiver = ReplyReceiver(memory)
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

    // MARK: Fields

    private static let clients = ReplyBound(bytes: 8 << 20, isOptional: true, fields: ["addr", "name"])

    private static func string(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }

    @Test(arguments: [1, 2, 3, 7, 1000])
    func keepsTheFieldsThatAreWanted(size: Int) throws {
        let list = "id=1 addr=a:1 laddr=x fd=8 name=\nid=2 name=b name=c addr= resp=2 alongername=x\r\naddr\naddr=d:2"
        let stream = Self.string(list) + ":1\r\n" + Self.string("") + "$-1\r\n-ERR addr=1\r\n*1\r\n:2\r\n"
        let bounds = [Self.clients, .essential, Self.clients, Self.clients, Self.clients, Self.clients]
        #expect(
            try Self.replies(stream, bounds, inPiecesOf: size) == [
                .bulk(Array(" addr=a:1 name=\n name=b name=c addr=\n\n addr=d:2".utf8)), .integer(1), .bulk([]), .null,
                .error("ERR addr=1"), .array([.integer(2)]),
            ])
    }

    /// 4 MB of clients, in the share of a container of 64 MiB; whole they would be left out.
    @Test func manyLinesTakeTheRoomOfTheirFields() throws {
        let line = "id=1 addr=127.0.0.1:50000 name=worker " + String(repeating: "x=0123456 ", count: 36) + "\n"
        let stream = Self.string(String(repeating: line, count: 10_000)) + ":1\r\n"
        func budget() -> MemoryBudget { MemoryBudget(limit: 48 << 20) }
        let whole = ReplyBound(bytes: 8 << 20, isOptional: true)
        #expect(
            try Self.replies(stream, [whole, .essential], inPiecesOf: 16384, memory: budget())
                == [.tooLong, .integer(1)])
        let replies = try Self.replies(stream, [Self.clients, .essential], inPiecesOf: 16384, memory: budget())
        #expect(try ClientList.decode(replies[0]).count == 10_000)
        #expect(replies[1] == .integer(1))
    }

    @Test(arguments: [1, 1000, 16384])
    func fieldsAreBoundedToo(size: Int) throws {
        let long = Self.string("addr=a:1 name=" + String(repeating: "n", count: 1 << 20) + "\naddr=b:1\n")
        let most = String(repeating: "n", count: LineFields.mostValueBytes)
        #expect(
            try Self.replies(long, [Self.clients], inPiecesOf: size)
                == [.bulk(Array(" addr=a:1 name=\(most)\n addr=b:1\n".utf8))])
        let narrow = ReplyBound(bytes: 1 << 20, isOptional: true, fields: ["addr"])
        #expect(try Self.replies(long + ":1\r\n", [narrow, .essential], inPiecesOf: size) == [.tooLong, .integer(1)])
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
