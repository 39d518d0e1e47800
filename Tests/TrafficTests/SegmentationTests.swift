import TestKit
import Testing

@testable import Traffic

// The same traffic has to give the same figures however TCP and the capture cut it.
@Suite struct SegmentationTests {
    /// A conversation with something of everything.
    static let traffic: [CapturedPacket] = {
        var wire = ScriptedConnection(clientSequence: .max - 700, serverSequence: .max - 200)
        wire.open()
        wire.exchange(request("HELLO", "3", "AUTH", "alice", "secret"), "%1\r\n+proto\r\n:3\r\n")
        wire.exchange(request("GET", "user:1234:profile"), bulk("hello world"), after: 60)
        wire.exchange("PING\r\n", "+PONG\r\n", after: 61)
        wire.client(
            request("SET", "session:550e8400-e29b-41d4-a716-446655440000", "a\r\nb") + request("MGET", "a", "b")
                + request("EVAL", "return 1", "1", "k:7", "x"))
        wire.wait(70)
        wire.server("+OK\r\n*2\r\n$-1\r\n$1\r\nx\r\n")
        wire.wait(5)
        wire.server("|1\r\n+a\r\n+b\r\n-NOSCRIPT No matching script\r\n")
        wire.wait(5)
        wire.client(request("MULTI") + request("INCR", "n") + request("LPUSH", "n", "x") + request("EXEC"))
        wire.wait(90)
        wire.server("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n:1\r\n-WRONGTYPE Operation against\r\n")
        wire.exchange(request("SUBSCRIBE", "c", "d"), array(">", "subscribe", "c", integer: 1), after: 30)
        wire.server(array(">", "subscribe", "d", integer: 2) + array(">", "message", "c", "m"))
        wire.client("\r\n" + request("CLIENT", "REPLY", "SKIP") + request("SET", "a", "b"))
        wire.exchange(request("BLPOP", "queue:1", "0"), array("*", "queue:1", "v"), after: 4_000)
        wire.exchange(request("XREAD", "COUNT", "1", "STREAMS", "s:1", "0"), "_\r\n", after: 44)
        wire.exchange(request("GET", String(repeating: "k:", count: 300)), "$-1\r\n", after: 45)
        wire.exchange(request("SET", "big", String(repeating: "z", count: 900)), "+OK\r\n", after: 46)
        wire.exchange(request("CONFIG", "GET", "maxmemory"), "%1\r\n$9\r\nmaxmemory\r\n$1\r\n0\r\n", after: 47)
        wire.close()
        return wire.packets
    }()

    /// All that is counted, but for the number of packets, which is the one thing that may differ.
    private func lines(_ packets: [CapturedPacket]) -> [Substring] {
        var bench = Bench()
        bench.feed(packets)
        #expect(bench.figures.isBalanced)
        let others = [
            "sidelong_wire_packets_total", "sidelong_wire_bytes_total", "sidelong_wire_irregular_segments_total",
        ]
        return bench.figures.page.split(separator: "\n").filter { line in !others.contains { line.hasPrefix($0) } }
    }

    /// What the packets give otherwise than the traffic as it is.
    private func differences(_ packets: [CapturedPacket]) -> [Substring] {
        lines(packets).difference(from: Self.expected).map { change in
            switch change {
            case .insert(_, let line, _), .remove(_, let line, _): line
            }
        }
    }

    private static let expected = SegmentationTests().lines(traffic)

    @Test func theTrafficIsUnderstood() {
        var bench = Bench()
        bench.feed(Self.traffic)
        let figures = bench.figures
        #expect(figures.resyncs.isEmpty)
        #expect(figures.unmeasured == ["no_reply": 2])
        #expect(figures.paired == 16)
        #expect(figures.users == ["default": 1, "alice": 12])
        #expect(figures.errors == ["alice NOSCRIPT": 1, "alice WRONGTYPE": 1])
        #expect(figures.pairs["session:* set"] == 1)
        #expect(figures.pairs["other eval"] == 1)
    }

    @Test func everyCutInTwoGivesTheSame() {
        let longest = Self.traffic.map(\.frame.count).max() ?? 0
        for place in 1..<longest {
            #expect(differences(Recut.cut(Self.traffic, at: place)) == [], "cut at \(place)")
        }
    }

    @Test(arguments: [1, 2, 3, 5, 7, 16, 61, 100])
    func piecesOfAnySizeGiveTheSame(size: Int) {
        #expect(differences(Recut.cut(Self.traffic, into: size)) == [])
    }

    @Test func joinedPacketsGiveTheSame() {
        let pieces = Recut.cut(Self.traffic, into: 10)
        #expect(differences(Recut.join(pieces)) == [])
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func repeatedAndReorderedPacketsGiveTheSame(seed: UInt64) {
        var dice = Dice(seed: seed)
        let pieces = Recut.cut(Self.traffic, into: Int.random(in: 1...80, using: &dice))
        let shuffled = Recut.shuffle(pieces, &dice)
        #expect(shuffled.count > pieces.count)
        #expect(differences(shuffled) == [])
    }

    @Test func anySnapLengthKeepsTheBooksBalanced() {
        for snapLength in 54..<300 {
            var cut = Self.traffic
            for index in cut.indices { cut[index].frame = Array(cut[index].frame.prefix(snapLength)) }
            var bench = Bench()
            bench.feed(cut)
            #expect(bench.figures.isBalanced)
            #expect(bench.figures.snapshot.seenCommands <= 18)
        }
    }

    @Test func anyLostPacketKeepsTheBooksBalanced() {
        for lost in Self.traffic.indices {
            var rest = Self.traffic
            rest.remove(at: lost)
            var bench = Bench()
            bench.feed(rest)
            #expect(bench.figures.isBalanced)
            #expect(bench.figures.paired >= 3, "without packet \(lost)")
            #expect(bench.figures.snapshot.seenCommands <= 18)
        }
    }
}
