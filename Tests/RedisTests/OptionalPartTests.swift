import Metrics
import Synchronization
import TestKit
import Testing

@testable import Redis

/// A part that goes wrong costs its own families and nothing else, whatever it is that goes wrong.
struct OptionalPartTests {
    private static let info = RedisImitation.bulk(
        "# Server\r\nredis_version:7.0.0\r\nredis_mode:standalone\r\nrun_id:abc\r\nuptime_in_seconds:5\r\n"
            + "cmdstat_ping:calls=1,usec=1\r\n")

    /// A server that has nothing to say of any part, but for what the test gives it to say.
    private static func server(_ answer: @escaping @Sendable ([String]) -> String?) throws -> RedisImitation {
        try RedisImitation { command in
            switch command.map({ $0.lowercased() }) {
            case ["ping"]: "+PONG\r\n"
            case let words where words[0] == "info" && words.last == "latencystats": bulk
            case let words where words[0] == "info": info
            default: answer(command)
            }
        }
    }

    private static let bulk = RedisImitation.bulk("")

    private static func isUp(_ collected: Collected) -> Bool {
        collected.samples.number(named: "redis_uptime_in_seconds") == 5
    }

    @Test func aReplyOfTheWrongShapeCostsOnlyItsOwnFamilies() async throws {
        let server = try Self.server { command in
            switch command.prefix(2) {
            case ["SLOWLOG", "LEN"]: ":3\r\n"
            case ["SLOWLOG", "GET"]: "*0\r\n"
            case ["CONFIG", "GET"]: "+what\r\n"
            default: ":1\r\n"
            }
        }
        let target = try server.target()
        let collected = try await target.poll()
        #expect(Self.isUp(collected))
        #expect(collected.samples.first(Slowlog.length) == 3)
        for part in [LatencySpikes.name, LatencyHistograms.name, RedisConfig.name] {
            #expect(collected.reason(part) == .malformed, "\(part)")
        }
        let before = server.commands.count
        #expect(try await target.poll().partFailures.isEmpty)
        #expect(Set(server.commands.dropFirst(before).map { $0[0] }) == ["INFO", "SLOWLOG"])
    }

    @Test(arguments: [
        "-NOTALLOWED here\r\n", "-ERR whatever\r\n", "-Something odd, without a code\r\n", "-\r\n", "-WRONGPASS x\r\n",
    ])
    func anyErrorMakesAPartRest(error: String) async throws {
        let server = try Self.server { _ in error }
        let target = try server.target()
        let collected = try await target.poll()
        #expect(Self.isUp(collected) && !collected.partFailures.isEmpty)
        let before = server.commands.count
        let next = try await target.poll()
        #expect(Self.isUp(next) && next.partFailures.isEmpty)
        #expect(server.commands.dropFirst(before).allSatisfy { $0[0] == "INFO" })
    }

    @Test func whatWasRefusedIsAskedAgainWithTheNextConnection() async throws {
        let server = try Self.server { RedisImitation.unknown($0) }
        let target = try server.target()
        let partFailures = try await target.poll().partFailures
        await target.disconnect()
        #expect(try await target.poll().partFailures == partFailures)
    }

    @Test func aStateThatPassesMakesNoPartRest() async throws {
        let isLoading = Mutex(true)
        let server = try Self.server { command in
            if isLoading.withLock({ $0 }) { return "-LOADING Redis is loading the dataset in memory\r\n" }
            return command.starts(with: ["SLOWLOG", "LEN"]) ? ":3\r\n" : "*0\r\n"
        }
        let target = try server.target()
        #expect(try await target.poll().reason(Slowlog.name) == .loading)
        isLoading.withLock { $0 = false }
        #expect(try await target.poll().samples.first(Slowlog.length) == 3)
    }

    @Test(arguments: ["SLOWLOG", "LATENCY", "CONFIG"])
    func aReplyThatIsTooLongIsPassedOver(command: String) async throws {
        let server = try Self.server { asked in
            if asked[0] == command { return RedisImitation.bulk(String(repeating: "x", count: 17 << 20)) }
            return asked.starts(with: ["SLOWLOG", "LEN"]) ? ":3\r\n" : "*0\r\n"
        }
        let patient = RedisSettings(connectTimeout: .seconds(60), timeout: .seconds(60))
        let target = try server.target(patient)
        let collected = try await target.collect(before: .after(.seconds(60)))
        #expect(Self.isUp(collected))
        #expect(
            collected.partFailures.contains { $0.failure.reason == .overflow && $0.failure.message.contains(command) })
        #expect(collected.samples.first(Slowlog.length) == (command == "SLOWLOG" ? nil : 3))
        let before = server.count(command)
        #expect(Self.isUp(try await target.poll()))
        #expect(server.count(command) == before)
    }

    @Test func aCommandThatEndsTheConnectionIsNotAskedAgain() async throws {
        let server = try Self.server { asked in
            if asked.starts(with: ["SLOWLOG", "LEN"]) { return nil }
            return "*0\r\n"
        }
        let target = try server.target()
        let collected = try await target.poll()
        #expect(Self.isUp(collected))
        #expect(collected.reason(Slowlog.name) == .closed)
        #expect(collected.skipped.contains(ClientList.name))
        let next = try await target.poll()
        #expect(Self.isUp(next) && next.partFailures.allSatisfy { $0.part != Slowlog.name })
        #expect(server.count("SLOWLOG", "LEN") == 1)
    }

    @Test func aCommandThatIsNeverAnsweredIsNotAskedAgain() async throws {
        let isStuck = Mutex(false)
        let server = try RedisImitation { asked in
            isStuck.withLock { isStuck in
                if asked.starts(with: ["CLIENT", "SETNAME"]) { isStuck = false }
                if asked == ["LATENCY", "LATEST"] { isStuck = true }
                return isStuck ? "" : asked[0] == "INFO" ? Self.info : "*0\r\n"
            }
        }
        let target = try server.target(RedisSettings(connectTimeout: .seconds(20), timeout: .seconds(1)))
        let collected = try await target.poll()
        #expect(Self.isUp(collected))
        #expect(server.count("LATENCY", "LATEST") == 1)
        _ = try await target.poll()
        #expect(server.count("LATENCY", "LATEST") == 1)
    }

    @Test func aClientWithALongNameTakesNothingDown() async throws {
        // The slow log would hold the name as well.
        let server = try await RedisServer("redis-server", ["slowlog-log-slower-than -1"])
        let client = try RawSocket(port: server.port)
        let name = String(repeating: "x", count: 17 << 20)
        try client.send("*3\r\n$6\r\nCLIENT\r\n$7\r\nSETNAME\r\n\(RedisImitation.bulk(name))")
        #expect(try String(decoding: client.receive(), as: UTF8.self) == "+OK\r\n")
        var companion = RedisCompanion()
        companion.wantsClients = { true }
        companion.onClients = { _ in Issue.record("a part of the list was taken for the whole") }
        let target = RedisTarget(try RedisAddress(server.address), .patient, companion: companion)
        let collected = try await target.poll()
        #expect(collected.reason(ClientList.name) == .overflow)
        #expect(collected.samples.number(named: "redis_uptime_in_seconds") != nil)
        #expect(collected.partFailures.count == 1)
    }
}
