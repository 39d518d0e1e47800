import Foundation
import Glibc
import TestKit
import Testing

/// What `make run` starts when there is nothing to watch.
@Suite struct DemoTests {
    /// Processes that were started with the folder in their arguments or as their TMPDIR.
    private func processes(of folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.compactMap { process in
            let texts = ["environ", "cmdline"].compactMap {
                try? String(contentsOfFile: "/proc/\(process)/\($0)", encoding: .utf8)
            }
            return texts.contains { $0.contains(folder) } ? texts.last : nil
        }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func itIsHealthyAndLeavesNothingBehind(signal: Int32) async throws {
        let folder = try TemporaryFolder()
        // Postgres does not run as root and has to get at its data.
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
        let port = try freePort()
        let script = Project.root.appending(path: "deploy/demo/run").path
        // Test runners start their children with signals ignored, and a shell cannot trap those.
        let demo = try ServerProcess(
            "env", ["--default-signal", "bash", script],
            environment: [
                "SIDELONG_BINARY": Sidelong.binary, "SIDELONG_LISTEN": "127.0.0.1:\(port)", "TMPDIR": folder.url.path,
            ], in: folder)
        func metrics() throws -> String { try request(port: port, "/metrics").text }
        try await eventually("the demo serves: \(demo.output)", within: .seconds(120)) {
            guard demo.isRunning else { throw NeverHappened(description: "the demo ended: \(demo.output)") }
            return (try? metrics().contains("\npgbouncer_up 1\n")) == true
        }
        // Long enough for rates, which are judged from two polls.
        try await eventually("three polls of Redis", within: .seconds(120)) {
            let page = try metrics()
            let polls = page.split(separator: "\n").first { $0.hasPrefix("redis_exporter_scrapes_total ") }
            let count = polls?.split(separator: " ").last.flatMap { Double($0) } ?? 0
            return count >= 3 && page.contains("\nredis_up 1\n") && page.contains("\npg_up 1\n")
        }
        let performance = try request(port: port, "/health/redis_performance").text
        #expect(performance.contains("hit rate"), "\(performance)")
        #expect(performance.hasPrefix(#"{"status":"healthy""#), "\(performance)")
        #expect(try processes(of: folder.url.path).count > 5)

        demo.send(signal)
        _ = try await demo.exitStatus(within: .seconds(60))
        #expect(try processes(of: folder.url.path) == [])
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { !$0.hasSuffix(".log") }
        #expect(left == [])
    }
}
