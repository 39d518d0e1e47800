import Foundation
import TestKit
import Testing

/// The image under runc alone, with the capability sets that Docker and containerd give to a user other than root.
///
/// podman makes NET_RAW ambient; these do not, so that only the capability of the binary helps.
@Suite struct RuncTests {
    @Test(arguments: [true, false])
    func theCapabilityOfTheBinaryIsEnoughAndNotNeeded(granted: Bool) async throws {
        let containers = try await Containers()
        let redis = try await RedisServer()
        let port = try freePort()
        let bundle = Bundle(containers)
        defer { bundle.end() }
        try bundle.configure(
            [
                "/usr/bin/sidelong", "--redis.addr=\(redis.address)", "--redis.interval=200ms",
                "--web.listen-address=127.0.0.1:\(port)", "--wire.interfaces=lo",
            ], capabilities: granted ? ["CAP_NET_RAW"] : [])
        let sidelong = try bundle.run()
        try await eventually("sidelong is ready") {
            guard sidelong.isRunning else { throw NeverHappened(description: sidelong.output) }
            return (try? request(port: port, "/health/ready").status) == 200
        }
        let series = "redis_key_command_duration_seconds_count{key_group=\"one:*\",command=\"set\",source=\"wire\"}"
        if granted {
            try await eventually("a command from the traffic") {
                try redis.cli("SET", "one:1", "v")
                return try request(port: port, "/metrics").text.contains(series)
            }
        } else {
            try await eventually("redis_up") { try request(port: port, "/metrics").text.contains("\nredis_up 1\n") }
            try await eventually("healthy but for the capture") { try request(port: port, "/health").status == 200 }
            #expect(try request(port: port, "/health").text.contains("capturing needs the capability CAP_NET_RAW"))
        }
    }

    /// A container of runc: its configuration, and the folder that it is in.
    private struct Bundle {
        private let folder = try! TemporaryFolder()
        private let name = "sidelong-\(UUID().uuidString.prefix(8))"
        private let containers: Containers

        init(_ containers: Containers) {
            self.containers = containers
        }

        /// Shares the machine's network and nothing else.
        func configure(_ command: [String], capabilities: [String]) throws {
            _ = try ServerProcess.run("runc", ["spec"], in: folder)
            let file = folder.url.appending(path: "config.json")
            var all = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
            var process = try #require(all["process"] as? [String: Any])
            process["terminal"] = false
            process["args"] = command
            process["user"] = ["uid": 65532, "gid": 65532]
            process["noNewPrivileges"] = true
            process["capabilities"] = [
                "bounding": capabilities, "effective": capabilities, "permitted": capabilities, "ambient": [String](),
                "inheritable": [String](),
            ]
            var linux = try #require(all["linux"] as? [String: Any])
            linux["namespaces"] = ["pid", "ipc", "uts", "mount"].map { ["type": $0] }
            linux["cgroupsPath"] = "\(containers.parent)/\(name)"
            linux["resources"] = ["memory": ["limit": 64 << 20]]
            all["process"] = process
            all["linux"] = linux
            let root = try containers.podman("image", "mount", containers.loadSidelong())
            all["root"] = ["path": root, "readonly": true]
            try JSONSerialization.data(withJSONObject: all).write(to: file)
        }

        func run() throws -> ServerProcess {
            try ServerProcess("runc", ["--root=\(folder.path("state"))", "run", name], in: folder)
        }

        func end() {
            _ = try? ServerProcess.run("runc", ["--root=\(folder.path("state"))", "delete", "--force", name])
        }
    }
}
