import TestKit
import Testing

/// Names and addresses: a name that does not resolve yet, and a machine without IPv4.
@Suite(OnServers()) struct NameTests {
    /// Runs a program with files of its own in place of two of the system's.
    private static func launcher(hosts: String, nameServices: String) -> [String] {
        let script = """
            mount --bind \(hosts) /etc/hosts && mount --bind \(nameServices) /etc/nsswitch.conf && exec "$0" "$@"
            """
        return ["unshare", "--mount", "sh", "-c", script]
    }

    @Test func aNameThatDoesNotResolveYetIsAskedAgain() async throws {
        let servers = try OnServers.servers
        let folder = try TemporaryFolder()
        let hosts = try folder.write("127.0.0.1 localhost\n", to: "hosts")
        let services = try folder.write("hosts: files\n", to: "nsswitch.conf")
        let sidelong = try await Sidelong(
            [
                "--redis.addr=redis.test:\(servers.redis.port)",
                "--postgres.dsn=postgres://postgres@postgres.test:\(servers.postgres.port)/postgres",
                "--pgbouncer.dsn=host=pgbouncer.test port=\(servers.pgBouncer.port) user=stats",
            ] + WatchedServers.timers,
            through: (Self.launcher(hosts: hosts, nameServices: services), Sidelong.binary))
        let targets: [WatchedServers.Target] = [.redis, .postgres, .pgBouncer]
        for target in targets {
            try await sidelong.waits(for: target.up, toBe: 0)
            let failures = #"sidelong_collector_failures_total{collector="\#(target.collector)",reason="resolve"}"#
            #expect(try sidelong.value(failures) ?? 0 > 0, "\(target): \(sidelong.process.output)")
        }
        #expect(try sidelong.get("/health/ready").status == 200)

        try folder.write("127.0.0.1 localhost redis.test postgres.test pgbouncer.test\n", to: "hosts")
        for target in targets { try await sidelong.waits(for: target.up, toBe: 1, within: .seconds(60)) }
    }

    /// A failover by DNS: both servers go on, and the connection to the old one would go on as well.
    @Test func aNameThatLeadsElsewhereIsFollowedWithinAMinute() async throws {
        let old = try await RedisServer()
        let new = try await RedisServer("redis-server", ["bind 127.0.0.2", "port \(old.port)"])
        let folder = try TemporaryFolder()
        let hosts = try folder.write("127.0.0.1 localhost redis.test\n", to: "hosts")
        let services = try folder.write("hosts: files\n", to: "nsswitch.conf")
        let sidelong = try await Sidelong(
            ["--redis.addr=redis.test:\(old.port)", "--redis.interval=500ms", "--wire.interfaces=off"],
            through: (Self.launcher(hosts: hosts, nameServices: services), Sidelong.binary))
        try await sidelong.waits(for: "redis_up", toBe: 1)
        func run(of server: RedisServer, at host: String) throws -> String {
            let info = try ServerProcess.run("redis-cli", ["-h", host, "-p", "\(old.port)", "info", "server"]).output
            return String(try #require(info.firstMatch(of: /run_id:(\w+)/)).output.1)
        }
        let runs = (old: try run(of: old, at: "127.0.0.1"), new: try run(of: new, at: "127.0.0.2"))
        #expect(try sidelong.page().contains(runs.old))
        try folder.write("127.0.0.1 localhost\n127.0.0.2 redis.test\n", to: "hosts")
        try await eventually("the new server", within: .seconds(60)) { try sidelong.page().contains(runs.new) }
        #expect(try !sidelong.page().contains(runs.old))
        #expect(try sidelong.value("redis_up") == 1)
    }

    /// Brings a port of `::1` to a unix socket, which can be reached from every network.
    private static let relay = """
        import socket, sys, threading

        def pass_on(source, sink):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

        listener = socket.create_server(("::1", int(sys.argv[1])), family=socket.AF_INET6)
        while True:
            client, _ = listener.accept()
            server = socket.socket(socket.AF_UNIX)
            server.connect(sys.argv[2])
            for ends in (client, server), (server, client):
                threading.Thread(target=pass_on, args=ends, daemon=True).start()
        """

    @Test func aMachineWithoutIPv4() async throws {
        let servers = try OnServers.servers
        let folder = try TemporaryFolder()
        let (own, port, postgres, pgBouncer) = (try freePort(), try freePort(), try freePort(), try freePort())
        // In a network of its own, where the loopback has only ::1.
        let script = "ip link set lo up && ip -4 address flush dev lo && exec \"$0\" \"$@\""
        let sidelong = try ServerProcess(
            "unshare",
            [
                "--net", "sh", "-c", script, Sidelong.binary, "serve", "--redis.addr=[::1]:\(port)",
                "--postgres.dsn=postgres://postgres@[::1]:\(postgres)/postgres",
                "--pgbouncer.dsn=host=::1 port=\(pgBouncer) user=stats", "--postgres.interval=200ms",
                "--pgbouncer.interval=200ms",
                "--web.listen-address=:\(own)", "--redis.interval=200ms", "--retry.delay=50ms",
                "--health.response-time=100000,100000",
            ], in: folder)
        let inside = ["-t", "\(sidelong.identifier)", "-n"]
        func component(_ name: String) throws -> Int32 {
            let url = "http://[::1]:\(own)/health/\(name)"
            return try ServerProcess.run("nsenter", inside + [Sidelong.binary, "health", url]).status
        }
        try await eventually("served on ::1: \(sidelong.output)") { try component("live") == 0 }
        #expect(try component("redis") == 1)
        let redis = try ServerProcess(
            "nsenter", inside + ["redis-server", "--port", "\(port)", "--bind", "::1", "--save", ""], in: folder)
        try await eventually("Redis on ::1 is up: \(sidelong.output)") { try component("redis") == 0 }
        redis.kill()
        try await eventually("Redis on ::1 is down") { try component("redis") == 1 }

        var relays: [(FaultProxy, ServerProcess)] = []
        for (name, port, server) in [
            ("database", postgres, servers.postgres.port), ("pgbouncer", pgBouncer, servers.pgBouncer.port),
        ] {
            #expect(try component(name) == 1)
            let socket = folder.path("\(name).socket")
            let proxy = try FaultProxy(to: .port(server), at: .path(socket))
            let arguments = inside + ["python3", "-c", Self.relay, "\(port)", socket]
            relays.append((proxy, try ServerProcess("nsenter", arguments, in: folder)))
            try await eventually("\(name) on ::1 is up") { try component(name) == 0 }
        }
    }
}
