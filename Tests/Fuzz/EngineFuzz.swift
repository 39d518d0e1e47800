// libFuzzer target: a script of what two clients and a server do. Whatever they do, the engine's totals have to agree.

/// Plays the script: for each step one byte of what to do, one of how many bytes it takes, and the bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let script = unsafe Span(_unsafeStart: start, count: count)
    var stage = Stage()
    var position = 0
    while position + 2 <= script.count {
        let length = min(Int(script[position + 1]), script.count - position - 2)
        let payload = (position + 2..<position + 2 + length).map { script[$0] }
        stage.play(script[position], payload)
        position += 2 + length
    }
    stage.check()
    return 0
}

/// Two clients, a server, and the engine that watches them.
private struct Stage: ~Copyable {
    private var engine: TrafficEngine
    private var clientPlaces: [UInt32] = [1_000, .max - 20]
    private var serverPlaces: [UInt32] = [.max - 9, 7]
    private var time: UInt64 = 1_700_000_000_000_000_000
    private var last: [UInt8] = []

    init() {
        var settings = TrafficSettings()
        settings.seed = 1
        settings.maxGroups = 3
        settings.maxHistograms = 4
        settings.hotKeys = 2
        settings.keepsPercentiles = true
        settings.limits.connections = 2
        settings.limits.inFlight = 6
        settings.limits.earlySegments = 3
        settings.limits.earlyBytes = 200
        engine = TrafficEngine(settings)
    }

    /// Bits of `step`: 1 the second client, 2 the server speaks, 4 SYN, 8 FIN, 16 the packet is lost, 32 the last packet
    /// comes again first, 64 only its half is captured, 128 time passes.
    mutating func play(_ step: UInt8, _ payload: [UInt8]) {
        let client = Int(step & 1)
        let isServer = step & 2 != 0
        time += step & 128 != 0 ? 20_000_000 : 1_000
        let sequence = isServer ? serverPlaces[client] : clientPlaces[client]
        let acknowledgment = isServer ? clientPlaces[client] : serverPlaces[client]
        let flags: UInt8 = (step & 4 != 0 ? 2 : 0) | (step & 8 != 0 ? 1 : 0) | (step & 6 == 4 ? 0 : 16)
        let frame = frame(client, isServer: isServer, sequence, acknowledgment, flags, payload)
        let used = UInt32(payload.count) &+ UInt32(step >> 2 & 1) &+ UInt32(step >> 3 & 1)
        if isServer { serverPlaces[client] &+= used } else { clientPlaces[client] &+= used }
        if step & 16 != 0 { return }
        if step & 32 != 0 { give(last, last.count) }
        let kept = step & 64 != 0 ? Array(frame.prefix(40 + payload.count / 2)) : frame
        give(kept, frame.count)
        last = frame
    }

    private mutating func give(_ frame: [UInt8], _ length: Int) {
        engine.process(frame.span, originalLength: length, at: time, link: .raw, interface: 0)
    }

    private func frame(
        _ client: Int, isServer: Bool, _ sequence: UInt32, _ acknowledgment: UInt32, _ flags: UInt8, _ payload: [UInt8]
    ) -> [UInt8] {
        func long(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - $0 * 8)) } }
        let total = UInt32(40 + payload.count)
        let ends: [UInt8] = isServer ? [0x18, 0xEB, 0x80, UInt8(client)] : [0x80, UInt8(client), 0x18, 0xEB]
        var frame: [UInt8] = [0x45, 0] + long(total).suffix(2) + [0, 0, 0, 0, 64, 6, 0, 0]
        frame += [10, 0, 0, 1, 10, 0, 0, 1]
        frame += ends + long(sequence) + long(acknowledgment) + [0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0]
        return frame + payload
    }

    /// Ends both connections; nothing may be left in flight, and all totals have to agree.
    mutating func check() {
        engine.advance(to: time + 7_200_000_000_000)
        let snapshot = engine.snapshot()
        precondition(snapshot.connections == 0, "idle connections are forgotten")
        let counts = snapshot.counts
        let measured = snapshot.commandSummaries().reduce(0) { $0 + $1.latency.count }
        let waited = snapshot.blockingSummaries().reduce(0) { $0 + $1.latency.count }
        precondition(counts.paired == measured + waited + counts.queued, "every paired command is in one place")
        let keyed = snapshot.groupSummaries().reduce(0) { $0 + $1.latency.count }
        let pairs = (0...counts.pairs.rest).reduce(0) { $0 + counts.pairs.histograms.count($1) }
        precondition(keyed == pairs && keyed <= measured, "groups and pairs hold the same commands")
        precondition(engine.ledger.earlyBytes == 0 && engine.ledger.inFlight == 0, "nothing is left behind")
        precondition(!snapshot.samples().families.isEmpty, "there is a page")
    }
}
