import Foundation
import Glibc
import TestKit
import Testing

/// The compose file: whether it is one, and its sidecar in real containers.
@Suite struct ComposeTests {
    private static let file = Project.root.appending(path: "deploy/compose.yaml").path

    @Test func itIsValidAndMountsWhatIsThere() throws {
        let result = try Checker.run("docker-compose", ["--file=\(Self.file)", "config", "--format=json"])
        #expect(result.status == 0, "\(result.output)")
        let stack = try JSONDecoder().decode(Stack.self, from: Data(result.output.utf8))
        #expect(
            stack.services.keys.sorted() == [
                "gateway", "gateway-load", "grafana", "pgbouncer", "postgres", "postgres-load", "prometheus", "redis",
                "redis-load", "sidelong",
            ])
        let mounts = stack.services.values.flatMap { $0.volumes ?? [] }.filter { $0.type == "bind" }
        #expect(mounts.count == 5)
        for (name, path) in [("prometheus", "/-/ready"), ("grafana", "/api/health")] {
            let check = try #require(stack.services[name]?.healthcheck?.test.last)
            #expect(check.hasSuffix(path), "\(name): \(check)")
        }
        #expect(stack.services["prometheus"]?.command?.contains("--storage.tsdb.retention.time=30d") == true)
        #expect(stack.services["grafana"]?.dependencies?["prometheus"]?.condition == "service_healthy")
        for mount in mounts {
            #expect(FileManager.default.fileExists(atPath: mount.source), "\(mount.source) is mounted and not there")
        }
    }

    @Test(arguments: [true, false])
    func theSidecarRunsInItsLimits(withCapture: Bool) async throws {
        let stack = try await RunningStack(withCapture: withCapture)
        // The processes are shared, and the first of them is Redis.
        let expected = [
            "redis_up 1", "cgroup_memory_limit_bytes 67108864", "cgroup_cpu_limit_cores 0.5",
            "redis_process_resident_memory_bytes ",
        ]
        for line in expected { try await eventually(line) { try stack.page().contains("\n\(line)") } }
        try stack.confinement(bounding: withCapture ? "0000000000002000" : "0000000000000000")
        if withCapture {
            try await stack.measuresTraffic()
        } else {
            let health = try stack.containers.get("/health", from: stack.sidelong)
            #expect(health.contains(#""capture":{"status":"degraded","message":"capturing needs the capability"#))
            let page = try stack.page()
            #expect(page.contains("\nsidelong_collector_success{collector=\"wire_capture\"} 0\n"))
            #expect(!page.contains("\nsidelong_wire_packets_total"))
        }
        // The image's own check, and the exit status after a signal; podman takes a missing time limit for none.
        try stack.containers.podman("healthcheck", "run", stack.sidelong)
        try stack.compose("stop", "--timeout=10", "sidelong")
        #expect(try stack.containers.podman("inspect", "--format={{.State.ExitCode}}", stack.sidelong) == "0")
        try stack.compose("down", "--timeout=0")
    }

    private struct Stack: Decodable {
        struct Service: Decodable {
            let volumes: [Mount]?
            let command: [String]?
            let healthcheck: Check?
            let dependencies: [String: Dependency]?

            private enum CodingKeys: String, CodingKey {
                case volumes, command, healthcheck
                case dependencies = "depends_on"
            }
        }
        struct Mount: Decodable {
            let type: String
            let source: String
        }
        struct Check: Decodable {
            let test: [String]
        }
        struct Dependency: Decodable {
            let condition: String
        }
        let services: [String: Service]
    }
}

/// Redis and Sidelong of the compose file as containers, with what the machine lacks taken out: a network, and images
/// from a registry.
private struct RunningStack {
    let containers: Containers
    let sidelong: String
    private let arguments: [String]
    private let environment: [String: String]
    private let folder: TemporaryFolder

    init(withCapture: Bool) async throws {
        folder = try TemporaryFolder()
        containers = try await Containers()
        let project = "sidelong-\(UUID().uuidString.prefix(8).lowercased())"
        sidelong = "\(project)-sidelong-1"
        environment = [
            "DOCKER_HOST": "unix://\(containers.socket)", "REDIS_IMAGE": try containers.loadRedis(),
            "SIDELONG_IMAGE": try containers.loadSidelong(),
        ]
        let here = try folder.write(
            """
            services:
              redis:
                network_mode: none
                networks: !reset null
                ports: !reset null
                cgroup_parent: \(containers.parent)
              sidelong:
                cgroup_parent: \(containers.parent)
                environment: !override {REDIS_ADDR: "localhost:6379"}
                command: !override [--redis.interval=200ms]
                \(withCapture ? "" : "cap_add: !reset null")
            """, to: "here.yaml")
        let file = Project.root.appending(path: "deploy/compose.yaml").path
        arguments = ["--project-name=\(project)", "--file=\(file)", "--file=\(here)"]
        try compose("up", "--detach", "--no-build", "redis", "sidelong")
    }

    func compose(_ words: String...) throws {
        let result = try Checker.run("docker-compose", arguments + words, environment: environment)
        guard result.status == 0 else { throw NeverHappened(description: "\(words): \(result.output)") }
    }

    func page() throws -> String {
        try containers.get("/metrics", from: sidelong)
    }

    /// A user without capabilities, who cannot get any, on a root that cannot be written.
    func confinement(bounding: String) throws {
        let process = try containers.process(of: sidelong)
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        #expect(status.contains("\nUid:\t65532\t65532\t65532\t65532\n"))
        #expect(status.contains("\nNoNewPrivs:\t1\n"))
        for set in ["CapPrm", "CapEff", "CapAmb"] {
            #expect(status.contains("\n\(set):\t0000000000000000\n"), "\(set)")
        }
        #expect(status.contains("\nCapBnd:\t\(bounding)\n"))
        let mounts = try String(contentsOfFile: "/proc/\(process)/mountinfo", encoding: .utf8).split(separator: "\n")
        let root = try #require(mounts.first { $0.split(separator: " ")[4] == "/" })
        #expect(root.split(separator: " ")[5].hasPrefix("ro,"), "\(root)")
    }

    /// More traffic than a demonstration has, inside the limits.
    func measuresTraffic() async throws {
        let arguments = ["-n", "20000", "-r", "100000", "-t", "set", "-q"]
        let process = try containers.process(of: sidelong)
        let load = try ServerProcess.run("nsenter", ["--target=\(process)", "--net", "redis-benchmark"] + arguments)
        #expect(load.status == 0, "\(load.output)")
        let series = #"redis_key_command_duration_seconds_count{key_group="key:*",command="set",source="wire"} "#
        try await eventually("commands from the traffic") {
            let line = try page().split(separator: "\n").first { $0.hasPrefix(series) }
            return line.flatMap { Int($0.dropFirst(series.count)) } ?? 0 > 10_000
        }
        #expect(try page().contains("\ncgroup_oom_kills_total 0\n"))
    }
}
