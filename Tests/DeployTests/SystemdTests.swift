import Foundation
import TestKit
import Testing

/// The unit: how much it may do, and that Sidelong needs no more.
@Suite struct SystemdTests {
    private static let unit = "deploy/systemd/sidelong.service"

    /// A tree with the unit in its place, and with the drop-in where that is wanted.
    private func machine(withCapture: Bool) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(Project.text(Self.unit), to: "etc/systemd/system/sidelong.service")
        if withCapture {
            try folder.write(
                Project.text("deploy/systemd/capture.conf"), to: "etc/systemd/system/sidelong.service.d/capture.conf")
        }
        return folder
    }

    /// The threshold is the exposure, from 0 to 10, times ten. The capture costs what NET_RAW and packet sockets cost.
    @Test(arguments: [(false, 16), (true, 19)])
    func itIsHardened(withCapture: Bool, threshold: Int) throws {
        let machine = try machine(withCapture: withCapture)
        let result = try ServerProcess.run(
            "systemd-analyze",
            [
                "security", "--offline=yes", "--root=\(machine.url.path)", "--threshold=\(threshold)",
                "sidelong.service",
            ])
        #expect(result.status == 0, "\(result.output.split(separator: "\n").filter { !$0.hasPrefix("✓") })")
    }

    @Test func everyDirectiveIsKnown() throws {
        let machine = try machine(withCapture: true)
        for program in ["usr/bin/sidelong", "bin/kill"] {
            let path = try machine.write("", to: program)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        try machine.write("[Unit]\n", to: "etc/systemd/system/sysinit.target")
        try machine.write("[Unit]\n", to: "etc/systemd/system/network-online.target")
        let result = try ServerProcess.run(
            "systemd-analyze", ["verify", "--man=no", "--root=\(machine.url.path)", "sidelong.service"])
        #expect(result.status == 0 && !result.output.contains("sidelong.service"), "\(result.output)")
    }

    /// A call that the filter refuses would only show on a machine that systemd runs, so the calls are compared.
    @Test func sidelongMakesNoSystemCallThatTheUnitRefuses() async throws {
        let redis = try await RedisServer()
        let folder = try TemporaryFolder()
        let trace = folder.path("trace")
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)", "--redis.interval=200ms", "--wire.interfaces=lo"],
            through: (["strace", "--daemonize", "--follow-forks", "--quiet=all", "--output=\(trace)"], Sidelong.binary))
        try await sidelong.isReady()
        try redis.cli("SET", "k", "v")
        try await sidelong.waits(for: "redis_up", toBe: 1)
        _ = try sidelong.page()
        sidelong.process.send(SIGTERM)
        try await eventually("the end of the trace") {
            try String(contentsOfFile: trace, encoding: .utf8).contains("exit_group(0")
        }
        let calls = try String(contentsOfFile: trace, encoding: .utf8).matches(of: /(?m)^\d+ +(\w+)\(/).map { $0.1 }
        let made = Set(calls.map(String.init))
        #expect(made.isSuperset(of: ["execve", "socket", "epoll_wait"]))
        #expect(made.subtracting(try allowed()) == [])
    }

    /// What the lines `SystemCallFilter=` allow: sets and single calls, and with ~ in front what is taken out again.
    private func allowed() throws -> Set<String> {
        var allowed: Set<String> = []
        for line in try Project.text(Self.unit).split(separator: "\n") where line.hasPrefix("SystemCallFilter=") {
            let value = line.dropFirst("SystemCallFilter=".count)
            let calls = try value.drop { $0 == "~" }.split(separator: " ").flatMap { try members(of: String($0)) }
            if value.hasPrefix("~") { allowed.subtract(calls) } else { allowed.formUnion(calls) }
        }
        return allowed.union(try members(of: "@default"))
    }

    private func members(of name: String) throws -> [String] {
        guard name.hasPrefix("@") else { return [name] }
        let result = try ServerProcess.run("systemd-analyze", ["syscall-filter", "--no-pager", name])
        guard result.status == 0 else { throw NeverHappened(description: result.output) }
        let lines = result.output.split(separator: "\n").dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }
        return try lines.filter { !$0.isEmpty && !$0.hasPrefix("#") }.flatMap { try members(of: $0) }
    }
}
