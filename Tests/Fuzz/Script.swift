// What one end of a connection says and how it ends, as the input wants it: over a real socket, to the code that has
// the other end.

import Glibc
import Synchronization

/// Pieces that are sent in turn, and how the connection ends after them.
struct Script: Sendable {
    struct Piece {
        let bytes: [UInt8]
        /// Whether the other end has its say before it.
        let waits: Bool
        let times: Int
    }

    enum Ending {
        case hangsUp, resets
        /// Sends no more, and goes on reading.
        case endsSending
        /// Says nothing more, until the other end has had enough.
        case isSilent
    }

    let pieces: [Piece]
    let ending: Ending

    /// How long it waits for a word of the other end, in milliseconds; then it goes on.
    static let patience: Int32 = 5

    /// A byte for the ending; for each piece one for its order, two for its length, and its bytes.
    init(_ input: inout FuzzInput) {
        ending =
            switch input.byte() & 15 {
            case 0..<10: .hangsUp
            case 10..<13: .resets
            case 13..<15: .endsSending
            default: .isSilent
            }
        var pieces: [Piece] = []
        while !input.isEmpty && pieces.count < 64 {
            let order = input.byte()
            let length = Int(input.short() & 0x7FF)
            pieces.append(Piece(bytes: input.bytes(length), waits: order & 0x80 != 0, times: 1 << (order & 7)))
        }
        self.pieces = pieces
    }

    private init() {
        (pieces, ending) = ([], .hangsUp)
    }

    static let empty = Script()

    /// Sends all pieces, until one is not taken.
    func perform(send: ([UInt8]) -> Bool, hear: () -> Void) {
        for piece in pieces {
            if piece.waits { hear() }
            for _ in 0..<piece.times {
                guard send(piece.bytes) else { return }
            }
        }
    }

    /// Performs all of it, to the end of the connection.
    func perform(on line: Line) {
        perform(send: { line.send($0) }, hear: { _ = line.receive(within: Self.patience) })
        end(line)
    }

    /// Ends the connection, which is closed with its last owner.
    ///
    /// - Parameter milliseconds: how long it is silent at the most.
    /// - Returns: what the other end says to that.
    @discardableResult
    func end(_ line: Line, within milliseconds: Int32 = 5000) -> [UInt8] {
        switch ending {
        case .hangsUp: return []
        case .resets:
            line.resetWhenClosed()
            return []
        case .endsSending:
            line.endSending()
            return line.receiveRest(within: 5000)
        case .isSilent: return line.receiveRest(within: milliseconds)
        }
    }
}

/// A connected socket, which its last owner closes.
final class Line: Sendable {
    let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var (on, limit): (Int32, timeval) = (1, timeval(tv_sec: 0, tv_usec: 100_000))
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Connects to a port of 127.0.0.1.
    convenience init(to port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let status = unsafe Line.withAddress(port) { unsafe connect(descriptor, $0, $1) }
        require(status == 0, "no connection to port \(port): errno \(errno)")
        self.init(descriptor)
    }

    deinit {
        close(descriptor)
    }

    /// Whether all of it was sent, in a tenth of a second.
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(descriptor, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// The next bytes; empty at the end, nil when none came in time.
    func receive(within milliseconds: Int32) -> [UInt8]? {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&entry, 1, milliseconds) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        return Array(buffer.prefix(max(0, count)))
    }

    /// Everything until the other end hangs up, or says nothing for so long.
    func receiveRest(within milliseconds: Int32) -> [UInt8] {
        var all: [UInt8] = []
        while let next = receive(within: milliseconds), !next.isEmpty { all += next }
        return all
    }

    func endSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Lets the other end see a connection that broke.
    func resetWhenClosed() {
        var lingering = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
    }

    fileprivate static func withAddress(
        _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// A server on a free port of 127.0.0.1 that says to each client what the script of the moment has.
final class ScriptedServer: Sendable {
    let port: Int
    private let script = Mutex(Script.empty)

    /// What the next clients hear.
    func say(_ next: Script) {
        script.withLock { $0 = next }
    }

    /// - Parameter perform: has one client at a time.
    init(_ perform: @escaping @Sendable (Script, Line) -> Void = { $0.perform(on: $1) }) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe Line.withAddress(0) { unsafe bind(listener, $0, $1) }
        let named = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(listener, $0, &length)
            }
        }
        require(status == 0 && named == 0 && listen(listener, 16) == 0, "no port to listen on: errno \(errno)")
        port = Int(UInt16(bigEndian: address.sin_port))
        signal(SIGPIPE, SIG_IGN)
        onThread { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                if descriptor >= 0 { perform(script.withLock { $0 }, Line(descriptor)) }
            }
        }
    }
}

/// Runs something on a thread of its own.
private func onThread(_ body: @escaping @Sendable () -> Void) {
    final class Job {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let status = unsafe pthread_create(
        &thread, nil,
        { job in
            unsafe Unmanaged<Job>.fromOpaque(job!).takeRetainedValue().body()
            return nil
        }, Unmanaged.passRetained(Job(body)).toOpaque())
    require(status == 0, "no thread")
}

/// Waits until something holds, which has to be soon.
func eventually(_ what: @autoclosure () -> String, _ holds: () -> Bool) {
    let end = ContinuousClock.now + .seconds(5)
    while !holds() {
        require(.now < end, what())
        usleep(100)
    }
}
