import Metrics
import Redis
import Testing

@testable import Exporter

/// What is said of traffic that cannot be read.
@Suite struct ReadabilityTests {
    private func said(
        _ address: String, listeningOn port: UInt16?, capturing ports: [UInt16] = [6379], seesPackets: Bool = false
    ) throws -> String? {
        let readability = Readability(capturing: ports)
        let address = try RedisAddress(address)
        readability.begin([address])
        readability.learn(address, listeningOn: port)
        return readability.remark(seesPackets: seesPackets)?.message
    }

    @Test func plainTrafficCanBeRead() throws {
        #expect(try said("redis://h:6379", listeningOn: 6379) == nil)
        #expect(try said("redis://h:6379", listeningOn: nil) == nil)
        // Behind a mapping of ports one of the two is captured.
        #expect(try said("redis://h:16379", listeningOn: 6379) == nil)
        #expect(try said("redis://h:6379", listeningOn: 7000) == nil)
        #expect(try said("unix:///run/redis.sock", listeningOn: 6379) == nil)
        #expect(try said("unix:///run/redis.sock", listeningOn: nil) == nil)
    }

    @Test func encryptedTrafficCannot() throws {
        let message = try #require(try said("rediss://h:6379", listeningOn: 6379))
        #expect(message.hasPrefix("h:6379 is reached over TLS: what clients send to port 6379 is encrypted"))
        #expect(message.contains("slowlog-log-slower-than and --keys.probe"))
        // It is known before the first poll, and whoever passes.
        let readability = Readability(capturing: [6379])
        readability.begin([try RedisAddress("rediss://h:6379")])
        #expect(readability.remark(seesPackets: true)?.isTrouble == true)
        readability.begin([try RedisAddress("redis://h:6379")])
        #expect(readability.remark(seesPackets: true) == nil)
    }

    @Test func aPortWithoutTLSBesideItCan() throws {
        #expect(try said("rediss://h:6380", listeningOn: 6379, capturing: [6379]) == nil)
    }

    @Test func aUnixSocketAloneCannot() throws {
        let message = try #require(try said("unix:///run/redis.sock", listeningOn: 0, seesPackets: true))
        #expect(message.hasPrefix("/run/redis.sock has no TCP port: what passes a Unix socket passes no interface"))
        #expect(message.contains("--keys.probe"))
    }

    @Test func aPortThatIsNotCapturedIsNamed() throws {
        let message = "h:6380 listens on port 6380, and only 6379 is captured: --wire.redis-ports=6380"
        #expect(try said("redis://h:6380", listeningOn: 6380) == message)
        #expect(
            try said("unix:///s", listeningOn: 6380)?.hasSuffix("only 6379 is captured: --wire.redis-ports=6380")
                == true)
        // Somebody's packets pass the captured port, so that it was chosen for a reason.
        #expect(try said("redis://h:6380", listeningOn: 6380, seesPackets: true) == nil)
    }

    @Test func everyTargetIsNamed() throws {
        let readability = Readability(capturing: [1, 2])
        readability.begin([try RedisAddress("rediss://a:1"), try RedisAddress("rediss://b:2")])
        let message = try #require(readability.remark(seesPackets: false)?.message)
        #expect(message.contains("a:1 is reached over TLS") && message.contains("b:2 is reached over TLS"))
    }
}
