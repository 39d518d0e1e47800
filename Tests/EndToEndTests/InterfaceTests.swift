import Foundation
import TestKit
import Testing

/// An interface that goes away and comes back under the same name, in a network namespace of the test's own.
@Suite struct InterfaceTests {
    private static let make = "ip link add sl0 type veth peer name sl1 && ip link set sl1 up && ip link set sl0 up"

    private func inside(_ sidelong: Sidelong, _ script: String) throws -> String {
        let result = try ServerProcess.run(
            "nsenter", ["-t", "\(sidelong.process.identifier)", "-n", "sh", "-c", script])
        guard result.status == 0 else { throw NeverHappened(description: "\(script): \(result.output)") }
        return result.output
    }

    private func page(_ sidelong: Sidelong) throws -> String {
        let url = "http://127.0.0.1:\(sidelong.port)/metrics"
        return try inside(
            sidelong, "python3 -c 'import urllib.request as r; print(r.urlopen(\"\(url)\").read().decode())'")
    }

    /// Sends the beginning of a connection to port 6379 out of the interface, where nobody answers.
    private func knock(_ sidelong: Sidelong) throws {
        let python = "import socket; s = socket.socket(); s.setblocking(False); s.connect_ex((\"10.99.0.2\", 6379))"
        _ = try inside(sidelong, "python3 -c '\(python)'")
    }

    private func packets(_ sidelong: Sidelong) throws -> Double {
        let series = #"sidelong_wire_packets_total{interface="sl0"} "#
        let line = try page(sidelong).split(separator: "\n").first { $0.hasPrefix(series) }
        return line.flatMap { Double($0.dropFirst(series.count)) } ?? 0
    }

    private func brings(_ sidelong: Sidelong, more earlier: Double) async throws {
        let neighbour = "ip neighbour replace 10.99.0.2 lladdr 02:00:00:00:00:01 dev sl0"
        _ = try inside(sidelong, "ip address replace 10.99.0.1/24 dev sl0 && \(neighbour)")
        try await eventually("packets of sl0: \(sidelong.process.output)") {
            try knock(sidelong)
            return try packets(sidelong) > earlier
        }
    }

    @Test func anInterfaceThatComesBackIsCapturedAgain() async throws {
        let command = ["unshare", "--net", "sh", "-c", "ip link set lo up && \(Self.make) && exec \"$0\" \"$@\""]
        let sidelong = try await Sidelong(
            ["--redis.addr=127.0.0.1:1", "--wire.interfaces=lo,sl0", "--wire.redis-ports=6379"],
            through: (command, Sidelong.binary))
        try await brings(sidelong, more: 0)
        _ = try inside(sidelong, "ip link delete sl0")
        try await eventually("the loss is noticed") { sidelong.process.output.contains("sl0 has gone") }
        _ = try inside(sidelong, Self.make)
        try await brings(sidelong, more: try packets(sidelong))
        #expect(try page(sidelong).contains(#"sidelong_wire_interface_returns_total{interface="sl0"} 1"#))
        _ = try inside(sidelong, "ip link set sl0 down")
        try await eventually("the loss is noticed") { sidelong.process.output.contains("sl0 is down") }
        _ = try inside(sidelong, "ip link set sl0 up")
        try await brings(sidelong, more: try packets(sidelong))
        #expect(sidelong.process.isRunning)
    }

    /// With `auto` an interface may come after the start, when no capability is left, and go again: nothing fails.
    @Test func interfacesComeAndGo() async throws {
        let command = ["unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$0\" \"$@\""]
        let flags = ["--redis.addr=127.0.0.1:1", "--wire.redis-ports=6379"]
        let sidelong = try await Sidelong(flags, through: (command, Sidelong.binary))
        let up = #"sidelong_wire_interface_up{interface="sl0"} 1"#
        for _ in 0..<2 {
            let before = try packets(sidelong)
            _ = try inside(sidelong, Self.make)
            try await brings(sidelong, more: before)
            try await eventually("sl0 is up") { try page(sidelong).contains(up) }
            try expectAllWell(sidelong)
            _ = try inside(sidelong, "ip link delete sl0")
            try await eventually("sl0 has gone") {
                try !page(sidelong).contains(#"sidelong_wire_interface_up{interface="sl0"}"#)
            }
            try expectAllWell(sidelong)
        }
        _ = try inside(sidelong, Self.make)
        let returned = #"sidelong_wire_interface_returns_total{interface="sl0"} 2"#
        try await eventually("it came back twice") { try page(sidelong).contains(returned) }
        _ = try inside(sidelong, "ip link set sl0 down")
        try await eventually("sl0 is down") {
            try page(sidelong).contains(#"sidelong_wire_interface_up{interface="sl0"} 0"#)
        }
        try expectAllWell(sidelong)
        // Only Redis' own address is wrong here; the capture is as well for `sidelong check` as for the daemon.
        let check = try inside(sidelong, "\(Sidelong.binary) check \(flags.joined(separator: " ")); true")
        let row = check.split(separator: "\n").first { $0.contains("wire_capture") }
        #expect(row?.contains("ok") == true, "\(check)")
    }

    /// An interface that was asked for by its name may come after the start as well.
    @Test func anInterfaceWithANameIsWaitedFor() async throws {
        let command = ["unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$0\" \"$@\""]
        let sidelong = try await Sidelong(
            ["--redis.addr=127.0.0.1:1", "--wire.interfaces=lo,sl0", "--wire.redis-ports=6379"],
            through: (command, Sidelong.binary))
        try await eventually("it is missed") { sidelong.process.output.contains("sl0 does not exist") }
        _ = try inside(sidelong, Self.make)
        try await brings(sidelong, more: 0)
        try await eventually("all is well") {
            try page(sidelong).contains(#"sidelong_collector_success{collector="wire_capture"} 1"#)
        }
    }

    /// Health is as good as at the start, and no collector fails.
    private func expectAllWell(_ sidelong: Sidelong) throws {
        let page = try page(sidelong)
        #expect(page.contains(#"sidelong_collector_success{collector="wire_capture"} 1"#))
        let url = "http://127.0.0.1:\(sidelong.port)/health/capture"
        let health = try inside(
            sidelong, "python3 -c 'import urllib.request as r; print(r.urlopen(\"\(url)\").read().decode())'")
        #expect(health.contains(#""status":"healthy""#), "\(health)")
        #expect(!sidelong.process.output.contains("wire_capture"), "\(sidelong.process.output)")
    }
}
