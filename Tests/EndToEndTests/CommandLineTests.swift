import Glibc
import TestKit
import Testing

/// The words of the command line, their output and their exit statuses.
@Suite struct CommandLineTests {
    @Test func versionAndHelp() async throws {
        let version = try await Sidelong.run(["--version"])
        #expect(version.status == 0)
        #expect(version.output.hasPrefix("sidelong 0."))
        #expect(version.output.contains("\nrevision "))
        for word in ["version", "-v"] { #expect(try await Sidelong.run([word]).output == version.output) }
        let help = try await Sidelong.run(["--help"])
        for word in ["help", "-h"] { #expect(try await Sidelong.run([word]).output == help.output) }
        #expect(help.status == 0)
        #expect(help.output.contains("--redis.addr=VALUE"))
        #expect(help.output.contains("Environment: REDIS_ADDR, REDIS_URL, SIDELONG_REDIS_ADDR."))
    }

    /// `contains` with a string in the room of `mentions` is enough to link the engine, 1.3 MB.
    @Test func noEngineOfRegularExpressionsIsLinked() throws {
        let symbols = try ServerProcess.run("nm", [Sidelong.binary])
        #expect(symbols.status == 0 && symbols.output.contains("main"))
        #expect(!symbols.output.split(separator: "\n").contains { $0.contains("17_StringProcessing") })
    }

    @Test(arguments: [
        ["--redis.interval=never"], ["--nonsense"], ["nonsense"], ["--config.file=/no/such/file"],
        ["--web.listen-address=127.0.0.1:99999"], ["--redis.addr=ftp://x"],
    ])
    func whatIsWrongEndsWithTwoAndOneLine(arguments: [String]) async throws {
        let result = try await Sidelong.run(arguments)
        #expect(result.status == 2)
        #expect(result.output.hasPrefix("sidelong: "))
        #expect(result.output.split(separator: "\n").count == 1)
    }

    @Test func aTakenPortEndsWithTwo() async throws {
        let port = try freePort()
        let folder = try TemporaryFolder()
        let holder = try ServerProcess(
            "redis-server", ["--port", "\(port)", "--bind", "127.0.0.1", "--save", ""], in: folder)
        try await eventually("the port is taken") { (try? RawSocket(port: port)) != nil }
        let result = try await Sidelong.run(["--web.listen-address=127.0.0.1:\(port)", "--redis.addr=127.0.0.1:1"])
        #expect(result.status == 2)
        #expect(result.output.contains("127.0.0.1:\(port)"))
        #expect(result.output.contains("in use"))
        holder.kill()
    }

    @Test func checkIsCompleteOnAPlainRedis() async throws {
        let redis = try await RedisServer()
        let result = try await Sidelong.run(["check", "--redis.addr=\(redis.address)"])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("redis \(redis.address)"))
        #expect(result.output.hasSuffix("Everything works.\n"))
    }

    @Test func checkSaysWhatIsMissingAndHowToMendIt() async throws {
        let redis = try await RedisServer()
        try redis.cli("ACL", "SETUSER", "narrow", "on", ">secret", "+ping", "+info", "+client|setname")
        let environment = ["REDIS_USER": "narrow", "REDIS_PASSWORD": "secret"]
        let result = try await Sidelong.run(["check", "--redis.addr=\(redis.address)"], environment: environment)
        #expect(result.status == 1, "\(result.output)")
        #expect(result.output.contains("MISSING  denied"))
        #expect(!result.output.contains("secret"))
        // One round is enough: the line that is pasted names everything.
        let line = try #require(result.output.firstMatch(of: /run there: ACL SETUSER (narrow .*)/)?.output.1)
        try redis.cli(["ACL", "SETUSER"] + line.split(separator: " ").map(String.init))
        let mended = try await Sidelong.run(["check", "--redis.addr=\(redis.address)"], environment: environment)
        #expect(mended.status == 0, "\(mended.output)")
        // Without INFO nothing else is looked at, and yet all that is missing is named.
        try redis.cli("ACL", "SETUSER", "narrow", "nocommands", "+ping")
        let blind = try await Sidelong.run(["check", "--redis.addr=\(redis.address)"], environment: environment)
        #expect(blind.output.contains("ACL SETUSER narrow +info "), "\(blind.output)")
        #expect(blind.output.contains("+config|get") && blind.output.contains("+slowlog|len +slowlog|get"))
        let down = try await Sidelong.run(["check", "--redis.addr=127.0.0.1:1"])
        #expect(down.status == 1)
        #expect(down.output.contains("MISSING  connect"))
    }

    /// A server that answers a byte at a time, forever.
    @Test func healthHasOneDeadlineOverAll() async throws {
        let server = try FakeServer { client in
            _ = client.send("HTTP/1.1 200 OK\r\nX: ")
            while client.send("x") { usleep(100_000) }
        }
        let health = try await Sidelong.run(["health", "http://127.0.0.1:\(server.port)/"])
        #expect(health.status == 1)
        #expect(health.output == "sidelong: no answer within 2.5 seconds\n")
    }

    @Test func healthFollowsTheStatusOfTheAnswer() async throws {
        let sidelong = try await Sidelong(["--redis.addr=127.0.0.1:1"])
        try await sidelong.isReady()
        let own = try await Sidelong.run(["health", "--web.listen-address=127.0.0.1:\(sidelong.port)"])
        #expect(own.status == 0, "\(own.output)")
        let page = try await Sidelong.run(["health", "http://127.0.0.1:\(sidelong.port)/health"])
        #expect(page.status == 1)
        #expect(page.output.contains("status 503"))
        let nobody = try await Sidelong.run(["health", "http://127.0.0.1:1/"])
        #expect(nobody.status == 1)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func aSignalEndsTheDaemonWithZero(signal: Int32) async throws {
        let sidelong = try await Sidelong(["--redis.addr=127.0.0.1:1"])
        sidelong.process.send(signal)
        #expect(try await sidelong.process.exitStatus() == 0)
        #expect(sidelong.process.output.contains("msg=stopping"))
    }

    @Test func aSignalInTheMiddleOfAHangingPollEndsTheDaemon() async throws {
        let redis = try await RedisServer()
        redis.send(SIGSTOP)
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.timeout=60s", "--redis.connect-timeout=60s",
        ])
        sidelong.process.send(SIGTERM)
        #expect(try await sidelong.process.exitStatus(within: .seconds(30)) == 0)
        redis.send(SIGCONT)
    }

    @Test func hangupReadsTheConfigurationAgain() async throws {
        let first = try await RedisServer()
        let second = try await RedisServer()
        let folder = try TemporaryFolder()
        let path = try folder.write("redis:\n  addr: \(first.address)\n", to: "sidelong.yaml")
        let sidelong = try await Sidelong(["--config.file=\(path)"])
        try await sidelong.waits(for: "redis_up", toBe: 1)
        try second.cli("SET", "only-here", "1")
        try folder.write("redis:\n  addr: \(second.address)\n", to: "sidelong.yaml")
        sidelong.process.send(SIGHUP)
        try await sidelong.waits(for: #"redis_db_keys{db="db0"}"#, toBe: 1)
        #expect(try sidelong.value("sidelong_config_last_reload_successful") == 1)
        try folder.write("redis:\n  adr: oops\n", to: "sidelong.yaml")
        sidelong.process.send(SIGHUP)
        try await sidelong.waits(for: "sidelong_config_last_reload_successful", toBe: 0)
        #expect(try sidelong.value("redis_up") == 1)
        #expect(sidelong.process.output.contains("redis.adr: unknown key"))
    }
}
