import Metrics
import TestKit
import Testing

@testable import Redis

/// Servers that answer something else than a Redis would.
struct HostileServerTests {
    /// Answers the greeting as a Redis does, and all that follows with the text.
    private static func afterGreeting(_ text: String) throws -> FakeServer {
        try FakeServer { client in
            client.receive()
            client.send("+OK\r\n+PONG\r\n$0\r\n\r\n")
            client.receive()
            client.send(text)
            client.receive()
        }
    }

    /// How many commands the client has sent.
    private static func commands(in text: String) -> Int {
        text.split(separator: "\r\n").filter { $0.hasPrefix("*") && Int($0.dropFirst()) != nil }.count
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\n\r\n", "\0\0\0\0", "*-5\r\n", "$-2\r\n", ":12a\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
        "*2147483647\r\n", "*100000000\r\n", "*99999999999999999999\r\n",
    ])
    func nonsenseIsMalformed(text: String) async throws {
        let server = try Self.afterGreeting(text)
        #expect(try await server.target().failure()?.reason == .malformed)
    }

    @Test func aReplyTooManyIsMalformed() async throws {
        let server = try Self.afterGreeting(String(repeating: ":1\r\n", count: 30))
        let failure = try await server.target().failure()
        #expect(failure?.reason == .malformed)
        #expect(failure?.message.contains("more than it was asked") == true)
    }

    @Test func nestedArraysShareOneBudget() async throws {
        let level = "*130000\r\n"
        let server = try Self.afterGreeting(level + level)
        #expect(try await server.target().failure()?.reason == .malformed)
    }

    @Test func nonsenseInTheGreetingIsMalformed() async throws {
        let server = try FakeServer { client in
            client.send("SSH-2.0-OpenSSH_9.2p1\r\n")
            client.receive()
        }
        #expect(try await server.target().failure()?.reason == .malformed)
    }

    @Test(arguments: ["-ERR hunter2 said hunter2\r\n", "-NOPERM hunter2\r\n"])
    func aPasswordThatTheServerEchoesIsNotRepeated(text: String) async throws {
        // In the greeting, where it is the target's failure, and later, where it is the failure of parts.
        for isLater in [false, true] {
            let server = try FakeServer { client in
                client.receive()
                client.send(isLater ? "+OK\r\n+OK\r\n+PONG\r\n$0\r\n\r\n" : "+OK\r\n+OK\r\n\(text)$0\r\n\r\n")
                client.receive()
                client.send(String(repeating: text, count: 40))
                client.receive()
            }
            var settings = RedisSettings()
            settings.password = "hunter2"
            let target = try server.target(settings)
            let failure = try #require(await target.failure())
            #expect(!failure.message.contains("hunter2"), "\(failure)")
        }
    }

    @Test func halfAReplyIsClosed() async throws {
        let server = try FakeServer { client in
            client.receive()
            client.send("+OK\r\n+PONG\r\n$0\r\n\r\n")
            client.receive()
            client.send("$100\r\n# Server\r\n")
        }
        #expect(try await server.target().failure()?.reason == .closed)
    }

    @Test func silenceIsATimeout() async throws {
        let server = try Self.afterGreeting("$100\r\n# Server\r\n")
        let target = try server.target(RedisSettings(connectTimeout: .seconds(20), timeout: .milliseconds(300)))
        #expect(await target.failure()?.reason == .timeout)
    }

    @Test func theDeadlineOfThePollEndsAGreetingThatDrips() async throws {
        let server = try FakeServer { client in
            while client.send("+") {}
        }
        let failure = try await server.target().failure(before: .after(.milliseconds(500)))
        #expect(failure?.reason == .timeout || failure?.reason == .malformed)
    }

    /// HelloRequest (RFC 5246, 7.4.1.1), which a client in the middle of a handshake passes over.
    @Test func aHandshakeThatNeverEndsIsGivenUp() async throws {
        let requests = String(repeating: "\u{16}\u{3}\u{3}\0\u{4}\0\0\0\0", count: 1000)
        let server = try FakeServer { client in
            client.receive()
            while client.send(requests) {}
        }
        let settings = RedisSettings(
            tls: RedisTLSSettings(skipsVerification: true), connectTimeout: .seconds(60), timeout: .seconds(60))
        let target = RedisTarget(try RedisAddress("rediss://127.0.0.1:\(server.port)"), settings)
        let failure = await target.failure(before: .after(.seconds(60)))
        #expect(failure?.reason == .malformed)
        #expect(failure?.message.contains("without end") == true)
    }

    @Test func aHandshakeThatDripsEndsWithTheDeadline() async throws {
        let server = try FakeServer { client in
            client.receive()
            while client.send("\u{16}\u{3}\u{3}\0\u{4}\0\0\0\0") {}
        }
        let settings = RedisSettings(
            tls: RedisTLSSettings(skipsVerification: true), connectTimeout: .seconds(60), timeout: .seconds(60))
        let target = RedisTarget(try RedisAddress("rediss://127.0.0.1:\(server.port)"), settings)
        let failure = await target.failure(before: .after(.milliseconds(200)))
        #expect(failure?.reason == .timeout || failure?.reason == .malformed)
    }

    @Test func anEndlessReplyIsCutOff() async throws {
        let server = try FakeServer { client in
            client.receive()
            client.send("+OK\r\n+PONG\r\n$0\r\n\r\n")
            client.receive()
            client.send("$500000000\r\n")
            let chunk = String(repeating: "x", count: 65536)
            while client.send(chunk) {}
        }
        let failure = try await server.target().failure()
        #expect(failure?.reason == .malformed)
        #expect(failure?.message.contains("16 MiB") == true)
    }

    @Test func infoInItsPlainFormWillDo() async throws {
        let info = "redis_version:5.0.0\r\nuptime_in_seconds:5\r\n"
        let server = try FakeServer { client in
            let plain = "*1\r\n$4\r\nINFO\r\n"
            var greeted = false
            while true {
                let text = client.receive()
                if text.isEmpty { return }
                if !greeted {
                    client.send("+OK\r\n+PONG\r\n-ERR wrong number of arguments for 'info'\r\n")
                    greeted = true
                } else if text == plain {
                    client.send("$\(info.utf8.count)\r\n\(info)\r\n")
                } else {
                    let commands = Self.commands(in: text)
                    client.send(String(repeating: "-ERR unknown command\r\n", count: commands))
                }
            }
        }
        let collected = try await server.target().poll()
        #expect(collected.samples.number(named: "redis_uptime_in_seconds") == 5)
        #expect(collected.reason(InfoReply.name) == nil)
        #expect(collected.reason(Slowlog.name) == .unsupported)
        #expect(collected.reason(RedisConfig.name) == .unsupported)
    }

    @Test func aFullServerSaysSo() async throws {
        let server = try FakeServer { client in
            client.send("-ERR max number of clients reached\r\n")
            client.receive()
        }
        let failure = try await server.target().failure()
        #expect(failure?.reason == .refused)
        #expect(failure?.message.contains("max number of clients") == true)
    }

    @Test func aServerInProtectedModeSaysSo() async throws {
        let server = try FakeServer { client in
            client.send("-DENIED Redis is running in protected mode because …\r\n")
            client.receive()
        }
        #expect(try await server.target().failure()?.reason == .denied)
    }

    @Test func aLoadingServerStillShowsItsProgress() async throws {
        let info = "# Persistence\r\nloading:1\r\nloading_loaded_perc:12.50\r\n"
        let server = try FakeServer { client in
            client.receive()
            client.send("+OK\r\n-LOADING Redis is loading the dataset in memory\r\n$\(info.utf8.count)\r\n\(info)\r\n")
            client.receive()
            let loading = "-LOADING Redis is loading the dataset in memory\r\n"
            client.send("$\(info.utf8.count)\r\n\(info)\r\n" + String(repeating: loading, count: 7))
            client.receive()
        }
        let target = try server.target()
        let collected = try await target.poll()
        #expect(collected.samples.number(named: "redis_loading_dump_file") == 1)
        #expect(collected.samples.number(named: "redis_loading_loaded_ratio") == 0.125)
        #expect(collected.reason(Slowlog.name) == .loading)
    }

    @Test func aServerBefore6KnowsOnlyOnePassword() async throws {
        let info = "uptime_in_seconds:5\r\n"
        let server = try FakeServer { client in
            while true {
                let text = client.receive()
                if text.isEmpty { return }
                let commands = Self.commands(in: text)
                if text.contains("\r\nuser\r\n") {
                    let noAuth = String(repeating: "-NOAUTH Authentication required.\r\n", count: commands - 1)
                    client.send("-ERR wrong number of arguments for 'auth' command\r\n" + noAuth)
                } else if text.contains("AUTH") {
                    client.send(text.contains("secret") ? "+OK\r\n" : "-ERR invalid password\r\n")
                } else if text.contains("PING") {
                    client.send("+PONG\r\n$\(info.utf8.count)\r\n\(info)\r\n")
                } else {
                    let unknown = String(repeating: "-ERR unknown command\r\n", count: commands - 1)
                    client.send("$\(info.utf8.count)\r\n\(info)\r\n" + unknown)
                }
            }
        }
        var settings = RedisSettings.patient
        settings.user = "user"
        settings.password = "secret"
        #expect(try await server.target(settings).poll().samples.number(named: "redis_uptime_in_seconds") == 5)
        settings.password = "wrong"
        #expect(try await server.target(settings).failure()?.reason == .auth)
    }

    @Test func nobodyThereIsAFailureToConnect() async throws {
        let port = try freePort()
        let target = RedisTarget(try RedisAddress("127.0.0.1:\(port)"), .patient)
        #expect(await target.failure()?.reason == .connect)
        let nowhere = RedisTarget(try RedisAddress("no-such-host.invalid"), .patient)
        #expect(await nowhere.failure()?.reason == .resolve)
        let noSocket = RedisTarget(try RedisAddress("unix:///no/such/socket"), .patient)
        #expect(await noSocket.failure()?.reason == .connect)
    }
}
