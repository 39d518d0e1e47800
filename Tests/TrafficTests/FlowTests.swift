import Testing

@testable import Traffic

/// TCP on a protocol without meaning: which bytes arrive, in which order, and what is said of those that do not.
@Suite struct FlowTests {
    /// What a capture made of a connection, and what the protocol is given.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Changes the packets of a connection that says `abc`, `def` and hears `xyz`, `end`, one after the other.
        let change: @Sendable (inout ScriptedConnection) -> Void
        let expected: [String]

        init(_ name: String, _ expected: [String], _ change: @escaping @Sendable (inout ScriptedConnection) -> Void) {
            testDescription = name
            self.change = change
            self.expected = expected
        }
    }

    // The packets are: SYN, SYN and ACK, ACK, abc, def, xyz, end.
    private static let cases = [
        Case("all is there", ["C abc", "C def", "S xyz", "S end"]) { _ in },
        Case("repeated", ["C abc", "C def", "S xyz", "S end"]) { $0.packets += $0.packets },
        Case("in another order", ["C abc", "C def", "S xyz", "S end"]) { $0.packets.swapAt(3, 4) },
        Case("acknowledged and never seen", ["C abc", "C lost 3", "S xyz", "S end"]) { $0.packets.remove(at: 4) },
        Case("the first is acknowledged and never seen", ["C lost 3", "C def", "S xyz", "S end"]) {
            $0.packets.remove(at: 3)
        },
        Case("a reply is never seen", ["C abc", "C def", "S lost 3", "S end", "C go"]) {
            $0.packets.remove(at: 5)
            $0.client("go")
        },
        Case("joined in the middle", ["middle", "C abc", "C def", "S xyz", "S end"]) { $0.packets.removeFirst(3) },
        Case("the server's SYN alone", ["C abc", "C def", "S xyz", "S end"]) { $0.packets.removeFirst() },
        Case("an overlap", ["C abc", "C def", "S xyz", "S end", "C gh"]) {
            $0.clientSequence -= 3
            $0.client("defgh")
        },
        Case("cut by the snap length", ["C abc", "C def", "S xyz", "S end", "C gh", "C cut 3"]) {
            $0.client("ghijk")
            $0.packets[7].frame.removeLast(3)
        },
        Case("a repeated SYN", ["C abc", "C def", "S xyz", "S end", "C go"]) {
            $0.packets += $0.packets.prefix(2)
            $0.client("go")
        },
        Case("closed", ["C abc", "C def", "S xyz", "S end", "closed"]) { $0.close() },
        Case("reset", ["C abc", "C def", "S xyz", "S end", "closed"]) {
            $0.add(isReply: true, flags: ScriptedConnection.rst, [])
        },
        Case("a FIN before the last bytes", ["C abc", "C def", "S xyz", "S end", "closed"]) {
            $0.add(isReply: true, flags: ScriptedConnection.fin, [])
            $0.serverSequence += 1
            $0.packets.swapAt(6, 7)
            $0.add(isReply: false, flags: ScriptedConnection.fin, [])
        },
    ]

    private static func connection() -> ScriptedConnection {
        var connection = ScriptedConnection()
        connection.open()
        connection.client("abc", "def")
        connection.server("xyz", "end")
        return connection
    }

    @Test(arguments: cases)
    func theProtocolIsGivenWhatWasSaid(test: Case) {
        var connection = Self.connection()
        test.change(&connection)
        var bench = TCPBench()
        bench.feed(connection.packets)
        #expect(bench.lines == test.expected)
        #expect(bench.budget.earlyBytes == 0)
    }

    @Test func placesWrapAround() {
        var connection = ScriptedConnection(clientSequence: .max - 4, serverSequence: .max - 1)
        connection.open()
        for _ in 0..<3 { connection.exchange("abc", "xyz") }
        var bench = TCPBench()
        bench.feed(connection.packets)
        #expect(bench.lines == Array(repeating: ["C abc", "S xyz"], count: 3).flatMap(\.self))
    }

    @Test func whatCameTooEarlyKeepsItsStamp() {
        var connection = ScriptedConnection()
        connection.open()
        connection.client("abc")
        connection.wait(10)
        connection.client("def")
        let stamps = connection.packets[3...4].map(\.stamp)
        connection.packets.swapAt(3, 4)
        var bench = TCPBench()
        bench.feed(connection.packets)
        #expect(bench.lane.books.stamps == stamps)
    }

    enum Cap: CaseIterable {
        case segments, bytes, bytesInAll

        func set(_ count: Int, in limits: inout TrafficLimits) {
            switch self {
            case .segments: limits.earlySegments = count
            case .bytes: limits.earlyBytes = count
            case .bytesInAll: limits.earlyBytesInAll = count
            }
        }
    }

    /// The caps on what is kept, each by itself: the bytes before what is kept are given up then.
    @Test(arguments: Cap.allCases)
    func whatCameTooEarlyIsBounded(cap: Cap) {
        var connection = ScriptedConnection()
        connection.open()
        connection.client("lost", "a", "b", "c")
        connection.packets.remove(at: 3)
        var kept = TCPBench { cap.set(3, in: &$0) }
        kept.feed(connection.packets)
        #expect(kept.lines == [])
        #expect(kept.budget.earlyBytes == 3)
        var given = TCPBench { cap.set(2, in: &$0) }
        given.feed(connection.packets)
        #expect(given.lines == ["C lost 4", "C a", "C b", "C c"])
        #expect(given.budget.earlyBytes == 0)
        #expect(given.lane.books.wire.gaps == 1)
    }

    @Test func aPortMayBeUsedAgain() {
        var again = ScriptedConnection(clientSequence: 77_000, serverSequence: 99)
        again.open()
        again.exchange("new", "yes")
        var bench = TCPBench()
        bench.feed(Self.connection().packets + again.packets)
        #expect(bench.lines == ["C abc", "C def", "S xyz", "S end", "closed", "C new", "S yes"])
        #expect(bench.budget.connections == 1)
    }

    @Test func theProgramsOwnConnectionsAreLeftOut() {
        var bench = TCPBench()
        bench.leaveOut(Endpoint(address: Address(ipv4: 0x0A00_0001), port: 50_000))
        bench.feed(Self.connection().packets)
        #expect(bench.lines.isEmpty)
        #expect(bench.lane.books.wire.ownPackets == 7)
        #expect(bench.lane.totals.packets == 0)
    }

    @Test func targetsHaveBooksOfTheirOwn() {
        var bench = TCPBench(targets: [TrafficTarget(name: "a", port: 1), TrafficTarget(name: "b", port: 6379)])
        bench.feed(Self.connection().packets)
        #expect(bench.lines.isEmpty)
        let snapshots = bench.lane.snapshots().map(\.wire)
        #expect(snapshots.map(\.target) == ["a", "b", "other"])
        #expect(snapshots.map(\.connections) == [0, 1, 0])
        #expect(bench.lane.totals(of: 1).packets == 7)
    }

    /// One budget for several lanes: each holds its own connections, and both count.
    @Test func lanesShareABudget() {
        var bench = TCPBench { $0.connections = 1 }
        bench.feed(Self.connection().packets)
        #expect(!bench.budget.isOverdrawn)
        var other = Lane([], bench.budget.limits) { TranscriptBooks() }
        var own = OwnConnections()
        var late = ScriptedConnection(clientPort: 50_001, time: 1_700_000_009_000_000_000)
        late.open()
        TCPBench.feed(late.packets, &other, Hasher64(seed: 1), &own, &bench.budget)
        #expect(bench.budget.isOverdrawn)
        #expect(bench.lane.oldestStamp ?? .max < other.oldestStamp ?? 0)
        bench.lane.evictOldest(&bench.budget)
        #expect(!bench.budget.isOverdrawn)
        #expect(bench.lines.last == "evicted" && bench.lane.books.wire.evictedConnections == 1)
    }
}
