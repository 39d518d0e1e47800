// What clients send, and the addresses that an operator writes.

import Glibc
import Synchronization
import System

@testable import HTTP

let targets: [String: @Sendable (inout FuzzInput) -> Void] = [
    "Accept": fuzzAccept, "Paths": fuzzPaths, "Credentials": fuzzCredentials, "ListenAddresses": fuzzListenAddresses,
    "ProbeAnswers": fuzzProbeAnswers, "Connections": fuzzConnections, "TLSConnections": fuzzTLSConnections,
    "TLSAnswers": fuzzTLSAnswers,
]

/// A server that is asked by clients of all kinds, one input after the other, and has to serve a good one meanwhile.
final class ServerBench: Sendable {
    let port: Int
    private let server: HTTPServer
    private let memory = MemoryBudget(limit: 1)
    private let tls: TLSClientSettings?
    private let handled: Counter
    private let observed: Counter
    private let accepted = Atomic(0)

    private final class Counter: Sendable {
        let value = Atomic(0)
    }

    init(_ rules: AccessRules) {
        var limits = HTTPLimits()
        // How often the server looks for clients that are gone depends on the shortest of its limits.
        limits.idleTime = .milliseconds(40)
        do {
            var configuration = HTTPServer.Configuration(
                addresses: [try ListenAddress("127.0.0.1:0")], limits: limits, rules: rules)
            configuration.memory = memory
            let (handled, observed) = (Counter(), Counter())
            server = try HTTPServer(
                configuration, observer: { _ in observed.value.add(1, ordering: .relaxed) },
                handler: { request in
                    handled.value.add(1, ordering: .relaxed)
                    return .line(200, "\(request.method) \(request.path)")
                })
            (self.handled, self.observed) = (handled, observed)
        } catch {
            fatalError("\(error)")
        }
        port = server.addresses[0].port ?? 0
        tls = rules.tls == nil ? nil : TLSClientSettings()
    }

    /// Lets a client have its say, asks well meanwhile, and looks at what is left when both are gone.
    func serve(_ client: (Line) -> Void) {
        let before = server.counts
        withExtendedLifetime(Line(to: port)) { line in
            client(line)
            askWell()
        }
        eventually("after both clients have gone: \(server.counts), \(memory.figures)") {
            server.counts.open == 0 && memory.figures[.connections]?.held == 0 && memory.figures[.responses]?.held == 0
        }
        let after = server.counts
        require(after.accepted == before.accepted + 2, "\(after.accepted - before.accepted) clients of two")
        require(after.refused == before.refused && after.pauses == before.pauses, "a client was refused")
        require(
            memory.figures.values.allSatisfy { $0.shed == 0 }, "something was given up for want of room")
        let (asked, answered) = (handled.value.load(ordering: .relaxed), observed.value.load(ordering: .relaxed))
        require(asked <= answered, "\(answered) of \(asked) requests came to an end")
    }

    private func askWell() {
        do throws(HTTPProbe.Failure) {
            let address = ListenAddress.tcp(host: "127.0.0.1", port: UInt16(port))
            let answer = try HTTPProbe.answer(
                to: "/good", at: HTTPProbe.Server(address, tls: tls), within: .seconds(5))
            require(answer == HTTPProbe.Answer(status: 200, body: Array("get /good\n".utf8)), "\(answer)")
        } catch {
            fatalError("a good client is not served: \(error)")
        }
    }
}
