import Foundation
import TestKit
import Testing

/// The gateway's traffic on an interface that is not the loopback, over IPv4 and IPv6, in network namespaces of the
/// test's own: one of a pod, one of its clients, and a pair of interfaces between them.
@Suite struct GatewayInterfaceTests {
    private static let make = """
        ip link set lo up && ip link add gw0 type veth peer name gw1 && ip link set gw0 up
        ip address add 10.98.0.1/24 dev gw0 && ip address add fd00:98::1/64 dev gw0 nodad
        """
    private static let port = 8080

    /// Runs a program in the network of a process.
    private func inside(_ process: ServerProcess, _ words: String...) throws -> String {
        let result = try ServerProcess.run("nsenter", ["-t", "\(process.identifier)", "-n"] + words)
        guard result.status == 0 else { throw NeverHappened(description: "\(words): \(result.output)") }
        return result.output
    }

    private func page(_ sidelong: Sidelong) throws -> GatewayPage {
        let url = "http://127.0.0.1:\(sidelong.port)/metrics"
        let python = "import urllib.request as r; print(r.urlopen('\(url)').read().decode())"
        return GatewayPage(try inside(sidelong.process, "python3", "-c", python))
    }

    @Test func bothKindsOfAddressesAreReadOnEveryInterface() async throws {
        let folder = try TemporaryFolder()
        let elsewhere = try ServerProcess("unshare", ["--net", "sleep", "infinity"], in: folder)
        let command = ["unshare", "--net", "sh", "-ec", Self.make + "\nexec \"$0\" \"$@\""]
        let sidelong = try await Sidelong(
            ["--redis.addr=127.0.0.1:1", "--wire.interfaces=lo,gw0", "--wire.http-ports=\(Self.port)"],
            through: (command, Sidelong.binary))
        try await eventually("the other network") {
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
            let path = "/proc/\(elsewhere.identifier)/ns/net"
            return try FileManager.default.destinationOfSymbolicLink(atPath: path) != own
        }
        _ = try inside(sidelong.process, "ip", "link", "set", "gw1", "netns", "\(elsewhere.identifier)")
        for words in ["address add 10.98.0.2/24", "address add fd00:98::2/64 nodad", "link set up"] {
            let parts = words.split(separator: " ").map(String.init)
            _ = try ServerProcess.run(
                "nsenter", ["-t", "\(elsewhere.identifier)", "-n", "ip"] + parts + ["dev", "gw1"])
        }
        let fixtures = Project.root.appending(path: "Tests/Fixtures/http").path
        let log = folder.path("access.log")
        let program = ["python3", "\(fixtures)/server.py", "\(Self.port)", log, "::"]
        let server = try ServerProcess(
            "nsenter", ["-t", "\(sidelong.process.identifier)", "-n"] + program, in: folder)
        try await eventually("a server: \(server.output)") {
            let listening = try inside(sidelong.process, "cat", "/proc/net/tcp6")
            return listening.contains(":" + String(Self.port, radix: 16, uppercase: true).leftPadded(to: 4) + " ")
        }
        try await eventually("a capture") {
            try page(sidelong).values(of: "sidelong_wire_interface_up").values.allSatisfy { $0 == 1 }
        }
        let (client, port) = ("\(fixtures)/client.py", "\(Self.port)")
        _ = try inside(elsewhere, "python3", client, "--host", "10.98.0.1", port)
        _ = try inside(elsewhere, "python3", client, "--host", "fd00:98::1", port)
        _ = try inside(sidelong.process, "python3", client, "--host", "::1", port)
        let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 3_000)
        var truth: [String: Int] = [:]
        for line in lines {
            let words = line.split(separator: " ")
            truth["\(words[0]) \(words[2])", default: 0] += 1
        }
        try await eventually("the counts of the log, \(truth): \(sidelong.process.output)") {
            try page(sidelong).requests == truth
        }
    }
}

extension String {
    fileprivate func leftPadded(to count: Int) -> String {
        String(repeating: "0", count: max(0, count - self.count)) + self
    }
}
