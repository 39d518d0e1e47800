import Metrics
import TestKit
import Testing

@testable import Redis

/// The primary behind `sentinel://`.
struct SentinelTests {
    private static func target(
        _ address: String, _ settings: RedisSettings = .patient, counting connections: Connections = Connections()
    ) throws -> RedisTarget {
        guard case .primary(let group) = try RedisPlace(address) else {
            throw NeverHappened(description: "\(address) names no Sentinels")
        }
        return RedisTarget(group, settings, companion: connections.companion)
    }

    private static func port(of target: RedisTarget) async throws -> Int? {
        try await target.poll().samples[InstanceInfo.info].first.flatMap { Int($0.labels[6]) }
    }

    @Test func thePrimaryIsFollowedThroughAFailover() async throws {
        let group = try await SentinelGroup()
        try await group.settles()
        let connections = Connections()
        let target = try Self.target("sentinel://\(group.addresses)/mymaster", counting: connections)
        #expect(target.label == "mymaster")
        #expect(try await Self.port(of: target) == group.primary.port)
        #expect(try await Self.port(of: target) == group.primary.port)
        #expect(connections.count == 1)

        group.primary.kill()
        try await eventually("the new primary in the opinion of a Sentinel") {
            try group.sentinels[0].cli("sentinel", "get-master-addr-by-name", "mymaster").contains(
                "\(group.replica.port)")
        }
        try await eventually("a replica that has become the primary") {
            try group.replica.cli("role").hasPrefix("master")
        }
        #expect(try await Self.port(of: target) == group.replica.port)

        // One Sentinel is enough, and none is needed while the primary stays where it was.
        group.sentinels[0].kill()
        group.sentinels[1].kill()
        #expect(try await Self.port(of: target) == group.replica.port)
        group.sentinels[2].kill()
        let collected = try await target.poll()
        #expect(collected.reason(SentinelResolver.name) != nil)
        #expect(!collected.skipped.contains(SentinelResolver.name))
        #expect(collected.samples[InstanceInfo.info].first?.labels[6] == "\(group.replica.port)")
    }

    @Test func serverAndSentinelsHaveTheirOwnPasswords() async throws {
        let group = try await SentinelGroup(
            server: ["requirepass server", "masterauth server"],
            sentinel: ["sentinel auth-pass mymaster server", "requirepass watcher"])
        try await group.settles(["--no-auth-warning", "-a", "watcher"])
        let address = "sentinel://:server@\(group.addresses)/mymaster"
        let refused = try await Self.target(address).failure()
        #expect(refused?.reason == .auth)
        #expect(refused?.message.contains("Sentinel") == true)
        var settings = RedisSettings.patient
        settings.sentinelPassword = "watcher"
        #expect(try await Self.port(of: Self.target(address, settings)) == group.primary.port)
        let ports = try RedisPlace(address).ports(settings, before: .after(.seconds(20)))
        #expect(ports == [UInt16(group.primary.port), UInt16(group.replica.port)])
    }

    @Test func anUnknownNameAndSentinelsThatAreDownSaySo() async throws {
        let sentinel = try await RedisServer(
            "redis-server", [], arguments: ["--sentinel"], until: "Sentinel ID is")
        let unknown = try await Self.target("sentinel://\(sentinel.address)/nobody").failure()
        #expect(unknown?.reason == .refused)
        #expect(unknown?.message.contains("nobody") == true)
        let down = try await Self.target("sentinel://127.0.0.1:\(try freePort())/mymaster").failure()
        #expect(down?.reason == .connect)
    }

    /// A Sentinel that is cut off goes on naming a primary that is none any more.
    @Test func aReplicaIsNotShownAsThePrimary() async throws {
        let primary = try await RedisServer()
        let replica = try await RedisServer("redis-server", ["replicaof 127.0.0.1 \(primary.port)"])
        let sentinel = try FakeServer { client in
            while true {
                let request = client.receive()
                if request.isEmpty { return }
                let port = "\(replica.port)"
                let place = "*2\r\n$9\r\n127.0.0.1\r\n$\(port.count)\r\n\(port)\r\n"
                let answer = request.contains("MASTER") ? place + "-ERR unknown\r\n" : "+OK\r\n+PONG\r\n$0\r\n\r\n"
                guard client.send(answer) else { return }
            }
        }
        let failure = try await Self.target("sentinel://127.0.0.1:\(sentinel.port)/mymaster").failure()
        #expect(failure?.reason == .refused)
        #expect(failure?.message.contains("no primary") == true)
    }

    @Test func aSentinelThatHasNotHeardOfAFailoverIsNotBelieved() async throws {
        let (old, new) = (try await RedisServer(), try await RedisServer())
        func sentinel(_ server: RedisServer, epoch: Int) throws -> FakeServer {
            let port = "\(server.port)"
            let place = "*2\r\n$9\r\n127.0.0.1\r\n$\(port.count)\r\n\(port)\r\n"
            let details = "*2\r\n$12\r\nconfig-epoch\r\n$1\r\n\(epoch)\r\n"
            return try FakeServer { client in
                while case let request = client.receive(), !request.isEmpty {
                    let answer = request.contains("MASTER") ? place + details : "+OK\r\n+PONG\r\n$0\r\n\r\n"
                    guard client.send(answer) else { return }
                }
            }
        }
        let late = try sentinel(old, epoch: 4)
        var informed: FakeServer? = try sentinel(new, epoch: 5)
        let port = try #require(informed?.port)
        let target = try Self.target("sentinel://127.0.0.1:\(late.port),127.0.0.1:\(port)/mymaster")
        #expect(try await Self.port(of: target) == new.port)
        informed = nil
        for _ in 0..<3 { #expect(try await Self.port(of: target) == new.port) }
    }

    @Test func theNewestConfigurationIsRight() throws {
        func answer(_ port: UInt16, _ epoch: Int64) -> SentinelAnswer {
            SentinelAnswer(endpoint: .tcp(host: "h", port: port), epoch: epoch)
        }
        #expect(SentinelAnswer.newest(of: []) == nil)
        #expect(SentinelAnswer.newest(of: [answer(1, 3), answer(2, 4), answer(3, 4)]) == answer(2, 4))
        let replies: [RedisReply] = [
            .array([.bulk(Array("::1".utf8)), .bulk(Array("7000".utf8))]),
            .array([.bulk(Array("config-epoch".utf8)), .bulk(Array("9".utf8))]),
        ]
        let read = try SentinelAnswer(replies, name: "m")
        #expect(read.endpoint == .tcp(host: "::1", port: 7000))
        #expect(read.epoch == 9)
        #expect(try SentinelAnswer([replies[0], .error("NOPERM")], name: "m").epoch == 0)
        for nonsense in [RedisReply.null, .integer(1), .array([]), .array([.null, .null]), .error("ERR")] {
            #expect(throws: CollectorFailure.self) { try SentinelAnswer([nonsense, .null], name: "m") }
        }
    }
}
