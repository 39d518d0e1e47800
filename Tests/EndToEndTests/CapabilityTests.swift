import Foundation
import TestKit
import Testing

/// What the program may do, and what it does without permission.
@Suite struct CapabilityTests {
    /// Runs a command as a user without any capability but those of the file.
    private static let asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"]

    /// A copy of the binary that everyone may run, in a folder that everyone may enter.
    private func copy(in folder: TemporaryFolder) throws -> String {
        let path = folder.path("sidelong")
        try FileManager.default.copyItem(atPath: Sidelong.binary, toPath: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
        return path
    }

    private func holdsNothing(_ sidelong: Sidelong) throws {
        let tasks = "/proc/\(sidelong.process.identifier)/task"
        let threads = try FileManager.default.contentsOfDirectory(atPath: tasks)
        #expect(threads.count > 1)
        for thread in threads {
            let status = try String(contentsOfFile: "\(tasks)/\(thread)/status", encoding: .utf8)
            for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
                #expect(status.contains("\(set):\t0000000000000000\n"), "\(set) of thread \(thread)")
            }
            #expect(status.contains("NoNewPrivs:\t1\n"))
        }
    }

    @Test(arguments: ["lo", "off"])
    func aStartedDaemonHoldsNoCapability(interfaces: String) async throws {
        let sidelong = try await Sidelong(["--redis.addr=127.0.0.1:1", "--wire.interfaces=\(interfaces)"])
        try await sidelong.isReady()
        try holdsNothing(sidelong)
        let status = try String(contentsOfFile: "/proc/\(sidelong.process.identifier)/status", encoding: .utf8)
        #expect(status.contains("CapBnd:\t0000000000000000\n"))
    }

    @Test func withoutTheCapabilityEverythingElseWorks() async throws {
        let redis = try await RedisServer()
        let folder = try TemporaryFolder()
        let launcher = (Self.asNobody + ["--bounding-set=-all"], try copy(in: folder))
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)", "--redis.interval=200ms"], through: launcher)
        try await sidelong.waits(for: "redis_up", toBe: 1)
        try await sidelong.waits(for: #"sidelong_collector_success{collector="wire_capture"}"#, toBe: 0)
        try await sidelong.isReady()
        let health = try sidelong.get("/health/capture")
        #expect(health.status == 200)
        #expect(health.text.hasPrefix(#"{"status":"degraded","message":"capturing needs the capability CAP_NET_RAW"#))
        #expect(try !sidelong.page().contains("sidelong_wire_"))
        let polls = try sidelong.value("redis_exporter_scrapes_total") ?? 0
        try await eventually("more polls") { try sidelong.value("redis_exporter_scrapes_total") ?? 0 > polls + 5 }
        let warnings = sidelong.process.output.split(separator: "\n").filter { $0.contains("CAP_NET_RAW") }
        #expect(warnings.count == 1 && warnings[0].contains("level=warn"))
        try holdsNothing(sidelong)
    }

    @Test func aCapabilityOfTheFileIsEnough() async throws {
        let redis = try await RedisServer()
        let folder = try TemporaryFolder()
        let binary = try copy(in: folder)
        let setcap = try ServerProcess.run("setcap", ["cap_net_raw+p", binary])
        #expect(setcap.status == 0, "setcap: \(setcap.output)")
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)"] + WireTests.flags, through: (Self.asNobody, binary))
        try await sidelong.captures()
        try redis.cli("SET", "k", "v")
        try await sidelong.waits(for: .wire("set"), toBe: 1)
        try holdsNothing(sidelong)
    }

    @Test func anInterfaceThatIsMissingIsNamedAndTheOthersWork() async throws {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.interval=200ms", "--wire.interfaces=lo,nosuch0",
        ])
        try await sidelong.waits(for: "redis_up", toBe: 1)
        try redis.cli("SET", "k", "v")
        try await sidelong.waits(for: .wire("set"), toBe: 1)
        let health = try sidelong.get("/health/capture").text
        #expect(health.hasPrefix(#"{"status":"degraded","message":"interface nosuch0 does not exist or is down"#))
        let check = try await Sidelong.run([
            "check", "--redis.addr=\(redis.address)", "--wire.interfaces=lo,nosuch0",
        ])
        #expect(check.status == 1)
        #expect(check.output.contains("MISSING  unreadable: interface nosuch0"))
    }
}
