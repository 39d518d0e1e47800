import Metrics
import Synchronization
import TestKit
import Testing

@testable import Redis

/// The server behind a name, which may change while a connection is kept.
struct LiveNameTests {
    /// What a name leads to, as a resolver would say; counts how often it was asked.
    private final class Names: Sendable {
        private let state: Mutex<(port: Int?, lookUps: Int)>

        init(port: Int) {
            state = Mutex((port, 0))
        }

        var lookUps: Int { state.withLock { $0.lookUps } }

        /// Nil for a resolver that fails.
        func lead(to port: Int?) {
            state.withLock { $0.port = port }
        }

        /// A target for a name that leads here.
        func target(counting connections: Connections = Connections()) throws -> RedisTarget {
            var settings = RedisSettings.patient
            settings.nameInterval = .milliseconds(20)
            settings.lookUp = { [self] host, _ throws(CollectorFailure) in
                let port = state.withLock { state in
                    state.lookUps += 1
                    return state.port
                }
                guard let port else { throw CollectorFailure(.resolve, "no resolver") }
                return try ResolvedAddress.all(host: "127.0.0.1", port: UInt16(port))
            }
            return RedisTarget(try RedisAddress("redis.test:6379"), settings, companion: connections.companion)
        }
    }

    private static func port(of target: RedisTarget) async throws -> String? {
        try await target.poll().samples[InstanceInfo.info].first?.labels[6]
    }

    @Test func aNameThatLeadsElsewhereIsFollowed() async throws {
        let (old, new) = (try await RedisServer(), try await RedisServer())
        let names = Names(port: old.port)
        let connections = Connections()
        let target = try names.target(counting: connections)
        #expect(try await Self.port(of: target) == "\(old.port)")
        names.lead(to: new.port)
        try await eventually("the new server") { try await Self.port(of: target) == "\(new.port)" }
        #expect(connections.count == 2)
        let before = names.lookUps
        try await eventually("more look-ups") { names.lookUps > before + 2 }
        _ = try await target.poll()
        #expect(connections.count == 2)
    }

    @Test func aConnectionThroughAProxyIsKept() async throws {
        let server = try await RedisServer()
        let proxy = try FaultProxy(to: .port(server.port))
        let names = Names(port: proxy.port)
        let connections = Connections()
        let target = try names.target(counting: connections)
        _ = try await target.poll()
        try await eventually("look-ups") { names.lookUps > 3 }
        _ = try await target.poll()
        #expect(connections.count == 1)
    }

    @Test func aResolverThatFailsChangesNothing() async throws {
        let server = try await RedisServer()
        let names = Names(port: server.port)
        let connections = Connections()
        let target = try names.target(counting: connections)
        _ = try await target.poll()
        names.lead(to: nil)
        let before = names.lookUps
        try await eventually("look-ups that fail") { names.lookUps > before + 2 }
        _ = try await target.poll()
        #expect(connections.count == 1)
    }

    @Test func aLiteralAddressIsNotWatched() throws {
        for address in ["127.0.0.1", "[::1]:1", "unix:///run/redis.sock", "localhost:7000"] {
            let watch = NameWatch(try RedisAddress(address).endpoint, every: .zero) { _, _ in [] }
            #expect(watch == nil, "\(address)")
        }
        #expect(NameWatch(try RedisAddress("redis.test").endpoint, every: .zero) { _, _ in [] } != nil)
    }

    /// A proxy that looks for the primary leads elsewhere by then, and only new connections find out.
    @Test func aChangedRoleIsAReasonToConnectAnew() async throws {
        let (server, primary) = (try await RedisServer(), try await RedisServer())
        let connections = Connections()
        let target = try server.target(counting: connections)
        _ = try await target.poll()
        _ = try await target.poll()
        #expect(connections.count == 1)
        try server.cli("replicaof", "127.0.0.1", "\(primary.port)")
        _ = try await target.poll()
        _ = try await target.poll()
        _ = try await target.poll()
        #expect(connections.count == 2)
        #expect(target.currentStatus.role == .replica)
    }

    @Test func aRoleThatKeepsChangingIsLeftAlone() {
        var watch = RoleWatch()
        let start = ContinuousClock.now
        func see(_ role: RedisRole, after seconds: Int) -> Bool {
            watch.see(role, at: start + .seconds(seconds), patience: .seconds(60))
            defer { if watch.isOutdated { watch.connected() } }
            return watch.isOutdated
        }
        #expect(!see(.primary, after: 0))
        #expect(see(.replica, after: 5))
        #expect(!see(.replica, after: 10))
        #expect(!see(.primary, after: 15))
        #expect(!see(.primary, after: 60))
        #expect(see(.primary, after: 65))
    }
}
