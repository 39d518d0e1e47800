// The traffic engine between the capture's thread, which feeds it batch by batch, and the readers of its figures.
// Neither waits for longer than a batch takes.

import Synchronization
public import Traffic

/// A traffic engine that several threads use, one after the other. It is made when it is first used: where nothing is
/// captured that may be never.
public final class SharedEngine: Sendable {
    private struct State: ~Copyable {
        let settings: TrafficSettings
        var engine: TrafficEngine?
        var meter = Meter()

        mutating func makeEngine() {
            if engine == nil { engine = TrafficEngine(settings) }
        }

        /// Notes that everything before this moment has been seen. To lend the engine to the meter costs a copy of some
        /// kilobytes, which is too much for each packet.
        @inline(__always)
        mutating func pass(_ stamp: UInt64) {
            if meter.isDue(at: stamp) { readMeter(at: stamp) }
        }

        @inline(never)
        private mutating func readMeter(at stamp: UInt64) {
            makeEngine()
            meter.passes(stamp, engine!)
        }
    }

    private let state: Mutex<State>

    public init(_ settings: TrafficSettings) {
        state = Mutex(State(settings: settings))
    }

    private func withEngine<Result>(_ body: (inout TrafficEngine) -> Result) -> Result {
        state.withLock { state in
            state.makeEngine()
            return body(&state.engine!)
        }
    }

    /// The figures at this moment.
    public func snapshot() -> TrafficSnapshot { withEngine { $0.snapshot() } }

    /// What the engine holds at this moment.
    public var memory: TrafficMemory { state.withLock { $0.engine?.memory ?? TrafficMemory() } }

    /// The counts of all targets of Redis at this moment.
    public var redisTotals: TrafficTotals { withEngine { $0.redisTotals } }

    /// What tells how much of a packet of Redis is worth keeping: its counts, and the commands that came.
    var redisTraffic: (totals: TrafficTotals, arrivals: UInt64) {
        withEngine { ($0.redisTotals, $0.redisArrivals) }
    }

    /// Which command the arguments are, and which group its key belongs to, under the names of the wire families.
    public func name(_ arguments: [[UInt8]], of target: Int = 0) -> CommandName {
        withEngine { $0.name(arguments, of: target) }
    }

    /// Takes over what a target says of its commands.
    public func learn(_ commands: [ServerCommand], of target: Int = 0) {
        withEngine { $0.learn(commands, of: target) }
    }

    /// Takes over the list of the gateway's API keys.
    public func learn(_ keys: [TrafficAPIKey]) {
        withEngine { $0.learn(keys) }
    }

    /// Tells by which ends a target of a protocol is reached.
    public func learnServers(_ endpoints: [Endpoint], of target: Int, _ kind: WireProtocolKind) {
        withEngine { $0.learnServers(endpoints, of: target, kind) }
    }

    /// The queues and the channels of a target that clients use most.
    public func busiestQueues(of target: Int, _ count: Int) -> [BusyName] {
        withEngine { $0.busiestQueues(of: target, count) }
    }

    public func busiestChannels(of target: Int, _ count: Int) -> [BusyName] {
        withEngine { $0.busiestChannels(of: target, count) }
    }

    /// How many connections of a target there are whose user is not known.
    public func connectionsOfUnknownUser(of target: Int) -> Int {
        withEngine { $0.connectionsOfUnknownUser(of: target) }
    }

    /// Tells the users of a target's connections by the client's end.
    public func learnUsers(_ users: [Endpoint: String], of target: Int) {
        withEngine { $0.learnUsers(users, of: target) }
    }

    /// Leaves a connection of the program itself out; see ``TrafficEngine/leaveOut(_:)``.
    public func leaveOut(_ client: Endpoint) { withEngine { $0.leaveOut(client) } }

    /// A connection of the program itself was closed just now.
    public func hasClosed(_ client: Endpoint) {
        let now = CaptureLoop.now()
        withEngine { $0.hasClosed(client, at: now) }
    }

    /// Asks what has been counted of a target at this moment; see ``Meter``.
    public func askMeter(at moment: UInt64, of target: Int = 0) {
        state.withLock { $0.meter.ask(at: moment, of: target) }
    }

    /// The newest answer of a target.
    public func meterReading(of target: Int = 0) -> Meter.Reading? { state.withLock { $0.meter.readings[target] } }

    func addInterface(_ name: String) -> Int { withEngine { $0.addInterface(name) } }

    /// Takes a packet, with its length on the wire, its stamp and the engine's number of its interface.
    typealias Take = (_ packet: Span<UInt8>, _ length: Int, _ stamp: UInt64, _ interface: Int) -> Void
    /// Announces an interface, and returns its number.
    typealias Announce = (_ name: String) -> Int

    /// Feeds a batch of packets.
    func feed(_ link: LinkType, _ batch: (_ take: Take, _ announce: Announce) -> Void) {
        state.withLock { state in
            state.makeEngine()
            batch(
                { packet, length, stamp, interface in
                    state.pass(stamp)
                    // Where it stands: lent to a function, it is copied for each packet.
                    state.engine!.process(packet, originalLength: length, at: stamp, link: link, interface: interface)
                }, { state.engine!.addInterface($0) })
        }
    }

    /// Lets time pass: all packets before this moment have been seen.
    func advance(to stamp: UInt64) {
        state.withLock { state in
            state.pass(stamp)
            state.engine?.advance(to: stamp)
        }
    }
}
