import Foundation
import Synchronization
import TestKit
import Testing

@testable import HTTP

/// How a server ends.
@Suite struct ServerStopTests {
    /// Stops on a thread of its own, since stopping blocks.
    private final class Stopping: Sendable {
        private let ended = Mutex(false)
        var isOver: Bool { ended.withLock { $0 } }

        init(_ test: TestServer, within limit: Duration) {
            Thread.detachNewThread { [self] in
                test.server.stop(within: limit)
                ended.withLock { $0 = true }
            }
        }
    }

    @Test func answerUnderWayIsFinished() async throws {
        let test = try TestServer()
        let client = try RawSocket(port: test.port)
        try client.get("/big")
        var received = try client.receive(atMost: 1).count
        let stopping = Stopping(test, within: .seconds(60))
        try await eventually("no new clients") { (try? RawSocket(port: test.port)) == nil }
        #expect(!stopping.isOver)
        received += client.countUntilClosed()
        #expect(received > TestServer.bigSize, "head and whole body")
        try await eventually("stopped") { stopping.isOver }
        #expect(test.exchanges.map(\.isComplete) == [true])
    }

    @Test func requestUnderWayIsAnsweredWithAGoodbye() async throws {
        let test = try TestServer()
        let client = try RawSocket(port: test.port)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n")
        // A second client's answer shows that the server has read what the first one sent before.
        #expect(test.isServing)
        let stopping = Stopping(test, within: .seconds(60))
        try await eventually("no new clients") { (try? RawSocket(port: test.port)) == nil }
        try client.send("\r\n")
        let answer = try HTTPAnswer(parsing: try client.receiveAll())
        #expect(answer.status == 200)
        #expect(answer.headers["connection"] == "close")
        try await eventually("stopped") { stopping.isOver }
    }

    @Test func idleConnectionsDoNotDelayTheEnd() async throws {
        let test = try TestServer()
        let silent = try RawSocket(port: test.port)
        let idle = try RawSocket(port: test.port)
        try idle.get()
        _ = try idle.answer()
        let stopping = Stopping(test, within: .seconds(3600))
        try await eventually("stopped") { stopping.isOver }
        #expect(silent.countUntilClosed() == 0)
        #expect(idle.countUntilClosed() == 0)
        #expect(test.counts.open == 0)
    }

    @Test func stuckReaderIsCutAtTheDeadline() async throws {
        let test = try TestServer()
        let stuck = try RawSocket(port: test.port)
        try stuck.get("/big")
        _ = try stuck.receive(atMost: 1)
        let stopping = Stopping(test, within: .milliseconds(100))
        try await eventually("stopped") { stopping.isOver }
        #expect(stuck.countUntilClosed() < TestServer.bigSize)
        #expect(test.exchanges.map(\.isComplete) == [false])
    }

    @Test func secondOrderMayBringTheEndForward() async throws {
        let test = try TestServer()
        let stuck = try RawSocket(port: test.port)
        try stuck.get("/big")
        _ = try stuck.receive(atMost: 1)
        let patient = Stopping(test, within: .seconds(3600))
        try await eventually("no new clients") { (try? RawSocket(port: test.port)) == nil }
        #expect(!patient.isOver)
        let impatient = Stopping(test, within: .zero)
        try await eventually("both over") { patient.isOver && impatient.isOver }
    }

    @Test func stoppingTwiceIsFine() throws {
        let test = try TestServer()
        test.server.stop(within: .seconds(5))
        test.server.stop(within: .seconds(5))
        #expect(throws: (any Error).self) { try RawSocket(port: test.port) }
    }

    @Test func lastReferenceStopsTheServer() throws {
        var test: TestServer? = try TestServer()
        let port = try #require(test?.port)
        #expect(test?.isServing == true)
        test = nil
        #expect(throws: (any Error).self) { try RawSocket(port: port) }
    }
}
