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
        // The low bits say who, the high ones what.
        let order = input.byte()
        let who = Int(order & 3)
        let delivery = Talk.Delivery(rawValue: order >> 5) ?? .plain
        let kind = input.byte()
        stamp &+= UInt64(kind >> 4) * 1_000_000
        let snap = Int(input.byte())
        var flags: UInt8 = 0x18
        switch kind & 15 {
        case 0: flags = 0x02
        case 1: flags = 0x12
        case 2: flags = 0x11
        case 3: flags = 0x14
        case 4: talks[who].jump()
        case 5: stamp &+= 70_000_000_000
        case 6: stamp &-= 3_000_000_000
        case 7:
            let user = ["unknown", "alice"][snap & 1]
            engine.learnUsers([Endpoint(address: Address(ipv4: 0x0A00_0001), port: UInt16(50_000 + who)): user])
        default: break
        }
        let payload = flags & 3 != 0 ? [] : input.bytes(Int(input.short() & 0x7FF))
        talks[who].send(payload, fromServer: order & 4 != 0, flags: flags, delivery, snap: snap) {
            deliver($0, $1, &engine)
        }
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
