import Foundation
import Glibc
import Synchronization
import System
import TestKit
import Testing

@testable import HTTP

/// Questions to other servers while something comes in between.
@Suite struct ProbeTests {
    /// As when the window of `sidelong top` gets another size.
    @Test(arguments: [false, true])
    func aSignalInterruptsNoQuestion(isEncrypted: Bool) throws {
        var rules = AccessRules()
        let identity = try TLSIdentity()
        if isEncrypted {
            rules.tls = TLSSettings(
                certificate: try String(contentsOfFile: identity.server.certificate, encoding: .utf8),
                key: try String(contentsOfFile: identity.server.key, encoding: .utf8))
        }
        let (isAsked, mayAnswer) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let server = try HTTPServer(
            HTTPServer.Configuration(addresses: [try ListenAddress("127.0.0.1:0")], rules: rules)
        ) { _ in
            isAsked.signal()
            mayAnswer.wait()
            return .line(200, "hello")
        }
        // Without SA_RESTART, so that a call is interrupted.
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in }
        unsafe sigaction(SIGUSR1, &action, nil)

        let address = HTTPProbe.Server(server.addresses[0], tls: isEncrypted ? TLSClientSettings() : nil)
        let answer = Mutex<Result<HTTPProbe.Answer, any Error>?>(nil)
        let thread = Mutex<pthread_t?>(nil)
        let isOver = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            // Threads of tests let nearly no signal through.
            var signals = sigset_t()
            unsafe sigaddset(&signals, SIGUSR1)
            unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            thread.withLock { $0 = pthread_self() }
            let outcome = Result { try HTTPProbe.answer(to: "/", at: address, within: .seconds(60)) }
            answer.withLock { $0 = outcome }
            isOver.signal()
        }
        isAsked.wait()
        let asking = try #require(thread.withLock { $0 })
        for _ in 0..<100 {
            pthread_kill(asking, SIGUSR1)
            usleep(1000)
        }
        mayAnswer.signal()
        isOver.wait()
        #expect(try answer.withLock { try $0?.get() } == HTTPProbe.Answer(status: 200, body: Array("hello\n".utf8)))
    }

    /// It would take minutes until the message is whole.
    @Test func aHandshakeThatDripsIsGivenUp() throws {
        let server = try FakeServer { client in
            client.receive()
            client.send("\u{16}\u{3}\u{3}\u{40}\0")
            while client.send("\u{2}") { usleep(20_000) }
        }
        let address = HTTPProbe.Server(
            .tcp(host: "127.0.0.1", port: UInt16(server.port)), tls: TLSClientSettings())
        #expect(throws: HTTPProbe.Failure("127.0.0.1:\(server.port): no TLS handshake in time")) {
            try HTTPProbe.answer(to: "/", at: address, within: .milliseconds(300))
        }
    }
}
