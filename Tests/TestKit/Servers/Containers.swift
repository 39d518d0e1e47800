import Foundation
import Glibc

/// Containers of one test's own: podman and runc, with storage, network files and control groups that no other test
/// sees.
///
/// Needs root. Everything goes with the last reference: containers, images, control groups and files.
public final class Containers: Sendable {
    /// Where podman's service listens, for `docker-compose`.
    public let socket: String
    /// The control group under which every container has to be put.
    public let parent = "/sidelong-test-\(UUID().uuidString.prefix(8))"
    /// The storage, in which an image is a folder and takes its whole size.
    private let storage: URL
    /// Short, because podman refuses run-time folders with long paths.
    private let running: URL
    private let folder = try! TemporaryFolder()
    private let service: ServerProcess

    public init() async throws {
        let name = String(UUID().uuidString.prefix(8))
        storage = Project.root.appending(path: ".build/containers/\(name)")
        running = URL(filePath: "/tmp/sidelong-\(name)")
        for url in [storage, running] {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }
        socket = running.appending(path: "podman.sock").path
        // The limits are those that a container may have inside another one; crun does not know mixed control groups.
        try folder.write(
            """
            [containers]
            default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
            [engine]
            runtime = "runc"
            cgroup_manager = "cgroupfs"
            events_logger = "none"
            [network]
            network_config_dir = "\(running.path)/networks"
            """, to: "containers.conf")
        service = try ServerProcess(
            "podman", Self.options(storage, running) + ["system", "service", "--time=0", "unix://\(socket)"],
            environment: ["CONTAINERS_CONF": folder.path("containers.conf")], in: folder)
        let (service, socket) = (service, socket)
        try await eventually("podman's service listens: \(service.output)") {
            FileManager.default.fileExists(atPath: socket)
        }
    }

    deinit {
        _ = try? podman("rm", "--all", "--force", "--depend", "--time=0")
        service.kill()
        for url in [storage, running] { try? FileManager.default.removeItem(at: url) }
        // A folder for each controller of version 1, and none for version 2.
        let controllers = (try? FileManager.default.contentsOfDirectory(atPath: "/sys/fs/cgroup")) ?? []
        for controller in controllers + ["."] {
            for group in ["\(parent)/conmon", parent] { unsafe rmdir("/sys/fs/cgroup/\(controller)\(group)") }
        }
    }

    private static func options(_ storage: URL, _ running: URL) -> [String] {
        [
            "--storage-driver=vfs", "--root=\(storage.path)", "--runroot=\(running.path)/run",
            "--tmpdir=\(running.path)/tmp", "--log-level=fatal",
        ]
    }

    /// Runs podman and returns what it prints, without the last line end.
    @discardableResult
    public func podman(_ arguments: String...) throws -> String {
        let result = try ServerProcess.run(
            "podman", Self.options(storage, running) + arguments,
            environment: ["CONTAINERS_CONF": folder.path("containers.conf")])
        guard result.status == 0 else {
            throw NeverHappened(description: "podman \(arguments.joined(separator: " ")): \(result.output)")
        }
        return result.output.trimmingCharacters(in: .newlines)
    }

    /// Builds the image of the release binary, where that has not been done, and loads it.
    ///
    /// - Returns: its name.
    public func loadSidelong() throws -> String {
        let build = try ServerProcess.run(Project.root.appending(path: "deploy/image/build").path, [])
        guard build.status == 0 else { throw NeverHappened(description: "deploy/image/build: \(build.output)") }
        let loaded = try podman("load", "--quiet", "--input=\(Project.root.path)/.build/image/sidelong.tar")
        return String(loaded.dropFirst("Loaded image: ".count))
    }

    /// Makes an image of the installed redis-server, in the way in which Sidelong's is made.
    ///
    /// - Returns: its name.
    public func loadRedis() throws -> String {
        let script = Project.root.appending(path: "deploy/image/rootfs").path
        let (root, archive) = (folder.path("redis"), folder.path("redis.tar"))
        let result = try ServerProcess.run(
            "sh",
            [
                "-euc", #""$1" "$(command -v redis-server)" "$2"; tar -C "$2" -cf "$3" ."#, "sh", script, root, archive,
            ])
        guard result.status == 0 else { throw NeverHappened(description: "\(script): \(result.output)") }
        try podman("import", "--quiet", archive, "localhost/redis:test")
        return "localhost/redis:test"
    }

    /// The process of a running container, as the machine numbers it.
    public func process(of container: String) throws -> Int32 {
        let text = try podman("inspect", "--format={{.State.Pid}}", container)
        guard let process = Int32(text), process > 0 else {
            throw NeverHappened(description: "\(container) does not run: \(try podman("logs", container))")
        }
        return process
    }

    /// Runs a program of this machine in a container's network and returns what it prints.
    public func inNetwork(of container: String, _ command: String...) throws -> String {
        let process = try process(of: container)
        return try ServerProcess.run("nsenter", ["--target=\(process)", "--net"] + command).output
    }

    /// What a path of the container's Sidelong answers; empty when nothing does.
    public func get(_ path: String, from container: String) throws -> String {
        try inNetwork(of: container, "curl", "--silent", "http://localhost:9121\(path)")
    }
}
