// Any talk over any TCP: the input says who sends what, what the capture misses, repeats or cuts, and when a connection
// ends. Whatever happens, nothing crashes, totals agree, and a closed connection leaves nothing behind.

import Metrics

@testable import Traffic

func fuzzEngine(_ input: inout FuzzInput) {
    var settings = TrafficSettings()
    settings.seed = 1
    (settings.redis.maxGroups, settings.redis.maxHistograms, settings.redis.hotKeys) = (3, 4, 2)
    settings.keepsPercentiles = true
    settings.limits.connections = 3
    settings.limits.inFlight = 40
    settings.limits.inFlightInAll = 60
    (settings.limits.earlySegments, settings.limits.earlyBytes, settings.limits.earlyBytesInAll) = (3, 600, 900)
    var engine = TrafficEngine(settings)
    let interface = engine.addInterface("fuzz")
    var talks = (0..<4).map { Talk(port: 50_000 + $0) }
    var stamp: UInt64 = 1_700_000_000_000_000_000
    func deliver(_ frame: [UInt8], _ length: Int, _ engine: inout TrafficEngine) {
        frame.inExactMemory {
            engine.process($0, originalLength: length, at: stamp, link: .ethernet, interface: interface)
        }
    }
    while !input.isEmpty {
        let order = Order(&input)
        order.pass(&stamp)
        if order.kind == 7 {
            let user = ["unknown", "alice"][order.snap & 1]
            engine.learnUsers([
                Endpoint(address: Address(ipv4: 0x0A00_0001), port: UInt16(50_000 + order.who)): user
            ])
        }
        order.perform(&talks) { deliver($0, $1, &engine) }
    }
    for who in talks.indices {
        talks[who].send([], fromServer: false, flags: 0x14, .plain, snap: 0) { deliver($0, $1, &engine) }
    }
    let traffic = engine.snapshot()
    check(traffic)
    precondition(traffic.redis[0].connections == 0)
    precondition(engine.lanes.budget.inFlight == 0)
    precondition(engine.lanes.budget.earlyBytes == 0)
    precondition(engine.lanes.budget.earlySegments == 0)
    precondition(engine.lanes.budget.queueBytes == 0)
}

/// Totals over all families are the number of paired commands.
private func check(_ traffic: TrafficSnapshot) {
    func total(_ descriptor: Descriptor, in samples: Samples) -> UInt64 {
        samples[descriptor].reduce(0) { sum, sample in
            if case .histogram(let value) = sample.value { sum + UInt64(value.count) } else { sum }
        }
    }
    let (snapshot, samples) = (traffic.redis[0], traffic.samples(of: nil))
    let measured = total(RedisTrafficFamilies.commandDuration, in: samples)
    let waited = total(RedisTrafficFamilies.blockingCommandDuration, in: samples)
    precondition(snapshot.pairedCommands == measured + waited + snapshot.counts.queued)
    precondition(measured == total(RedisTrafficFamilies.userCommandDuration, in: samples))
    let keyed = total(RedisTrafficFamilies.keyCommandDuration, in: samples)
    precondition(keyed == snapshot.groupSummaries().reduce(0) { $0 + $1.latency.count } && keyed <= measured)
}
