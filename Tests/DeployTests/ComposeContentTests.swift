import Foundation
import TestKit
import Testing

/// What the compose file configures in its other services, with servers of this machine in their place.
@Suite struct ComposeContentTests {
    /// The inline files of the stack, by name.
    private func configurations() throws -> [String: String] {
        struct Stack: Decodable {
            struct Configuration: Decodable {
                let content: String
            }
            let configs: [String: Configuration]
        }
        let file = Project.root.appending(path: "deploy/compose.yaml").path
        let output = try Checker.run("docker-compose", ["--file=\(file)", "config", "--format=json"]).output
        let stack = try JSONDecoder().decode(Stack.self, from: Data(output.utf8))
        // What compose prints is a compose file again, in which a dollar sign is written twice.
        return stack.configs.mapValues { $0.content.replacing("$$", with: "$") }
    }

    /// Needs CAP_NET_RAW.
    @Test func sidelongSeesTheGatewaysTraffic() async throws {
        let all = try configurations()
        let folder = try TemporaryFolder()
        let port = try freePort()
        let server = try #require(all["gateway"]).replacing("listen 8080", with: "listen 127.0.0.1:\(port)")
        let file = try folder.write(
            """
            daemon off;
            user root;
            pid \(folder.path("nginx.pid"));
            error_log stderr;
            events {}
            http {
            access_log off;
            \(server)
            }

            """, to: "nginx.conf")
        let gateway = try ServerProcess("nginx", ["-c", file, "-p", folder.url.path], in: folder)
        defer { gateway.end() }
        let script = try folder.write(
            try #require(all["gateway-load"]).replacing("gateway:8080", with: "127.0.0.1:\(port)"), to: "load.sh")
        let traffic = try ServerProcess("sh", [script], in: folder)
        let sidelong = try await Sidelong(["--wire.http-ports=\(port)", "--wire.interfaces=lo"])
        for series in [
            #"{method="GET",path="/api/users/*",status="200"}"#, #"{method="POST",path="/api/orders",status="200"}"#,
            #"{method="GET",path="other",status="401"}"#, #"{method="GET",path="other",status="404"}"#,
            #"{method="GET",path="other",status="502"}"#,
        ] {
            try await eventually("requests \(series): \(gateway.output)") {
                try sidelong.page().contains("\nhttp_requests_total\(series) ")
            }
        }
        #expect(traffic.isRunning, "\(traffic.output)")
    }

    @Test func sidelongSeesTheDatabaseAndThePool() async throws {
        let all = try configurations()
        let postgres = try await PostgresServer.start()
        try postgres.sql("CREATE ROLE gateway SUPERUSER LOGIN PASSWORD 'sidelong' IN ROLE needs_password")
        try postgres.sql("CREATE DATABASE gateway OWNER gateway")
        try postgres.sql(Project.text("deploy/gateway-schema.sql"), database: "gateway")
        try postgres.sql(try #require(all["postgres-roles"]), database: "gateway")
        try postgres.sql("GRANT needs_password TO sidelong")

        let folder = try TemporaryFolder()
        let port = try freePort()
        let users = try folder.write(try #require(all["pgbouncer-users"]), to: "users.txt")
        let configuration = try folder.write(
            try #require(all["pgbouncer"])
                .replacing("host=postgres", with: "host=127.0.0.1 port=\(postgres.port)")
                .replacing("listen_addr = *", with: "listen_addr = 127.0.0.1")
                .replacing("listen_port = 6432", with: "listen_port = \(port)")
                .replacing("/etc/pgbouncer/userlist.txt", with: users), to: "pgbouncer.ini")
        let pooler = try ServerProcess(
            "setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--", "pgbouncer", configuration],
            in: folder)
        let pool = "127.0.0.1:\(port)"
        let load = try folder.write(try #require(all["postgres-load"]), to: "load.sql")
        try await eventually("a query through the pool: \(pooler.output)") {
            let arguments = [
                "--no-vacuum", "--transactions=1", "--file=\(load)", "postgres://gateway:sidelong@\(pool)/gateway",
            ]
            return try ServerProcess.run(DatabaseRelease.postgres.path("pgbench"), arguments).status == 0
        }

        let redis = try await RedisServer()
        let script = try folder.write(
            try #require(all["redis-load"]).replacing("-h redis", with: "-p \(redis.port)"), to: "load.sh")
        let traffic = try ServerProcess("sh", [script], in: folder)
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--wire.interfaces=off",
            "--postgres.dsn=postgres://sidelong:sidelong@127.0.0.1:\(postgres.port)/gateway",
            "--pgbouncer.dsn=postgres://stats:sidelong@\(pool)/pgbouncer",
            "--postgres.queries-file=\(Project.root.path)/deploy/gateway-queries.yaml",
        ])
        try await sidelong.waits(for: "pg_up", toBe: 1)
        try await sidelong.waits(for: "pgbouncer_up", toBe: 1)
        let families = ["organizations_total", "users_total", "api_keys_total", "database_queries_total"]
        for family in families + ["redis_command_errors_total{command=\"lpush\"}"] {
            try await eventually(family) { try sidelong.page().contains("\n\(family)") }
        }
        #expect(traffic.isRunning, "\(traffic.output)")
    }
}
