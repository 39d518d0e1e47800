import Foundation
import Synchronization
import TestKit
import Testing

@testable import HTTP

/// A server with rules, asked over HTTP.
@Suite struct GateTests {
    /// bcrypt of `U*U` at the lowest useful cost.
    private static let hash = PasswordHash("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")!
    private static let good = ["Authorization": "Basic " + Data("user:U*U".utf8).base64EncodedString()]
    private static let bad = ["Authorization": "Basic " + Data("user:wrong".utf8).base64EncodedString()]

    private func key(_ token: String, _ limit: RateLimit? = nil) -> APIKey {
        APIKey(name: token, digest: TLSLibrary.sha256(Array(token.utf8)), limit: limit)!
    }

    private func withUser() -> AccessRules {
        var rules = AccessRules()
        rules.users = ["user": Self.hash]
        return rules
    }

    @Test func withoutACredentialNothingIsServed() throws {
        let test = try TestServer(rules: withUser())
        for path in ["/", "/nothing"] {
            let answer = try request(port: test.port, path)
            #expect(answer.status == 401)
            #expect(answer.headers["www-authenticate"] == "Basic realm=\"sidelong\"")
        }
        #expect(try request("POST", port: test.port, "/").status == 401)
        #expect(test.server.accessCounts.failures == [.missing: 3])
    }

    @Test func theRightPasswordIsServedAgainAndAgain() throws {
        let test = try TestServer(rules: withUser())
        for _ in 0..<3 { #expect(try request(port: test.port, "/", headers: Self.good).status == 200) }
        #expect(test.server.accessCounts.failures == [:])
    }

    @Test(arguments: ["user:wrong", "other:U*U", "user:", ":", "user:U*U\u{0}"])
    func anythingElseIsNot(credential: String) throws {
        let test = try TestServer(rules: withUser())
        let headers = ["Authorization": "Basic " + Data(credential.utf8).base64EncodedString()]
        #expect(try request(port: test.port, "/", headers: headers).status == 401)
        #expect(test.server.accessCounts.failures == [.password: 1])
    }

    /// Who names nobody waits for a check as dear as the dearest of the users', also after new rules.
    @Test func anUnknownUserCostsACheck() throws {
        let costs = Mutex<[Int]>([])
        let desk = PasswordDesk { hash, _ in
            costs.withLock { $0.append(hash.cost) }
            return true
        }
        let test = try TestServer(rules: withUser(), desk: desk)
        let headers = ["Authorization": "Basic " + Data("nobody:U*U".utf8).base64EncodedString()]
        #expect(try request(port: test.port, "/", headers: headers).status == 401)
        var rules = withUser()
        rules.users["dear"] = PasswordHash(Self.hash.text.replacing("$05$", with: "$07$"))
        try test.server.replaceRules(with: rules)
        #expect(try request(port: test.port, "/", headers: headers).status == 401)
        #expect(costs.withLock { $0 } == [5, 7])
        #expect(test.server.accessCounts.failures == [.password: 2])
    }

    @Test func aConnectionStaysForMoreAfterACheck() throws {
        let test = try TestServer(rules: withUser())
        let client = try RawSocket(port: test.port)
        let fields = [Self.bad, Self.good, Self.bad, Self.good].map { "Authorization: \($0["Authorization"] ?? "")" }
        for (field, status) in zip(fields, [401, 200, 401, 200]) {
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n")
            #expect(try client.answer().status == status)
        }
        #expect(test.counts.accepted == 1)
    }

    @Test func pipelinedRequestsWaitForTheirCheckInOrder() throws {
        let test = try TestServer(rules: withUser())
        let client = try RawSocket(port: test.port)
        let field = "Authorization: \(Self.good["Authorization"] ?? "")"
        let requests = ["/", "/nothing", "/"].map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\(field)\r\n" }
        try client.send(requests.joined(separator: "\r\n") + "Connection: close\r\n\r\n")
        let text = String(decoding: try client.receiveAll(), as: UTF8.self)
        let statuses = text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }
        #expect(statuses == ["200", "404", "200"])
    }

    /// A desk at which every check lasts until the test opens it, and none is good.
    private func closedDesk() -> (desk: PasswordDesk, door: Door) {
        let door = Door()
        return (PasswordDesk { _, _ in door.pass() }, door)
    }

    private static let guess = "GET /field HTTP/1.1\r\nHost: a\r\nAuthorization: \(bad["Authorization"] ?? "")\r\n\r\n"

    @Test func othersAreServedWhilePasswordsAreChecked() throws {
        var rules = withUser()
        rules.openPaths = ["/"]
        let (desk, door) = closedDesk()
        let test = try TestServer(rules: rules, desk: desk)
        let guessers = try (0..<4).map { _ in try RawSocket(port: test.port) }
        for guesser in guessers { try guesser.send(Self.guess) }
        for _ in 0..<20 { #expect(try request(port: test.port, "/").status == 200) }
        #expect(test.exchanges.allSatisfy { $0.path == "/" }, "not one guess is answered yet")
        door.open()
        for guesser in guessers { #expect(try guesser.answer().status == 401) }
    }

    @Test func aServerStopsInTheMiddleOfACheck() throws {
        let (desk, door) = closedDesk()
        let test = try TestServer(rules: withUser(), desk: desk)
        let guesser = try RawSocket(port: test.port)
        try guesser.send(Self.guess)
        door.waitForOne()
        test.server.stop(within: .milliseconds(1))
        #expect(guesser.countUntilClosed() == 0)
        door.open()
    }

    @Test func whoLeavesDuringTheCheckIsForgotten() async throws {
        let (desk, door) = closedDesk()
        let test = try TestServer(rules: withUser(), desk: desk) { $0.requestTime = .milliseconds(50) }
        for _ in 0..<3 { try RawSocket(port: test.port).send(Self.guess) }
        let patient = try RawSocket(port: test.port)
        try patient.send(Self.guess)
        try await eventually("those who wait too long are cut") { test.counts.accepted == 4 && test.counts.cut > 0 }
        door.open()
        try await eventually("all connections closed") { test.counts.open == 0 }
    }

    @Test func tooManyChecksAtOnceAre503() async throws {
        let (desk, door) = closedDesk()
        let test = try TestServer(rules: withUser(), desk: desk)
        let guessers = try (0..<10).map { _ in try RawSocket(port: test.port) }
        try guessers[0].send(Self.guess)
        door.waitForOne()
        for guesser in guessers.dropFirst() { try guesser.send(Self.guess) }
        try await eventually("one of them finds no place") { test.server.accessCounts.failures == [.busy: 1] }
        door.open()
        let statuses = try guessers.map { try $0.answer().status }
        #expect(statuses.sorted() == Array(repeating: 401, count: 9) + [503])
    }

    @Test func anAPIKeyIsACredentialAndIsCounted() throws {
        var rules = AccessRules()
        rules.keys = [key("first"), key("second")]
        let test = try TestServer(rules: rules)
        #expect(try request(port: test.port, "/", headers: ["Authorization": "Bearer first"]).status == 200)
        #expect(try request(port: test.port, "/", headers: ["Authorization": "bearer second"]).status == 200)
        let refused = try request(port: test.port, "/", headers: ["Authorization": "Bearer third"])
        #expect(refused.status == 401)
        #expect(refused.headers["www-authenticate"] == "Bearer")
        #expect(test.server.accessCounts.keyRequests == ["first": 1, "second": 1])
        #expect(test.server.accessCounts.failures == [.key: 1])
    }

    @Test func aKeysOwnRateCountsInsteadOfItsClients() throws {
        var rules = AccessRules()
        rules.client = RateLimit(perSecond: 0.001, burst: 1)
        rules.keys = [key("wide", RateLimit(perSecond: 0.001, burst: 5)), key("plain")]
        let test = try TestServer(rules: rules)
        let wide = try (0..<7).map { _ in
            try request(port: test.port, "/", headers: ["Authorization": "Bearer wide"]).status
        }
        #expect(wide == [200, 200, 200, 200, 200, 429, 429])
        let plain = try (0..<2).map { _ in
            try request(port: test.port, "/", headers: ["Authorization": "Bearer plain"]).status
        }
        #expect(plain == [200, 429])
        #expect(test.server.accessCounts.limited == [.key: 2, .client: 1])
        #expect(test.server.accessCounts.keyRequests == ["wide": 7, "plain": 2])
    }

    @Test func tooFastIs429BeforeAnyCredential() throws {
        var rules = withUser()
        rules.client = RateLimit(perSecond: 0.01, burst: 2)
        rules.openPaths = ["/empty"]
        let test = try TestServer(rules: rules)
        #expect(try request(port: test.port, "/", headers: Self.good).status == 200)
        #expect(try request(port: test.port, "/", headers: Self.bad).status == 401)
        let answer = try request(port: test.port, "/", headers: Self.good)
        #expect(answer.status == 429)
        #expect(Int(answer.headers["retry-after"] ?? "") ?? 0 >= 1)
        #expect(try request(port: test.port, "/empty").status == 200, "probes are neither counted nor refused")
        #expect(test.server.accessCounts.limited == [.client: 1])
        #expect(test.server.accessCounts.buckets == 1)
    }

    @Test func allTogetherHaveTheirLimitToo() throws {
        var rules = AccessRules()
        rules.everyone = RateLimit(perSecond: 0.01, burst: 2)
        let test = try TestServer(rules: rules)
        #expect(try (0..<3).map { _ in try request(port: test.port, "/").status } == [200, 200, 429])
        #expect(test.server.accessCounts.limited == [.everyone: 1])
    }

    /// What one client is refused for its own rate takes nothing from the rate of all.
    @Test func oneFastClientSlowsNobodyElseDown() throws {
        var rules = AccessRules()
        rules.client = RateLimit(perSecond: 0.01, burst: 2)
        rules.everyone = RateLimit(perSecond: 0.01, burst: 4)
        let test = try TestServer(":0", rules: rules)
        let fast = try (0..<10).map { _ in try request(port: test.port, "/").status }
        #expect(fast == [200, 200] + Array(repeating: 429, count: 8))
        let address = try #require(try SocketAddress.toListen(onHost: "::1", port: UInt16(test.port)).first)
        let other = try RawSocket.connected(to: address)
        try other.get()
        #expect(try other.answer().status == 200)
        #expect(test.server.accessCounts.limited == [.client: 8])
    }

    @Test func clientsFromElsewhereAreNotLetIn() throws {
        var rules = AccessRules()
        rules.allowed = [AddressRange("192.0.2.0/24")!]
        rules.openPaths = ["/"]
        let test = try TestServer(rules: rules)
        #expect(try RawSocket(port: test.port).countUntilClosed() == 0)
        #expect(test.server.accessCounts.failures == [.address: 1])
        #expect(test.counts.accepted == 0)
    }

    @Test func newRulesAreFollowedAlsoOnOldConnections() async throws {
        let test = try TestServer(rules: AccessRules())
        let client = try RawSocket(port: test.port)
        try client.get()
        #expect(try client.answer().status == 200)
        try test.server.replaceRules(with: withUser())
        try await eventually("the new rules") { try request(port: test.port, "/").status == 401 }
        try client.get()
        #expect(try client.answer().status == 401)
        var elsewhere = AccessRules()
        elsewhere.allowed = [AddressRange("192.0.2.0/24")!]
        try test.server.replaceRules(with: elsewhere)
        try await eventually("nobody is let in") { try RawSocket(port: test.port).countUntilClosed() == 0 }
        try client.get()
        #expect(try client.answer().status == 403)
    }

    @Test func everyAnswerCarriesTheFields() throws {
        var rules = withUser()
        rules.fields = [(name: "X-Frame-Options", value: "deny")]
        let test = try TestServer(rules: rules)
        #expect(try request(port: test.port, "/").headers["x-frame-options"] == "deny")
        #expect(try request(port: test.port, "/", headers: Self.good).headers["x-frame-options"] == "deny")
    }

    @Test func noPartOfACredentialIsInAnAnswer() throws {
        let test = try TestServer(rules: withUser())
        let headers = ["Authorization": "Basic " + Data("user:planted-password".utf8).base64EncodedString()]
        let answer = try request(port: test.port, "/", headers: headers)
        #expect(!answer.text.contains("planted"))
        #expect(!answer.headers.values.contains { $0.contains("planted") || $0.contains(headers["Authorization"]!) })
    }
}
