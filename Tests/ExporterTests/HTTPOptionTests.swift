import Metrics
import Testing
import Traffic

@testable import Exporter

/// What the options about the gateway's traffic mean.
@Suite struct HTTPOptionTests {
    private func settings(_ flags: [String]) throws -> Settings {
        try Settings(flags: try Arguments(flags).flags)
    }

    @Test func everyOptionReachesTheEngine() throws {
        let given = WireSettings(
            try settings([
                "--wire.http-ports=8080,8081", "--http.path=/a/{id}", "--http.path=/b,c/*=b", "--http.max-paths=7",
                "--http.max-histograms=8", "--http.api-key-headers=X-Token,authorization", "--http.api-keys-file=k",
            ]))
        let traffic = given.traffic
        #expect(traffic.ports.ports(of: .http) == [8080, 8081] && traffic.ports.ports(of: .redis) == [6379])
        #expect(traffic.http.patterns.count == 2)
        #expect(traffic.http.maxPaths == 7 && traffic.http.maxHistograms == 8)
        #expect(traffic.http.keyFields == ["x-token", "authorization"])
        #expect(WireSettings(try settings([])).traffic.http.keyFields.isEmpty)
    }

    @Test func bucketsReachTenSecondsUnlessTheyAreChosen() throws {
        #expect(WireSettings(try settings([])).traffic.http.buckets.bounds.suffix(3) == [2.5, 5, 10])
        let chosen = try settings(["--latency.buckets=0.5,1"])
        #expect(WireSettings(chosen).traffic.http.buckets.bounds == [0.5, 1])
    }

    @Test(arguments: ["--http.path=api", "--http.path=/a/{", "--http.api-key-headers=a b", "--wire.http-ports=0"])
    func othersAreRefused(flag: String) {
        #expect(throws: ConfigurationError.self) { try settings([flag]) }
    }

    @Test func onePortSpeaksOneProtocol() throws {
        let both = WireSettings(try settings(["--wire.http-ports=80,6379"]))
        #expect {
            try both.portTable()
        } throws: {
            "\($0)" == "--wire.http-ports: port 6379 cannot be read as redis and as http; leave it to one of them"
        }
    }
}
