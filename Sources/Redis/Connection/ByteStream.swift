// The two directions of a connection, plain or under TLS; everything above sees plain bytes.

import Metrics
import System

/// A connected socket, with the TLS session that covers it where there is one.
struct ByteStream: ~Copyable {
    private let socket: Socket
    private var session: TLSSession?
    private var records: [UInt8]

    /// Bytes that a server may send without bringing anything: in a handshake its certificates, later its tickets.
    private static let mostProtocolBytes = 256 * 1024

    /// Where the socket leads.
    var peer: ResolvedAddress { socket.peer }

    private init(_ socket: consuming Socket) {
        self.socket = socket
        session = nil
        records = []
    }

    /// Connects, and ends the TLS handshake where the address wants TLS.
    static func open(
        to address: RedisAddress, _ settings: RedisSettings, before deadline: Deadline
    ) throws(CollectorFailure) -> ByteStream {
        let socket = try Socket.connect(
            to: address.endpoint, settings.lookUp, watch: settings.watch, before: deadline)
        var stream = ByteStream(socket)
        if address.usesTLS, case .tcp(let host, _) = address.endpoint {
            try stream.cover(with: TLSSession.begin(settings.tls, host: host), before: deadline)
        }
        return stream
    }

    private mutating func cover(
        with session: consuming TLSSession, before deadline: Deadline
    ) throws(CollectorFailure) {
        self.session = consume session
        records = [UInt8](repeating: 0, count: 16 * 1024)
        var received = 0
        while true {
            let step = try self.session?.handshake() ?? .done
            try sendRecords(before: deadline)
            if step == .done { return }
            let count = try receiveHandshake(before: deadline)
            received += count
            guard received <= Self.mostProtocolBytes else { throw Self.endless }
            if count > 0 { continue }
            throw CollectorFailure(.tls, "the server hung up in the TLS handshake; is the port for TLS?")
        }
    }

    /// A server without TLS waits for the rest of a command that never comes.
    private mutating func receiveHandshake(before deadline: Deadline) throws(CollectorFailure) -> Int {
        do throws(CollectorFailure) {
            return try receiveRecords(before: deadline)
        } catch {
            guard error.reason == .timeout else { throw error }
            throw CollectorFailure(.timeout, "no answer to the TLS handshake in time; is the port for TLS?")
        }
    }

    /// Sends all of the bytes.
    mutating func write(_ bytes: [UInt8], before deadline: Deadline) throws(CollectorFailure) {
        if session == nil { return try send(bytes, before: deadline) }
        try session?.encrypt(bytes)
        do throws(CollectorFailure) {
            try sendRecords(before: deadline)
        } catch {
            guard error.reason == .closed else { throw error }
            try throwAlert()
            throw error
        }
    }

    /// Says why the server hung up, where it has said so itself. Under TLS 1.3 it refuses a client, as one without the
    /// certificate that it wants, when the client takes the handshake for done and has begun to write.
    private mutating func throwAlert() throws(CollectorFailure) {
        var byte: [UInt8] = [0]
        var received = 0
        while received <= Self.mostProtocolBytes, let count = try? receiveWhatIsThere(), count > 0 {
            received += count
            guard try session?.decrypt(into: &byte).step == .needsInput else { return }
        }
    }

    /// Waits for bytes; 0 at the end of the stream.
    mutating func read(into buffer: inout [UInt8], before deadline: Deadline) throws(CollectorFailure) -> Int {
        if session == nil {
            return try socket.read(into: &buffer, before: deadline)
        }
        var received = 0
        while true {
            let (count, step) = try session?.decrypt(into: &buffer) ?? (0, .closed)
            switch step {
            case .done: return count
            case .closed: return 0
            case .needsInput:
                let count = try receiveRecords(before: deadline)
                if count == 0 { return 0 }
                received += count
                guard received <= Self.mostProtocolBytes else { throw Self.endless }
            }
        }
    }

    /// Whether the peer has closed the connection, or sent something unasked, since the last read.
    ///
    /// A TLS server may send session tickets at any time; those are read and not taken for an end.
    mutating func isSpent() -> Bool {
        if session?.hasPlainBytes == true { return true }
        guard socket.isSpent else { return false }
        guard session != nil else { return true }
        do throws(CollectorFailure) {
            guard try receiveWhatIsThere() > 0 else { return true }
            var byte: [UInt8] = [0]
            return try session?.decrypt(into: &byte).step != .needsInput
        } catch {
            return true
        }
    }

    private mutating func send(_ bytes: [UInt8], before deadline: Deadline) throws(CollectorFailure) {
        var sent = 0
        while sent < bytes.count {
            sent += try socket.write(bytes, from: sent, before: deadline)
        }
    }

    private mutating func sendRecords(before deadline: Deadline) throws(CollectorFailure) {
        let records = session?.takeRecords() ?? []
        try send(records, before: deadline)
    }

    private static let endless = CollectorFailure(
        .malformed, "the server sends TLS messages without end, and no data in them")

    /// A server that never stops talking never makes the socket wait, so the time is looked at here.
    private mutating func receiveRecords(before deadline: Deadline) throws(CollectorFailure) -> Int {
        guard !deadline.isOver else { throw CollectorFailure(.timeout, "the TLS records took too long to arrive") }
        return try receive(before: deadline)
    }

    private mutating func receiveWhatIsThere() throws(CollectorFailure) -> Int {
        try receive(before: .after(.zero))
    }

    private mutating func receive(before deadline: Deadline) throws(CollectorFailure) -> Int {
        let count = try socket.read(into: &records, before: deadline)
        session?.receive(records, count: count)
        return count
    }
}
