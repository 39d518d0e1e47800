// Clean conversations of all three protocols beside others over which the input has every power. Whatever those say,
// lose or leave open, the figures of the clean ones are exact: each exchange is counted once, with its own time.

import Metrics

@testable import Traffic

/// One clean connection that asks and is answered, in turns with whatever the others do.
private struct CleanTalk {
    private var talk: Talk
    private let request: [UInt8]
    private let answer: [UInt8]
    /// Whether a request counts from the end of the one before it, should that be later: what Postgres does. It only is
    /// where the clock was set back.
    private let followsLast: Bool
    private var askedAt: UInt64?
    private var answeredAt: UInt64 = 0
    private(set) var answered = 0
    /// The sum of all latencies, in nanoseconds.
    private(set) var time: UInt64 = 0

    init(port: UInt16, server: UInt16, request: [UInt8], answer: [UInt8], followsLast: Bool = false) {
        self.followsLast = followsLast
        talk = Talk(port: port, server: server)
        self.request = request
        self.answer = answer
    }

    mutating func open(_ deliver: ([UInt8], Int) -> Void) {
        for (isServer, flags) in [(false, 0x02), (true, 0x12), (false, 0x10)] as [(Bool, UInt8)] {
            talk.send([], fromServer: isServer, flags: flags, .plain, snap: 0, deliver)
        }
    }

    /// What comes before the first request, and is not counted.
    mutating func prepare(_ payload: [UInt8], fromServer: Bool, _ deliver: ([UInt8], Int) -> Void) {
        talk.send(payload, fromServer: fromServer, flags: 0x18, .plain, snap: 0, deliver)
    }

    /// Asks, or is answered what it has asked. A clock that was set back meanwhile makes a latency of nothing.
    mutating func step(at stamp: UInt64, _ deliver: ([UInt8], Int) -> Void) {
        if let asked = askedAt {
            talk.send(answer, fromServer: true, flags: 0x18, .plain, snap: 0, deliver)
            answered += 1
            let begin = followsLast ? max(asked, answeredAt) : asked
            time += stamp > begin ? stamp - begin : 0
            (askedAt, answeredAt) = (nil, stamp)
        } else {
            talk.send(request, fromServer: false, flags: 0x18, .plain, snap: 0, deliver)
            askedAt = stamp
        }
    }

    mutating func finish(at stamp: UInt64, _ deliver: ([UInt8], Int) -> Void) {
        if askedAt != nil { step(at: stamp, deliver) }
    }
}

func fuzzCanary(_ input: inout FuzzInput) {
    // No other conversation can find out the name by chance.
    let name = input.name
    var (redis, http, postgres) = (canaryOfRedis(name), canaryOfHTTP(name), canaryOfPostgres())
    var engine = TrafficEngine(settings(name))
    let interface = engine.addInterface("fuzz")
    var others = [6379, 6379, 80, 5432].enumerated().map { Talk(port: 50_000 + UInt16($0), server: $1) }
    var stamp: UInt64 = 1_700_000_000_000_000_000
    func deliver(_ frame: [UInt8], _ length: Int) {
        frame.inExactMemory {
            engine.process($0, originalLength: length, at: stamp, link: .ethernet, interface: interface)
        }
    }
    redis.open(deliver)
    http.open(deliver)
    postgres.open(deliver)
    redis.prepare(resp("AUTH", name, "p"), fromServer: false, deliver)
    redis.prepare(Array("+OK\r\n".utf8), fromServer: true, deliver)
    postgres.prepare(startup(name), fromServer: false, deliver)
    postgres.prepare([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5A, 0, 0, 0, 5, 0x49], fromServer: true, deliver)
    var round = 0
    while !input.isEmpty {
        let order = Order(&input)
        order.pass(&stamp)
        order.perform(&others, deliver)
        switch round % 3 {
        case 0: redis.step(at: stamp, deliver)
        case 1: http.step(at: stamp, deliver)
        default: postgres.step(at: stamp, deliver)
        }
        round += 1
    }
    redis.finish(at: stamp, deliver)
    http.finish(at: stamp, deliver)
    postgres.finish(at: stamp, deliver)
    let samples = engine.snapshot().samples(of: nil)
    let group = "\(name):*"
    check(redis, samples, RedisTrafficFamilies.keyCommandDuration, [group, "get"])
    precondition(number(RedisTrafficFamilies.keyHits, [group], in: samples) == redis.answered)
    precondition(number(RedisTrafficFamilies.keyResponseBytes, [group], in: samples) == 7 * redis.answered)
    precondition(number(HTTPTrafficFamilies.requests, ["GET", "/\(name)", "200"], in: samples) == http.answered)
    check(http, samples, HTTPTrafficFamilies.duration, ["GET", "/\(name)"])
    check(postgres, samples, PostgresTrafficFamilies.userQueryDuration, [name, name])
}

/// Limits that the others reach, and that leave room for three connections more.
private func settings(_ name: String) -> TrafficSettings {
    var settings = TrafficSettings()
    var ports = PortTable([6379], of: .redis)
    try? ports.add([80], of: .http)
    try? ports.add([5432], of: .postgres)
    settings.ports = ports
    settings.seed = 1
    settings.redis.patterns = [try? KeyPattern("\(name):*")].compactMap(\.self)
    settings.http.patterns = [try? KeyPattern("/\(name)")].compactMap(\.self)
    settings.limits.connections = 7
    settings.limits.idle = .max
    settings.limits.inFlight = 40
    settings.limits.inFlightInAll = 600
    settings.limits.queueBytes = 16 << 10
    settings.limits.idleQueueBytes = 1 << 10
    (settings.limits.earlySegments, settings.limits.earlyBytes, settings.limits.earlyBytesInAll) = (3, 600, 900)
    return settings
}

private func canaryOfRedis(_ name: String) -> CleanTalk {
    CleanTalk(port: 40_000, server: 6379, request: resp("GET", "\(name):1"), answer: Array("$1\r\nx\r\n".utf8))
}

private func canaryOfHTTP(_ name: String) -> CleanTalk {
    CleanTalk(
        port: 40_001, server: 80, request: Array("GET /\(name) HTTP/1.1\r\nHost: a\r\n\r\n".utf8),
        answer: Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8))
}

private func canaryOfPostgres() -> CleanTalk {
    let answer: [UInt8] = [0x43, 0, 0, 0, 13] + Array("SELECT 1\0".utf8) + [0x5A, 0, 0, 0, 5, 0x49]
    return CleanTalk(
        port: 40_002, server: 5432, request: [0x51, 0, 0, 0, 13] + Array("SELECT 1\0".utf8), answer: answer,
        followsLast: true)
}

private func resp(_ words: String...) -> [UInt8] {
    Array(("*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()).utf8)
}

private func startup(_ name: String) -> [UInt8] {
    let body = [0, 3, 0, 0] + Array("user\0\(name)\0database\0\(name)\0\0".utf8)
    return [0, 0, 0, UInt8(body.count + 4)] + body
}

private func check(_ talk: CleanTalk, _ samples: Samples, _ family: Descriptor, _ labels: [String]) {
    var (count, sum) = (0, 0.0)
    for sample in samples[family] where labels.indices.allSatisfy({ sample.labels[$0] == labels[$0] }) {
        guard case .histogram(let value) = sample.value else { continue }
        count += Int(value.count)
        sum += value.sum
    }
    precondition(count == talk.answered, "\(family.name): \(count) of \(talk.answered)")
    precondition(abs(sum - Double(talk.time) / 1e9) < 1e-6, "\(family.name): \(sum) s of \(talk.time) ns")
}

private func number(_ family: Descriptor, _ labels: [String], in samples: Samples) -> Int {
    samples[family].reduce(0) { sum, sample in
        guard labels.indices.allSatisfy({ sample.labels[$0] == labels[$0] }), case .number(let value) = sample.value
        else { return sum }
        return sum + Int(value)
    }
}

extension FuzzInput {
    /// A word of sixteen letters that depends on all of the input.
    fileprivate var name: String {
        var copy = self
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in copy.rest() { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return "w" + (0..<15).map { String(UnicodeScalar(97 + UInt8(hash >> (4 * $0) & 15))) }.joined()
    }
}
