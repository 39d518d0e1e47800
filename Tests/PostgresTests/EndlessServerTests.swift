import Metrics
import TestKit
import Testing

@testable import Postgres

/// Servers that never stop talking, in each state of a connection. The socket is ready all the time, so nothing that
/// only waits would ever notice that the poll's time is over.
@Suite struct EndlessServerTests {
    /// What a server says again and again.
    enum Chatter: CaseIterable {
        case notices, settings, notifications, oneRow, oneError

        /// - Parameter number: makes each of them another.
        func text(_ number: Int) -> String {
            switch self {
            case .notices: message("N", "SNOTICE\0Mround \(number)\0\0")
            case .settings: message("S", "custom.setting\(number)\0value\0")
            case .notifications: message("A", "\0\0\0\u{7}channel\(number)\0payload\0")
            // The length of a message that is 256 MiB long, and then what it is made of.
            case .oneRow: number == 0 ? "D\u{10}\0\0\0\0\u{1}\u{10}\0\0\0" : "row"
            case .oneError: number == 0 ? "E\u{10}\0\0\0SERROR\0C42501\0M" : "error"
            }
        }

        private func message(_ type: String, _ body: String) -> String {
            type + "\0\0\0" + String(UnicodeScalar(UInt8(body.utf8.count + 4))) + body
        }
    }

    private static let welcome = "R\0\0\0\u{8}\0\0\0\0"
    private static let ready = "Z\0\0\0\u{5}I"

    private func server(_ chatter: Chatter, afterLogin isLoggedIn: Bool) throws -> FakeServer {
        try FakeServer { client in
            client.receive()
            client.send(Self.welcome)
            if isLoggedIn {
                client.send(Self.ready)
                client.receive()
            }
            client.send(chatter.text(0))
            // Some thousand at once, as a kernel would hand them on.
            var number = 1
            var block = ""
            repeat {
                block = ""
                for _ in 0..<2000 {
                    block += chatter.text(number)
                    number += 1
                }
            } while client.send(block)
        }
    }

    @Test func aPasswordThatTheServerEchoesIsNotRepeated() async throws {
        let error = "SFATAL\0C42501\0Mhunter2 is hunter2\0\0"
        let server = try FakeServer { client in
            client.receive()
            // AuthenticationCleartextPassword, and an answer to it that says it again.
            client.send("R\0\0\0\u{8}\0\0\0\u{3}")
            client.receive()
            client.send("E\0\0\0" + String(UnicodeScalar(UInt8(error.utf8.count + 4))) + error)
        }
        let address = "host=127.0.0.1 port=\(server.port) user=monitor password=hunter2 sslmode=disable"
        let target = PostgresTarget(PostgresOptions(PostgresAccess(try ConnectionString(parsing: address))))
        let failure = await #expect(throws: CollectorFailure.self) { try await target.poll() }
        #expect(failure?.message == "*** is ***")
    }

    private func target(_ server: FakeServer, _ timeout: Duration) throws -> PostgresTarget {
        let address = "host=127.0.0.1 port=\(server.port) user=monitor dbname=app sslmode=disable"
        let access = PostgresAccess(try ConnectionString(parsing: address), connectTimeout: timeout)
        return PostgresTarget(PostgresOptions(access, timeout: timeout))
    }

    @Test(arguments: Chatter.allCases, [false, true])
    func isGivenUpBeforeItFillsTheMemory(chatter: Chatter, isLoggedIn: Bool) async throws {
        // Only a query is answered with rows.
        if chatter == .oneRow && !isLoggedIn { return }
        let server = try server(chatter, afterLogin: isLoggedIn)
        // libpq looks through all settings for each new one: there it is time that runs out.
        let target = try target(server, chatter == .settings ? .seconds(1) : .seconds(60))
        let failure = await #expect(throws: CollectorFailure.self) { try await target.poll() }
        var reasons: [CollectorFailure.Reason] = isLoggedIn ? [.overflow] : [.overflow, .closed, .connect]
        if chatter == .settings { reasons.append(.timeout) }
        #expect(reasons.contains { $0 == failure?.reason }, "\(String(describing: failure))")
    }

    @Test(arguments: [false, true])
    func theDeadlineHolds(isLoggedIn: Bool) async throws {
        // One notice at a time, so that it is the time that runs out.
        let server = try FakeServer { client in
            client.receive()
            client.send(Self.welcome)
            if isLoggedIn {
                client.send(Self.ready)
                client.receive()
            }
            while client.send(Chatter.notices.text(1)) {}
        }
        let target = try target(server, .milliseconds(300))
        let failure = await #expect(throws: CollectorFailure.self) {
            try await target.collect(before: .after(.milliseconds(300)))
        }
        #expect(failure?.reason == .timeout || failure?.reason == .overflow, "\(String(describing: failure))")
    }
}

@Suite struct InputMeterTests {
    @Test func rowsAreNotCounted() {
        var meter = InputMeter()
        meter.read(40 << 20)
        #expect(meter.isTooMuch)
        meter.take(rows: 30 << 20)
        #expect(!meter.isTooMuch && !meter.isWornOut)
    }

    @Test func aConnectionThatIsToldMuchOverManyPollsIsReplaced() {
        var meter = InputMeter()
        for _ in 0..<20 {
            meter.beginPoll()
            meter.read(1 << 20)
            #expect(!meter.isTooMuch)
        }
        #expect(meter.isWornOut)
    }
}
