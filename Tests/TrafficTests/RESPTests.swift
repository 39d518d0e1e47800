import Testing

@testable import Traffic

@Suite struct RESPTests {
    /// The bytes of a text in pieces of this length.
    private func cut(_ text: String, into length: Int) -> [[UInt8]] {
        let all = Array(text.utf8)
        let step = min(length, max(1, all.count))
        return stride(from: 0, to: all.count, by: step).map { Array(all[$0..<min(all.count, $0 + step)]) }
    }

    /// All arguments of all commands, the reader wanting each of them; ends with what stopped it.
    private func commands(_ text: String, pieces: Int = .max) -> [[String]] {
        var parser = RequestParser()
        var result: [[String]] = []
        var command: [String] = []
        for piece in cut(text, into: pieces) {
            var position = 0
            reading: while true {
                switch parser.next(piece.span, &position) {
                case .starved: break reading
                case .argument(let range): command.append(String(decoding: piece[range], as: UTF8.self))
                case .keptArgument: command.append(String(decoding: parser.kept, as: UTF8.self))
                case .command:
                    result.append(command)
                    command = []
                    continue
                case .impossible(let reason): return result + [["!\(reason)"]]
                }
                parser.wanted = parser.index + 1
            }
        }
        return result
    }

    /// All replies as `type word length integer`, with `!` before an impossible one.
    ///
    /// - Parameter opens: whether arrays are opened; their elements stand behind a dash then.
    private func replies(_ text: String, pieces: Int = .max, opens: Bool = false) -> [String] {
        var parser = ReplyParser()
        var result: [String] = []
        for piece in cut(text, into: pieces) {
            var position = 0
            reading: while true {
                if parser.isAtStart { parser.opensArray = opens }
                switch parser.next(piece.span, &position) {
                case .starved: break reading
                case .nestedError: result.append("nested \(String(decoding: parser.nestedWord.bytes, as: UTF8.self))")
                case .opened: result.append("opened \(parser.elementsToCome)")
                case .element: result.append("- " + described(parser.reply))
                case .reply: result.append(described(parser.reply))
                case .impossible(let reason): return result + ["!\(reason)"]
                }
            }
        }
        return result
    }

    private func described(_ reply: ReplyFacts) -> String {
        let word = String(decoding: reply.word.bytes, as: UTF8.self)
        let type = String(decoding: [reply.type], as: UTF8.self)
        return "\(type)\(reply.isNull ? "null" : "") \(word) \(reply.length) \(reply.integer) \(reply.size)"
    }

    @Test(arguments: [Int.max, 1, 2, 3, 7])
    func elementsAreReadOneByOne(pieces: Int) {
        let text =
            "*5\r\n$1\r\nx\r\n*2\r\n*1\r\n-ERR a\r\n:7\r\n>1\r\n+push\r\n-ERR b\r\n*0\r\n|1\r\n+ttl\r\n:1\r\n_\r\n"
            + "$1\r\ny\r\n*-1\r\n*0\r\n"
        #expect(
            replies(text, pieces: pieces, opens: true) == [
                "opened 5", "- $  1 0 7", "nested ERR", "- *  2 7 20", "- - ERR 0 0 8", "- *  0 0 4", "- _null  0 0 17",
                "*  5 0 71", "$  1 0 7", "*null  0 0 5", "*  0 0 4",
            ])
    }

    @Test(arguments: [Int.max, 1, 2, 3, 7])
    func requestsAreReadHoweverTheyAreCut(pieces: Int) {
        let text =
            request("GET", "a") + "PING\r\n" + request("SET", "key", "") + "\r\n\n*0\r\n*-1\r\n"
            + "set x \"a \\\"b\" 'c d'\n"
            + request("MSET", String(repeating: "k", count: 300), "v")
        #expect(
            commands(text, pieces: pieces) == [
                ["GET", "a"], ["PING"], ["SET", "key", ""], ["set", "x", "a \"b", "c d"],
                ["MSET", String(repeating: "k", count: 300), "v"],
            ])
    }

    @Test(arguments: [
        ("*1\r\n+PING\r\n", "malformedRequest"), ("*x\r\n", "malformedRequest"), ("*1\r\n$-1\r\n", "malformedRequest"),
        ("*1\r\n$4\r\nPINGxx", "malformedRequest"), ("*1\n$4\n", "malformedRequest"), ("*1\rx", "malformedRequest"),
        ("*3000000000\r\n", "oversized"), ("*1\r\n$999999999999\r\n", "oversized"),
        ("*99999999999999999999999\r\n", "malformedRequest"), ("set \"a\n", "malformedRequest"),
    ])
    func impossibleRequestsAreRefused(text: String, reason: String) {
        #expect(commands(text) == [["!\(reason)"]])
        #expect(commands(text, pieces: 1) == [["!\(reason)"]])
    }

    @Test(arguments: [1, 2, 3, .max])
    func quotesOfInlineCommandsAreThoseOfRedis(pieces: Int) {
        for (line, word) in [
            (#""a\x62\x63d""#, "abcd"), (#""\xg1\x4""#, "xg1x4"), (#""\x4g\x""#, "x4gx"),
            (#""\n\t\"\\\q""#, "\n\t\"\\q"),
            (#"'a\b\'c\x41'"#, #"a\b'c\x41"#), (#"'a"b'"#, "a\"b"), (#"''"#, ""), (#"a"b c"'"#, "!malformedRequest"),
            (#"a"b c""#, "ab c"), (#""a"b"#, "!malformedRequest"), (#""a"#, "!malformedRequest"),
            (#""a\x4"#, "!malformedRequest"),
        ] {
            #expect(commands("GET \(line) \r\n", pieces: pieces).last?.last == word, "\(line)")
        }
    }

    @Test func anInlineCommandMayNotBeEndless() {
        #expect(commands(String(repeating: "x", count: 70_000)) == [["!oversized"]])
    }

    @Test func ofALongArgumentOnlyTheBeginningIsKept() {
        let long = String(repeating: "x", count: 2_000)
        #expect(commands(request("GET", long), pieces: 100)[0][1].count == RESPLimits.keptArgument)
    }

    @Test func unwantedArgumentsAreNeverGathered() {
        var parser = RequestParser()
        for byte in Array(request("AUTH", "geheim").utf8) {
            var position = 0
            while case .keptArgument = parser.next([byte].span, &position) { parser.wanted = .max }
            #expect(!String(decoding: parser.kept, as: UTF8.self).contains("g"))
        }
    }

    @Test(arguments: [Int.max, 1, 2, 3, 7])
    func repliesOfAllTypesAreRead(pieces: Int) {
        let text = """
            +OK\r\n-ERR no such thing\r\n:42\r\n:-7\r\n$5\r\nhello\r\n$0\r\n\r\n$-1\r\n*0\r\n*-1\r\n*2\r\n$1\r\na\r\n:9\r\n\
            _\r\n#t\r\n,3.14\r\n(12345678901234567890\r\n!9\r\nERR a bad\r\n=5\r\ntxt:x\r\n%1\r\n+k\r\n:1\r\n~1\r\n:5\r\n\
            >2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n|1\r\n+ttl\r\n:60\r\n$1\r\nv\r\n:9223372036854775807\r\n
            """
        #expect(
            replies(text, pieces: pieces) == [
                "+ OK 0 0 5", "- ERR 0 0 20", ":  0 42 5", ":  0 -7 5", "$  5 0 11", "$  0 0 6", "$null  0 0 5",
                "*  0 0 4",
                "*null  0 0 5", "* a 2 9 15", "_null  0 0 3", "#  0 0 4", ",  0 0 7", "(  0 0 23", "! ERR 9 0 15",
                "=  5 0 11", "%  1 1 12", "~  1 5 8", "> invalidate 2 0 32", "$  1 0 22",
                ":  0 9223372036854775807 22",
            ])
    }

    @Test func nestingCostsNothing() {
        let depth = 100_000
        let text = String(repeating: "*1\r\n", count: depth) + ":1\r\n+OK\r\n"
        #expect(replies(text).count == 2)
        #expect(replies("*2\r\n*2\r\n+a\r\n*1\r\n+b\r\n|1\r\n+x\r\n+y\r\n+c\r\n+OK\r\n").count == 2)
    }

    @Test func aPushBetweenElementsIsNoneOfThem() {
        let push = ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n"
        for text in ["*2\r\n+OK\r\n\(push):1\r\n:5\r\n", "*2\r\n\(push)+OK\r\n:1\r\n:5\r\n"] {
            #expect(replies(text).map(\.first) == ["*", ":"])
            #expect(replies(text, pieces: 1) == replies(text))
        }
    }

    @Test func errorsWithinAReplyAreShown() {
        #expect(
            replies("*3\r\n+OK\r\n-WRONGTYPE of key\r\n!7\r\nERR a b\r\n") == [
                "nested WRONGTYPE", "nested ERR", "* OK 3 0 41",
            ])
    }

    @Test(arguments: [
        ("x", "malformedReply"), ("\u{16}\u{3}", "malformedReply"), ("$5\r\nhelloXX", "malformedReply"),
        ("$x\r\n", "malformedReply"), ("*99999999999\r\n", "oversized"), ("$9999999999\r\n", "oversized"),
        (String(repeating: "*2000000000\r\n", count: 600), "oversized"),
    ])
    func impossibleRepliesAreRefused(text: String, reason: String) {
        #expect(replies(text).last == "!\(reason)")
        #expect(replies(text, pieces: 1).last == "!\(reason)")
    }

    @Test func aLineMayNotBeEndless() {
        #expect(replies("+" + String(repeating: "x", count: 70_000), pieces: 1_000) == ["!oversized"])
    }

    @Test func lostBytesOfABodyAreSkipped() {
        var parser = ReplyParser()
        var position = 0
        let start = Array("$100\r\nabc".utf8)
        _ = parser.next(start.span, &position)
        // 97 bytes and the line end are still to come.
        let skipped = [50, 50, 49].map { parser.skipLost($0) }
        #expect(skipped == [true, false, true])
        position = 0
        let nothing: [UInt8] = []
        guard case .reply = parser.next(nothing.span, &position) else {
            Issue.record("the reply is not complete")
            return
        }
        #expect(parser.reply.size == 108)
    }

    @Test func lostBytesBeyondABodyAreNotGuessed() {
        var parser = RequestParser()
        var position = 0
        let start = Array("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100\r\nabc".utf8)
        while case .argument = parser.next(start.span, &position) { parser.wanted = .max }
        let skipped = [(100, true), (99, false), (98, false), (1, true)].map { parser.skipLost($0, mayEnd: $1) }
        #expect(skipped == [false, false, true, true])
    }

    @Test(arguments: [
        ("*1\r\n$4\r\nPING\r\n", true), ("*12\r\n$", true), ("PING\r\n", false), ("*1\r\n", false), ("*\r\n$", false),
        ("*0\r\n$4\r\n", false), ("$4\r\nPING", false), ("", false),
    ])
    func aRequestIsRecognisedByItsHeader(text: String, isRequest: Bool) {
        #expect(RequestParser.looksLikeRequest(Array(text.utf8).span) == isRequest)
    }
}
