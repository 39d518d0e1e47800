import Testing

@testable import Traffic

/// What waits for an answer takes memory on every connection. All of them share it, and nobody takes the others' part.
@Suite struct QueueBudgetTests {
    private static let get = request("GET", "k")
    private static let answer = bulk("x")

    private static func client(_ number: Int, asking requests: Int, answered: Int) -> ScriptedConnection {
        var wire = ScriptedConnection(
            clientPort: UInt16(10_000 + number % 50_000), address: [10, 0, 1, UInt8(number / 50_000)])
        wire.open()
        // As much as fits into a packet.
        for part in stride(from: 0, to: requests, by: 1024) {
            wire.client(String(repeating: get, count: min(1024, requests - part)))
        }
        if answered > 0 { wire.server(String(repeating: answer, count: answered)) }
        return wire
    }

    private static func feed(_ wire: ScriptedConnection, to engine: inout TrafficEngine) {
        for packet in wire.packets {
            engine.process(
                packet.frame.span, originalLength: packet.originalLength, at: packet.stamp, link: .ethernet,
                interface: 0)
        }
    }

    /// Each has sent a pipeline once, and waits for nothing.
    @Test func whatIdleClientsDoNotUseIsGivenBack() {
        var bench = Bench()
        let limits = bench.engine.lanes.budget.limits
        var most = 0
        for number in 0..<1_500 {
            Self.feed(Self.client(number, asking: 256, answered: 256), to: &bench.engine)
            most = max(most, bench.engine.memory.exchanges.held)
        }
        #expect(most <= limits.queueBytes && most > limits.queueBytes / 2)
        #expect(bench.engine.totals.seen == 1_500 * 256 && bench.engine.memory.exchanges.shed == 0)
        #expect(bench.figures.snapshot.connections == 1_500)
        bench.engine.advance(to: 1_700_000_002_000_000_000)
        #expect(bench.engine.memory.exchanges.held == 0)
        #expect(bench.engine.memory.flows.held <= limits.flowBytes)
    }

    /// Seventeen clients that ask without reading stopped the measurement of all others.
    @Test func whoHoardsGoesAndTheOthersAreMeasured() {
        var bench = Bench {
            ($0.limits.inFlight, $0.limits.inFlightInAll, $0.limits.queueBytes) = (1_024, 16_384, 320 << 10)
        }
        let limits = bench.engine.lanes.budget.limits
        for number in 0..<40 {
            Self.feed(Self.client(number, asking: limits.inFlight, answered: 0), to: &bench.engine)
            #expect(bench.engine.memory.exchanges.held <= limits.queueBytes)
        }
        Self.feed(Self.client(40, asking: 100, answered: 100), to: &bench.engine)
        #expect(bench.figures.commands == ["get": 100])
        #expect(bench.engine.memory.exchanges.shed > 20)
        #expect(bench.engine.lanes.budget.inFlight < limits.inFlightInAll)
        #expect(bench.figures.unmeasured["queue_full"] == nil)
    }

    @Test func theSmallestQueuesStay() {
        var bench = Bench { $0.limits.queueBytes = 64 << 10 }
        Self.feed(Self.client(0, asking: 10, answered: 0), to: &bench.engine)
        for number in 1..<20 { Self.feed(Self.client(number, asking: 1024, answered: 0), to: &bench.engine) }
        var first = Self.client(0, asking: 10, answered: 0)
        first.packets = []
        first.wait(100)
        first.server(String(repeating: Self.answer, count: 10))
        Self.feed(first, to: &bench.engine)
        #expect(bench.figures.commands == ["get": 10])
    }

    /// A segment of one byte takes a hundred more.
    @Test func tinyEarlySegmentsAreBoundedInNumber() {
        var bench = Bench { $0.limits.earlySegmentsInAll = 1000 }
        for number in 0..<200 {
            var wire = Self.client(number, asking: 1, answered: 1)
            for _ in 0..<60 {
                wire.clientSequence &+= 2
                wire.client("x")
            }
            Self.feed(wire, to: &bench.engine)
        }
        #expect(bench.engine.lanes.budget.earlySegments <= 1000)
        #expect(bench.engine.memory.fragments.held <= 1000 * (TrafficLimits.earlySegmentCost + 1))
        #expect(bench.engine.memory.fragments.shed > 0)
    }

    /// Logins that nobody waits for would each keep a name.
    @Test func loginsInFlightAreBoundedAndStayInStep() {
        let figures = figures { wire in
            wire.client(
                (0..<20).map { request("AUTH", "user\($0)", "p") }.joined() + Self.get)
            wire.server(String(repeating: "+OK\r\n", count: 20) + Self.answer)
            wire.exchange(request("AUTH", "alice", "p"), "+OK\r\n")
            wire.exchange(Self.get, Self.answer)
        }
        #expect(figures.users["unknown"] ?? 0 >= 1 && figures.users["alice"] == 1)
        #expect(figures.commands == ["auth": 21, "get": 2])
    }
}

/// Connections of all protocols share their memory.
@Suite struct FlowBudgetTests {
    private static func open(_ number: Int, _ port: UInt16) -> [CapturedPacket] {
        var wire = ScriptedConnection(clientPort: UInt16(10_000 + number), server: ([10, 0, 0, 2], port))
        wire.open()
        return wire.packets
    }

    @Test func aFloodOfOneProtocolLeavesRoomForTheOthers() throws {
        var ports = PortTable([6379], of: .redis)
        try ports.add([80], of: .http)
        let most = 1 << 20
        var bench = Bench {
            $0.ports = ports
            $0.limits = TrafficLimits(flows: most, exchanges: 1 << 20, fragments: 1 << 20)
        }
        for number in 0..<2_000 { bench.feed(Self.open(number, 6379)) }
        let flooded = bench.engine.memory.flows
        #expect(flooded.held <= most / 5 * 4 + 1024 && flooded.shed > 900)
        for number in 0..<1_000 { bench.feed(Self.open(number, 80)) }
        #expect(bench.engine.memory.flows.held <= most)
        #expect(bench.engine.lanes.http.flows.count > 180)
    }

    /// 64 MiB are enough for ten thousand connections: five parts of sixteen of what is shared out there.
    @Test func aSmallContainerFollowsTenThousandConnections() {
        let share = (48 - 16) / 16 * 5 << 20
        #expect(10_000 * FlowTable<RedisBooks>.cost <= share / 5 * 4)
        let limits = TrafficLimits()
        #expect(limits.connections * FlowTable<RedisBooks>.cost <= limits.flowBytes / 5 * 4)
    }

    /// What is left keeps its order: the one that was quiet longest goes first.
    @Test func connectionsOutliveTheirTablesShrinking() {
        var bench = Bench()
        for number in 0..<1_500 { bench.feed(Self.open(number, 6379)) }
        for number in 10..<1_500 {
            var wire = ScriptedConnection(clientPort: UInt16(10_000 + number), clientSequence: 1_001)
            wire.add(isReply: false, flags: ScriptedConnection.rst, [])
            bench.feed(wire)
        }
        bench.engine.advance(to: 1_700_000_100_000_000_000)
        #expect(bench.engine.lanes.redis.flows.count == 10)
        var wire = ScriptedConnection(
            clientPort: 10_003, clientSequence: 1_001, serverSequence: 5_000_001, time: 1_700_000_101_000_000_000)
        wire.exchange(request("GET", "k"), bulk("x"))
        bench.feed(wire)
        #expect(bench.figures.commands == ["get": 1])
        #expect(bench.engine.lanes.redis.flows.leastRecent == 0)
    }
}
