import Foundation
import Glibc
import TestKit
import Testing

/// `sidelong top` on a real terminal, and what it prints without one.
@Suite struct TopTests {
    /// A Redis, a Sidelong that polls it often, and a terminal with a shell.
    private final class Scene: Sendable {
        let redis: RedisServer
        let sidelong: Sidelong
        let terminal: Tmux
        let folder = try! TemporaryFolder()

        init(_ options: [String] = [], environment: [String: String] = ["LANG": "C.UTF-8"]) async throws {
            redis = try await RedisServer()
            sidelong = try await Sidelong(
                ["--redis.addr=\(redis.address)", "--redis.interval=200ms", "--wire.interfaces=off"] + options)
            try await sidelong.waits(for: "redis_up", toBe: 1)
            terminal = try Tmux(environment: environment)
            try await terminal.shows("$")
            try terminal.type("stty -g > \(folder.path("before"))")
        }

        /// Starts the view; its process number goes into a file.
        func start(_ options: String = "") async throws {
            try terminal.type(
                "sh -c 'echo $$ > \(folder.path("pid")); exec \(Sidelong.binary) top \(options) "
                    + "http://127.0.0.1:\(sidelong.port)'; echo status=$?")
            try await terminal.shows("Redis up")
        }

        var identifier: Int32 {
            get throws {
                let text = try String(contentsOfFile: folder.path("pid"), encoding: .utf8)
                return try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            }
        }

        /// Whether the shell has its terminal as it was: modes, picture and cursor.
        func isWhole(after status: Int32) async throws {
            try await terminal.shows("status=\(status)")
            #expect(try terminal.fact("alternate_on") == "0" && terminal.fact("cursor_flag") == "1")
            let (before, after) = (folder.path("before"), folder.path("after"))
            try terminal.type("stty -g > \(after)")
            try await eventually("the shell has written its modes") {
                (try? String(contentsOfFile: after, encoding: .utf8))?.hasSuffix("\n") == true
            }
            #expect(
                try String(contentsOfFile: before, encoding: .utf8) == String(contentsOfFile: after, encoding: .utf8))
        }
    }

    static let endings: [(signal: Int32, status: Int32)] = [
        (SIGTERM, 0), (SIGINT, 0), (SIGHUP, 0), (SIGQUIT, 0), (SIGUSR1, 0), (SIGSEGV, 139), (SIGABRT, 134),
    ]

    @Test func keysOnATerminal() async throws {
        let scene = try await Scene()
        let terminal = scene.terminal
        try scene.redis.cli("SET", "k", "v")
        try await scene.start("--interval=500ms")
        try await terminal.shows("Command")
        // INFO is asked with each poll, and counted by the server.
        try await terminal.shows("info")
        #expect(try terminal.screen()[0].contains("every 0.5 s"))
        try terminal.press("+")
        try await terminal.shows("every 1 s")
        try terminal.press("h")
        try await terminal.shows("histogram_quantile")
        try terminal.press("h")
        try await terminal.shows("q leave")
        try terminal.press("/", "n", "o", "w")
        try await terminal.shows("/now_")
        try terminal.press("Enter")
        try await terminal.shows("filter: now")
        #expect(try !terminal.screen().contains { $0.hasPrefix("info") })
        try terminal.press("Escape")
        try await terminal.shows("info")
        try terminal.press("n")
        try await terminal.shows("Command▲")
        try terminal.resize(width: 50, height: 12)
        try await eventually("the smaller picture") {
            let screen = try terminal.screen()
            return screen.count >= 12 && screen[11].hasPrefix("q leave") && screen.allSatisfy { $0.count <= 50 }
        }
        try terminal.resize(width: 100, height: 40)
        try await eventually("the larger picture") {
            let screen = try terminal.screen()
            return screen.count >= 40 && screen[39].hasPrefix("q leave")
        }
        try terminal.press("q")
        try await scene.isWhole(after: 0)
    }

    /// Each of them ends it, and the shell can go on. 128 and the signal's number is what a shell says of one that ends
    /// a program.
    @Test(arguments: endings)
    func theTerminalIsWholeAfterAnySignal(signal: Int32, status: Int32) async throws {
        // Sanitizers have handlers of their own for faults.
        guard status == 0 || Sidelong.hasFilter else { return }
        let scene = try await Scene()
        try await scene.start()
        #expect(try scene.terminal.fact("alternate_on") == "1" && scene.terminal.fact("cursor_flag") == "0")
        #expect(kill(try scene.identifier, signal) == 0)
        try await scene.isWhole(after: status)
    }

    @Test func controlCAndControlZ() async throws {
        let scene = try await Scene()
        try await scene.start()
        try scene.terminal.press("C-z")
        try await scene.terminal.shows("Stopped")
        #expect(try scene.terminal.fact("alternate_on") == "0")
        try scene.terminal.type("fg")
        try await scene.terminal.shows("q leave")
        #expect(try scene.terminal.fact("alternate_on") == "1")
        try scene.terminal.press("C-c")
        try await eventually("the shell has its picture") { try scene.terminal.fact("alternate_on") == "0" }
        try scene.terminal.type("echo status=$?")
        try await scene.isWhole(after: 0)
    }

    /// A server that does not answer, and one that is gone: the picture stays, says so, and can be left at once.
    @Test func aPageThatDoesNotComeAnyMore() async throws {
        let scene = try await Scene()
        try await scene.start("--interval=500ms")
        scene.sidelong.process.send(SIGSTOP)
        try await scene.terminal.shows("no newer page: 127.0.0.1:\(scene.sidelong.port)")
        #expect(try scene.terminal.screen().contains { $0.contains("Redis up") })
        scene.sidelong.process.send(SIGCONT)
        try await eventually("the page is back") {
            try !scene.terminal.screen().contains { $0.contains("no newer page") }
        }
        scene.sidelong.process.kill()
        try await scene.terminal.shows("no newer page: 127.0.0.1:\(scene.sidelong.port): Connection refused")
        try scene.terminal.press("q")
        try await scene.isWhole(after: 0)
    }

    @Test func withoutColorsAndUnicode() async throws {
        let scene = try await Scene(environment: ["LANG": "C", "NO_COLOR": "1"])
        try await scene.start()
        try await scene.terminal.shows("info")
        let drawn = try scene.terminal.screen(styles: true).joined()
        #expect(drawn.utf8.allSatisfy { $0 < 0x80 } && !drawn.contains("\u{1B}[31m") && !drawn.contains("\u{1B}[2m"))
        try scene.terminal.press("q")
        try await scene.isWhole(after: 0)
    }

    @Test func printedOnce() async throws {
        let scene = try await Scene()
        let load = try ServerProcess(
            "bash", ["-c", "while sleep 0.02; do redis-cli -p \(scene.redis.port) SET key value; done"],
            in: scene.folder)
        defer { load.kill() }
        let url = "http://127.0.0.1:\(scene.sidelong.port)"
        for address in [url, "127.0.0.1:\(scene.sidelong.port)"] {
            let text = try await Sidelong.run(["top", "--once", "--interval=500ms", address])
            #expect(text.status == 0 && text.output.hasPrefix("Redis up, "), "\(text.output)")
        }
        // Between the two looks of one, there may have been no poll on a busy machine.
        try await eventually("SET is there with its rate") {
            let once = try await Sidelong.run(["top", "--once", "--format=json", "--interval=500ms", url])
            let json = try JSONSerialization.jsonObject(with: Data(once.output.utf8))
            let document = try #require(json as? [String: Any])
            let tables = try #require(document["tables"] as? [String: [[String: Any]]])
            let commands = try #require(tables["commands"], "\(once.output)")
            return commands.contains { $0["name"] as? String == "set" && ($0["rate"] as? Double ?? 0) > 0 }
        }
        // Where somebody looks, there has to be a terminal.
        let nowhere = try await Sidelong.run(["top", url])
        #expect(nowhere.status == 2 && nowhere.output.contains("--once"))
    }

    @Test func whatIsNoSidelongIsSaidInOneLine() async throws {
        for (url, words) in [
            ("http://127.0.0.1:1", "Connection refused"), ("http://127.0.0.1:1/x y", "not allowed"),
            ("nonsense", "allowed"),
        ] {
            let result = try await Sidelong.run(["top", "--once", url])
            #expect(result.status == (words == "Connection refused" ? 1 : 2))
            #expect(result.output.split(separator: "\n").count == 1, "\(result.output)")
        }
        let server = try FakeServer { client in
            _ = client.receive()
            _ = client.send("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html>x</html>\n")
        }
        let page = try await Sidelong.run(["top", "--once", "http://127.0.0.1:\(server.port)"])
        #expect(page.status == 1 && page.output.contains("no page of metrics: line 1"), "\(page.output)")
    }

    /// What is on the wire comes with its percentiles, and a Redis that is restarted meanwhile does no harm.
    @Test func keyGroupsOffTheWire() async throws {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.interval=200ms", "--wire.interfaces=lo",
        ])
        try await sidelong.waits(for: "redis_up", toBe: 1)
        try await sidelong.captures()
        for number in 0..<20 { try redis.cli("SET", "cart:\(number)", "v") }
        try await eventually("a key group") { try sidelong.page().contains("key_group=\"cart:*\"") }
        let view = try ServerProcess(
            Sidelong.binary,
            ["top", "--format=json", "--interval=500ms", "http://127.0.0.1:\(sidelong.port)"], in: TemporaryFolder())
        try await eventually("a rate: \(view.output)") {
            try redis.cli("SET", "cart:1", "v")
            return view.output.split(separator: "\n").contains { line in
                line.contains("\"name\":\"cart:*\",\"rate\":") && line.contains("\"p99\":0.")
            }
        }
        view.kill()
    }
}
