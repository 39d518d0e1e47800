import Metrics
import TestKit
import Testing

@testable import Redis

/// CLIENT LIST as counts.
struct ClientTests {
    private func client(_ user: String, _ name: String, idle: Int64 = 0, isBlocked: Bool = false) -> RedisClient {
        RedisClient(address: "h:1", user: user, name: name, library: "", idle: idle, isBlocked: isBlocked)
    }

    @Test func readsWhatALineHas() throws {
        let text = """
            id=3 addr=10.0.0.1:5000 laddr=10.0.0.2:6379 fd=8 name=api age=900 idle=400 flags=b db=0 user=app \
            lib-name=go-redis(,go1.22.1) lib-ver=9.5\r
            id=4 addr=[::1]:5001 name= idle=x
            id=5 name=nobody user=app
            rubbish
            """
        let clients = try ClientList.decode(.bulk(Array(text.utf8)))
        #expect(clients.count == 2)
        #expect(
            clients[0]
                == RedisClient(
                    address: "10.0.0.1:5000", user: "app", name: "api", library: "go-redis(,go1.22.1)", idle: 400,
                    isBlocked: true))
        #expect(clients[1] == RedisClient(address: "[::1]:5001", user: ""))
        #expect(try ClientList.decode(.bulk([])).isEmpty)
        #expect(throws: CollectorFailure.self) { try ClientList.decode(.bulk(Array("rubbish".utf8))) }
        #expect(throws: CollectorFailure.self) { try ClientList.decode(.integer(1)) }
    }

    @Test(arguments: [
        ("api", "api"), ("", ""), ("web-7d9f8b6c5-x2x4z", "web-*"), ("worker3", "worker*"), ("10.0.0.7:5000", "*"),
        ("10.0.0.7-api", "*-api"), ("celery@worker3.example.com", "*"),
        ("job:8f14e45fceea167a5a36dedd4bea2543", "job:*"),
        ("sess_aB3dE5fG7hJ9", "sess_*"), ("naïve", "*"), ("a b", "*"), ("bull:ZW1haWxz:w", "bull:*:w"),
        ("550e8400-e29b-41d4-a716-446655440000", "*"), ("v2-api", "v*-api"),
    ])
    func whatTellsOneFromTheOthersIsNoLabel(name: String, label: String) {
        #expect(ClientLabel.name(name) == label)
    }

    @Test func longNamesAreNoLabels() {
        #expect(ClientLabel.name(String(repeating: "x", count: 41)) == "*")
        #expect(ClientLabel.name(String(repeating: "x", count: 1 << 20)) == "*")
        #expect(ClientLabel.library("go-redis(,go1.22.1)") == "go-redis")
    }

    @Test func clientsAreCountedByKind() {
        var counts = ClientCounts()
        let samples = counts.samples(of: [
            client("app", "api"), client("app", "api", idle: 300), client("app", "worker1", isBlocked: true),
            client("app", "worker2", isBlocked: true),
        ])
        #expect(samples.number(ClientCounts.clients, "app", "api", "") == 2)
        #expect(samples.number(ClientCounts.idle, "app", "api", "") == 1)
        #expect(samples.number(ClientCounts.blocked, "app", "api", "") == 0)
        #expect(samples.number(ClientCounts.blocked, "app", "worker*", "") == 2)
    }

    /// A family whose series stand elsewhere than before is written anew.
    @Test func kindsComeInTheSameOrderEachTime() {
        let clients = (0..<20).map { client("user\($0)", "") }
        let orders = Set(
            (0..<20).map { _ in
                var counts = ClientCounts()
                return counts.samples(of: clients.shuffled())[ClientCounts.clients].map(\.labels)
            })
        #expect(orders.count == 1)
    }

    @Test func beyondFiftyKindsTheRestIsOther() {
        var counts = ClientCounts()
        let small = (0..<60).map { client("user\($0)", "") }
        let first = counts.samples(of: small + [client("large", ""), client("large", "")])
        #expect(first[ClientCounts.clients].count == ClientCounts.mostKinds + 1)
        #expect(first.number(ClientCounts.clients, "large", "", "") == 2)
        #expect(first.number(ClientCounts.clients, "other", "other", "other") == 11)
        // What is shown stays, whatever grows beside it; what has gone makes room.
        let shown = Set(first[ClientCounts.clients].map(\.labels))
        let second = counts.samples(of: small + (0..<100).map { _ in client("grown", "") } + [client("large", "")])
        #expect(Set(second[ClientCounts.clients].map(\.labels)) == shown)
        let third = counts.samples(of: small.prefix(5) + [client("grown", "")])
        #expect(third.number(ClientCounts.clients, "grown", "", "") == 1)
    }

    @Test func liveClientsAreCounted() async throws {
        let server = try await RedisServer("redis-server", ["user app on nopass +@all ~*"])
        let sockets = try (0..<3).map { _ in try RawSocket(port: server.port) }
        for (number, socket) in sockets.enumerated() {
            try socket.send("AUTH app x\r\nCLIENT SETNAME api-\(number)\r\n")
            try await eventually("both replies") { try server.cli("client", "list").contains("name=api-\(number)") }
        }
        let target = try server.target()
        let samples = try await target.poll().samples
        #expect(samples.number(ClientCounts.clients, "app", "api-*", "") == 3)
        #expect(samples.number(ClientCounts.clients, "default", "sidelong", "") == 1)
        // Kept until it is due again.
        #expect(try await target.poll().samples.number(ClientCounts.clients, "app", "api-*", "") == 3)
    }

    @Test func manyClientsAreAskedForMoreSeldom() {
        func pace(_ count: Int) -> Duration { ClientList.pace(.seconds(60), count: count) }
        #expect(pace(0) == .seconds(60) && pace(1000) == .seconds(60))
        #expect(pace(5000) == .seconds(300))
    }
}
