import Foundation
import Glibc
import TestKit
import Testing

/// /health/live is a watchdog over the program's own loops, and over nothing else.
@Suite struct LivenessTests {
    /// The debug build, which can be told to stop a loop; the one that ships cannot.
    private static let debugBuild = Project.root.appending(path: ".build/debug/sidelong").path

    private func started(_ more: [String] = [], stopping loop: String) async throws -> Sidelong {
        try await Sidelong(
            ["--host.interval=1s", "--wire.interfaces=lo"] + more, environment: ["SIDELONG_STOP_LOOP": loop],
            through: (command: ["env"], binary: Self.debugBuild))
    }

    @Test(arguments: ["timer", "capture"])
    func aLoopThatIsStuckIsNoticed(loop: String) async throws {
        let sidelong = try await started(stopping: loop)
        #expect(try sidelong.get("/health/live").status == 200)
        // Within 40 s, as HeartbeatTests shows with a clock of its own. The loops that wait for time share a thread and
        // get stuck together, those that turn most often first; the capture has its own.
        try await eventually("503 that names it", within: .seconds(90)) {
            let answer = try sidelong.get("/health/live")
            return answer.status == 503 && answer.text.contains(loop)
        }
        let text = try sidelong.get("/health/live").text
        #expect(text.hasPrefix(#"{"status":"stuck","loops":""#), "\(text)")
        #expect(text.contains("capture") == (loop == "capture"), "\(text)")
        #expect(try sidelong.get("/metrics").status == 200)
    }

    @Test func stuckTargetsAreNoStuckLoops() async throws {
        // Takes connections and questions, and never says a word.
        let silent = try FakeServer { client in
            while !client.receive().isEmpty {}
        }
        // Files that nobody writes: opening them waits for ever.
        let files = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: files.path("7"), withIntermediateDirectories: true)
        for name in ["meminfo", "7/comm"] { #expect(unsafe mkfifo(files.path(name), 0o600) == 0) }
        let address = "postgres://monitor@127.0.0.1:\(silent.port)/postgres"
        // The stopped capture tells when a stuck poll would have been noticed too.
        let sidelong = try await started(
            [
                "--redis.addr=127.0.0.1:\(silent.port)", "--postgres.dsn=\(address)", "--pgbouncer.dsn=\(address)",
                "--host.procfs=\(files.url.path)",
            ],
            stopping: "capture")
        for collector in ["host", "redis_process"] {
            try await sidelong.waits(for: #"sidelong_collector_success{collector="\#(collector)"}"#, toBe: 0)
        }
        for up in ["redis_up", "pg_up", "pgbouncer_up"] { try await sidelong.waits(for: up, toBe: 0) }
        try await eventually("503 on /health/live", within: .seconds(90)) {
            try sidelong.get("/health/live").status == 503
        }
        let later = ContinuousClock.now + .seconds(10)
        try await eventually("ten seconds later") { ContinuousClock.now > later }
        #expect(try sidelong.get("/health/live").text.contains(#""loops":"capture""#))
    }

    @Test func theProgramThatShipsCannotBeToldToStop() async throws {
        let release = Project.root.appending(path: ".build/release/sidelong")
        let text = try Data(contentsOf: release)
        #expect(text.range(of: Data("SIDELONG_STOP_LOOP".utf8)) == nil)
    }
}
