import Metrics
import Testing

@testable import Capture
@testable import Exporter
@testable import Traffic

/// Latencies that do not come from the network, and the names that they share with those that do.
@Suite struct KeyLatencyTests {
    private func wire(_ flags: [String: [String]] = [:]) throws -> WireSettings {
        WireSettings(try Settings(flags: flags))
    }

    private func counts(_ latencies: KeyLatencies) -> [[String]: UInt64] {
        latencies.samples[RedisTrafficFamilies.keyCommandDuration].reduce(into: [:]) { counts, sample in
            if case .histogram(let value) = sample.value { counts[sample.labels] = value.count }
        }
    }

    @Test func namesAreThoseOfTheWire() throws {
        let engine = SharedEngine(try wire(["keys.group": ["tenant:{project}:*=tenant"]]).traffic)
        func name(_ words: String...) -> CommandName { engine.name(words.map { Array($0.utf8) }) }
        #expect(name("GET", "user:12") == CommandName(command: "get", keyGroup: "user:*", project: ""))
        #expect(name("set", "tenant:acme:9", "x").project == "acme")
        #expect(name("EVAL", "return 1", "1", "job:7").keyGroup == "job:*")
        #expect(name("XREAD", "COUNT", "2", "STREAMS", "log:5", "0").keyGroup == "log:*")
        #expect(name("CONFIG", "GET", "maxmemory") == CommandName(command: "config|get", keyGroup: nil, project: ""))
        #expect(name("PING").keyGroup == nil)
        #expect(name("GET").keyGroup == nil)
        #expect(engine.name([]) == CommandName(command: "unknown", keyGroup: nil, project: ""))
        #expect(name("AUTH", "alice", "secret") == CommandName(command: "auth", keyGroup: nil, project: ""))
    }

    @Test func groupsThatBecomeOneAreNamedAlike() throws {
        let engine = SharedEngine(try wire().traffic)
        for index in 0..<60 {
            let word =
                "cart:" + String(UnicodeScalar(UInt8(97 + index % 26))) + String(repeating: "x", count: index / 26)
            _ = engine.name([Array("get".utf8), Array(word.utf8)])
        }
        #expect(engine.name([Array("get".utf8), Array("cart:new".utf8)]).keyGroup == "cart:*")
    }

    @Test func whatDoesNotFitIsOther() throws {
        let latencies = KeyLatencies(try wire(["keys.max-histograms": ["2"]]))
        for group in ["a", "b", "c", "d", "a"] {
            latencies.record(CommandName(command: "get", keyGroup: group, project: ""), .slowlog, nanoseconds: 1)
        }
        latencies.record(CommandName(command: "type", keyGroup: "z", project: ""), .probe, nanoseconds: 1)
        latencies.record(CommandName(command: "ping", keyGroup: nil, project: ""), .slowlog, nanoseconds: 1)
        #expect(
            counts(latencies) == [
                ["a", "get", "slowlog", ""]: 2, ["b", "get", "slowlog", ""]: 1, ["other", "other", "slowlog", ""]: 2,
                ["z", "type", "probe", ""]: 1,
            ])
    }
}
