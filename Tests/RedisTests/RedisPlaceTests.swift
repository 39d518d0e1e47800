import Testing

@testable import Redis

struct RedisPlaceTests {
    @Test func readsServers() throws {
        #expect(try RedisPlace("host:7000") == .server(RedisAddress("host:7000")))
        #expect(try RedisPlace("rediss://u:p@host") == .server(RedisAddress("rediss://u:p@host")))
    }

    @Test func readsSentinels() throws {
        guard case .primary(let group) = try RedisPlace("sentinel://us%40er:secret@a,b:7000,[::1]/my-master?db=2")
        else {
            Issue.record("no Sentinels")
            return
        }
        #expect(group.sentinels.map(\.label) == ["a:26379", "b:7000", "[::1]:26379"])
        #expect(group.sentinels.allSatisfy { $0.user == nil && $0.password == nil && !$0.usesTLS })
        #expect(group.name == "my-master")
        #expect(group.primary.user == "us@er")
        #expect(group.primary.password == "secret")
    }

    @Test func readsClusters() throws {
        guard case .cluster(let cluster) = try RedisPlace("redis-clusters://:secret@a:7000,b") else {
            Issue.record("no cluster")
            return
        }
        #expect(cluster.seeds.map(\.label) == ["a:7000", "b:6379"])
        #expect(cluster.seeds.allSatisfy { $0.password == "secret" && $0.usesTLS })
    }

    @Test(arguments: [
        ("sentinel://u:secret@a,b/name", "sentinel://a:26379,b:26379/name", "name"),
        ("redis-cluster://u:secret@a,b", "redis-cluster://a:6379,b:6379", "a:6379"),
        ("redis://u:secret@a", "redis://a:6379", "a:6379"),
    ])
    func isShownWithoutCredentials(text: String, shown: String, label: String) throws {
        let place = try RedisPlace(text)
        #expect("\(place)" == shown)
        #expect(place.label == label)
    }

    @Test(arguments: [
        "sentinel://host", "sentinel://host/", "sentinel:///name", "sentinel://a,,b/name", "sentinel://a/na me",
        "sentinel://a/x/y", "sentinel://a:0/name", "redis-cluster://", "redis-cluster://a:x", "redis-cluster://a/1",
        "sentinel://user:secret@host:0/name", "redis-cluster://user:secret@host/x",
    ])
    func refuses(text: String) {
        let error = #expect(throws: RedisAddress.Malformed.self) { try RedisPlace(text) }
        #expect(error?.description.contains("secret") == false)
    }

    @Test func hostsOfAListBelongToTheAddressBeforeThem() {
        let texts = [
            "sentinel://a", "b:1", "c/name", "d:2", "redis-cluster://e", "f", "redis://g", "h", "sentinels://i/name",
            "j",
        ]
        #expect(
            RedisPlace.joined(texts) == [
                "sentinel://a,b:1,c/name", "d:2", "redis-cluster://e,f", "redis://g", "h", "sentinels://i/name", "j",
            ])
    }
}
