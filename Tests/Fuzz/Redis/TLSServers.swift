// Any bytes as what a server of `rediss://` says: instead of its handshake, or as replies after a real one. It comes to
// a connection or to an error, in time, and nothing stays held.

import COpenSSL
import Metrics
import System

@testable import Redis

private let memory = MemoryBudget(limit: 1)
private let raw = ScriptedServer()
private let genuine = ScriptedServer { script, line in
    guard let session = ServerSession(line) else { return }
    script.perform(send: { session.send($0) }, hear: { session.hear() })
    script.end(line)
}

func fuzzTLSServers(_ input: inout FuzzInput) {
    let server = input.byte() & 1 == 0 ? raw : genuine
    server.say(Script(&input))
    let secret = "s3cr3t"
    let limit = Duration.milliseconds(100)
    var settings = RedisSettings()
    settings.memory = memory
    settings.tls.skipsVerification = true
    let address = RedisAddress(
        .tcp(host: "127.0.0.1", port: UInt16(server.port)), usesTLS: true, password: secret)
    let begin = ContinuousClock.now
    do throws(CollectorFailure) {
        var connection = try RedisConnection.open(to: address, settings, before: .after(limit))
        let bounds = [ReplyBound(bytes: 64, isOptional: true), .essential]
        let answer = try connection.pipeline([["INFO"], ["DBSIZE"]], bounds: bounds, before: .after(limit))
        require(answer.replies.count == 2 || answer.interruption != nil, "a command without an outcome")
        let held = memory.figures[.replies]?.held ?? 0
        require(held <= memory.share(of: .replies), "\(held) bytes are held")
        connection.endPoll()
        _ = connection.isSpent()
    } catch {
        require(!error.message.isEmpty, "an error without words")
        require(!error.message.contains(secret), "the password is told: \(error.message)")
    }
    require(memory.figures[.replies]?.held == 0, "memory is held for a connection that is closed")
    let time = begin.duration(to: .now)
    require(time < limit * 2 + .seconds(3), "it took \(time)")
}

/// The server's end of TLS, with the certificate of the run.
@safe private final class ServerSession {
    private let line: Line
    private let session: OpaquePointer

    nonisolated(unsafe) private static let context: OpaquePointer = {
        require(unsafe sidelong_load_openssl() == nil, "no OpenSSL")
        guard let context = unsafe SSL_CTX_new(TLS_server_method()) else { fatalError("no TLS context") }
        let folder = ".build/fuzz/tls"
        require(
            unsafe SSL_CTX_use_certificate_chain_file(context, "\(folder)/server.crt") == 1
                && SSL_CTX_use_PrivateKey_file(context, "\(folder)/server.key", SSL_FILETYPE_PEM) == 1,
            "no certificate; is this the project's folder?")
        return unsafe context
    }()

    /// Shakes hands; nil when the client hangs up.
    init?(_ line: Line) {
        self.line = line
        guard let session = unsafe SSL_new(Self.context) else { fatalError("no TLS session") }
        unsafe self.session = session
        unsafe SSL_set_bio(session, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()))
        unsafe SSL_set_accept_state(session)
        while unsafe SSL_do_handshake(session) != 1 {
            guard flush(), take(within: 2000) else { return nil }
        }
        guard flush() else { return nil }
    }

    deinit {
        unsafe SSL_free(session)
    }

    func send(_ bytes: [UInt8]) -> Bool {
        guard !bytes.isEmpty else { return true }
        return unsafe SSL_write(session, bytes, Int32(bytes.count)) == bytes.count && flush()
    }

    func hear() {
        _ = take(within: Script.patience)
        var buffer = [UInt8](repeating: 0, count: 16384)
        _ = unsafe SSL_read(session, &buffer, Int32(buffer.count))
    }

    /// Hands over what the client says; false when it says nothing.
    private func take(within milliseconds: Int32) -> Bool {
        guard let bytes = line.receive(within: milliseconds), !bytes.isEmpty else { return false }
        return unsafe BIO_write(SSL_get_rbio(session), bytes, Int32(bytes.count)) == bytes.count
    }

    private func flush() -> Bool {
        let output = unsafe SSL_get_wbio(session)
        var records = [UInt8](repeating: 0, count: unsafe BIO_ctrl_pending(output))
        let count = unsafe BIO_read(output, &records, Int32(records.count))
        return count <= 0 || line.send(Array(records.prefix(Int(count))))
    }
}
