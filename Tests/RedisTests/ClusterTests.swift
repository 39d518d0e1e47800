import Metrics
import Synchronization
import TestKit
import Testing

@testable import Redis

/// The nodes behind `redis-cluster://`: what a node says of the others, and whom to believe.
struct ClusterTests {
    private static let asked = RedisAddress(.tcp(host: "seed", port: 7000))

    private static func labels(_ view: ClusterView) -> [String] {
        view.nodes.map { ($0.isPrimary ? "+" : "") + RedisAddress($0.endpoint).label }
    }

    /// A map as RESP2 writes it.
    private static func map(_ fields: KeyValuePairs<String, RedisReply>) -> RedisReply {
        .array(fields.flatMap { [.bulk(Array($0.utf8)), $1] })
    }

    private static func text(_ text: String) -> RedisReply { .bulk(Array(text.utf8)) }

    private static func node(
        _ endpoint: RedisReply, _ ip: String, _ role: String, port: Int64 = 7000, tls: Int64? = nil
    ) -> RedisReply {
        let fields: KeyValuePairs = [
            "id": text("x"), "port": .integer(port), "ip": text(ip), "endpoint": endpoint, "role": text(role),
        ]
        guard let tls, case .array(let plain) = map(fields), case .array(let more) = map(["tls-port": .integer(tls)])
        else { return map(fields) }
        return .array(plain + more)
    }

    @Test func readsShards() throws {
        let reply = RedisReply.array([
            Self.map([
                "slots": .array([]),
                "nodes": .array([
                    Self.node(Self.text("b.example"), "10.0.0.2", "replica", tls: 7443),
                    Self.node(Self.text(""), "10.0.0.1", "master"), Self.node(.null, "::1", "replica"),
                ]),
            ]),
            Self.map(["nodes": .array([Self.node(Self.text("?"), "", "master", port: 7001)])]),
            Self.map(["nodes": .array([Self.node(Self.text("none"), "", "master", port: 0), .integer(1)])]),
        ])
        let view = try ClusterView(shards: reply, from: Self.asked)
        #expect(Self.labels(view) == ["+10.0.0.1:7000", "+seed:7001", "[::1]:7000", "b.example:7000"])
        let secure = RedisAddress(.tcp(host: "seed", port: 7000), usesTLS: true)
        #expect(Self.labels(try ClusterView(shards: reply, from: secure)).last == "b.example:7443")
    }

    @Test func readsSlots() throws {
        func server(_ host: RedisReply, _ port: Int64) -> RedisReply {
            .array([host, .integer(port), Self.text("id")])
        }
        let reply = RedisReply.array([
            .array([.integer(0), .integer(1), server(Self.text("a"), 1), server(Self.text("b"), 2)]),
            .array([.integer(3), .integer(4), server(Self.text("a"), 1), server(.null, 3)]),
        ])
        #expect(Self.labels(try ClusterView(slots: reply, from: Self.asked)) == ["+a:1", "b:2", "seed:3"])
        #expect(throws: CollectorFailure.self) { try ClusterView(slots: .null, from: Self.asked) }
        #expect(throws: CollectorFailure.self) { try ClusterView(shards: .integer(1), from: Self.asked) }
    }

    private static func view(_ ports: [UInt16]) -> ClusterView {
        ClusterView(ports.map { ClusterView.Node(endpoint: .tcp(host: "h", port: $0), isPrimary: $0 < 10) })
    }

    @Test func watchesAsManyAsAreWantedAndKeepsThoseItHas() {
        var members = ClusterMembers(limit: 3)
        func ports() -> [UInt16] { members.endpoints.map { if case .tcp(_, let port) = $0 { port } else { 0 } } }
        members.take(Self.view([11, 12, 1, 2]))
        #expect(ports() == [1, 2, 11])
        #expect(members.leftOut == 1)
        members.take(Self.view([3, 11, 12, 1, 2]))
        #expect(ports() == [1, 2, 11])
        #expect(members.leftOut == 2)
        #expect(members.isShrunk(Self.view([3, 1, 2])))
        members.take(Self.view([3, 1, 2]))
        #expect(ports() == [1, 2, 3])
        #expect(members.leftOut == 0)
        #expect(!members.isShrunk(Self.view([1, 2, 3, 4])))
    }

    @Test func believesWhoSeesMore() {
        #expect(ClusterMembers.widest([]) == nil)
        #expect(ClusterMembers.widest([Self.view([1]), Self.view([2, 3]), Self.view([4, 5])]) == Self.view([2, 3]))
    }

    /// What the discovery of a cluster has said so far.
    private final class Told: Sendable {
        private let all = Mutex<[[String]]>([])
        var newest: [String] { all.withLock { $0.last ?? [] }.sorted() }
        func add(_ nodes: [RedisAddress]) { all.withLock { $0.append(nodes.map(\.label)) } }
    }

    private static func discovery(_ address: String, limit: Int = 100, _ told: Told) throws -> RedisCluster {
        guard case .cluster(let cluster) = try RedisPlace(address) else {
            throw NeverHappened(description: "\(address) is no cluster")
        }
        return RedisCluster(cluster, .patient, limit: limit) { told.add($0) }
    }

    @Test func nodesThatJoinAndLeaveAreNoticedWhoeverIsAsked() async throws {
        let servers = try await ClusterServers()
        let told = Told()
        let seed = servers.nodes[0]
        let discovery = try Self.discovery("redis-cluster://\(seed.address)", told)
        let limit = Deadline.after(.seconds(20))
        var samples = try await discovery.collect(before: limit).samples
        #expect(told.newest == servers.addresses)
        #expect(samples.first(RedisCluster.nodes) == 3)

        let joined = try await servers.join()
        try joined.cli("cluster", "replicate", try servers.nodes[1].cli("cluster", "myid"))
        _ = try await discovery.collect(before: limit)
        #expect(told.newest == servers.addresses)

        // The seed itself leaves: it goes on telling of a cluster of its own.
        let another = try await servers.join()
        _ = try await discovery.collect(before: limit)
        try await servers.leave(seed)
        samples = try await discovery.collect(before: limit).samples
        #expect(told.newest == servers.addresses)
        #expect(told.newest.contains(another.address) && !told.newest.contains(seed.address))
        #expect(samples.first(RedisCluster.nodes) == 4)

        // A node that is down stays until the cluster forgets it.
        another.kill()
        _ = try await discovery.collect(before: limit)
        #expect(told.newest.contains(another.address))
        let few = Told()
        let bounded = try await Self.discovery("redis-cluster://\(servers.addresses[0])", limit: 2, few)
            .collect(before: limit).samples
        #expect(few.newest.count == 2)
        #expect(bounded.first(RedisCluster.nodesLeftOut) == 2)
    }

    @Test func bothCommandsTellTheSameNodes() async throws {
        let servers = try await ClusterServers()
        let address = try RedisAddress(servers.nodes[0].address)
        var connection = try RedisConnection.open(to: address, .patient, before: .after(.seconds(20)))
        let replies = try connection.pipeline([ClusterView.shards, ClusterView.slots], before: .after(.seconds(20)))
        let shards = try ClusterView(shards: replies[0], from: address)
        #expect(shards == (try ClusterView(slots: replies[1], from: address)))
        #expect(shards.nodes.map { RedisAddress($0.endpoint).label }.sorted() == servers.addresses)
        let ports = try RedisPlace("redis-cluster://\(address.label)").ports(.patient, before: .after(.seconds(20)))
        #expect(Set(ports) == Set(servers.nodes.map { UInt16($0.port) }))
    }

    @Test func aClusterThatIsDownIsSeenToBeDown() async throws {
        let (told, port) = (Told(), try freePort())
        let discovery = try Self.discovery("redis-cluster://127.0.0.1:\(port)", told)
        await #expect(throws: CollectorFailure.self) { try await discovery.collect(before: .after(.seconds(20))) }
        #expect(told.newest == ["127.0.0.1:\(port)"])
    }

    @Test func aServerWithoutAClusterSaysSo() async throws {
        let (told, server) = (Told(), try await RedisServer())
        let discovery = try Self.discovery("redis-cluster://\(server.address)", told)
        let failure = await #expect(throws: CollectorFailure.self) {
            try await discovery.collect(before: .after(.seconds(20)))
        }
        #expect(failure?.reason == .unsupported)
        #expect(failure?.message.contains("redis://\(server.address)") == true)
        #expect(told.newest == [server.address])
    }
}
