import Glibc
import Synchronization

/// The fault of this moment, and what it has met.
final class FaultControl: Sendable {
    private let state = Mutex<(fault: Fault?, changes: Int)>((nil, 0))
    private let met = Atomic<Int>(0)
    let log = RoundTripLog()

    var fault: Fault? { state.withLock { $0.fault } }
    var changes: Int { state.withLock { $0.changes } }
    var encounters: Int { met.load(ordering: .relaxed) }

    func change(to fault: Fault?) {
        state.withLock { $0 = (fault, $0.changes + 1) }
    }

    func meet() {
        met.add(1, ordering: .relaxed)
    }
}

/// One connection through a ``FaultProxy``; it is closed, both ways, when the last reference to its ends goes.
struct FaultyConnection {
    private let client: RawSocket
    private let server: RawSocket
    private let control: FaultControl

    init(_ client: RawSocket, _ server: RawSocket, _ control: FaultControl) {
        self.client = client
        self.server = server
        self.control = control
    }

    /// Passes everything on until one side hangs up, or a fault wants the end.
    func run() {
        while let ready = Self.wait(for: [client, server]) {
            for end in ready {
                guard let bytes = try? end.receive(), !bytes.isEmpty else { return }
                control.log.note(bytes, isRequest: end === client)
                guard end === client ? (try? server.send(bytes)) != nil : passOn(bytes) else { return }
            }
        }
    }

    /// Brings a piece of a reply to the client, as the fault wants it.
    ///
    /// - Returns: false at the end of the connection.
    private func passOn(_ reply: [UInt8]) -> Bool {
        let fault = control.fault
        if fault != nil { control.meet() }
        switch fault {
        case nil:
            return send(reply)
        case .latency(let time):
            return pause(time) && send(reply)
        case .halfReply:
            return send(reply.prefix(reply.count / 2)) && beSilent()
        case .drip(let time):
            let changes = control.changes
            for (index, byte) in reply.enumerated() {
                if control.changes != changes { return send(reply[index...]) }
                guard send([byte]), pause(time) else { return false }
            }
            return true
        case .reset:
            _ = send(reply.prefix(reply.count / 2))
            var reset = linger(l_onoff: 1, l_linger: 0)
            unsafe setsockopt(
                client.descriptor, SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
            return false
        case .garbage:
            return send((0..<max(reply.count, 64)).map { _ in UInt8.random(in: 0...255) })
        case .silence:
            return beSilent()
        case .slowClose(let time):
            shutdown(server.descriptor, Int32(SHUT_RDWR))
            _ = pause(time)
            return false
        }
    }

    private func send(_ bytes: some Collection<UInt8>) -> Bool {
        (try? client.send(Array(bytes))) != nil
    }

    /// Waits for the client to hang up, whatever it says.
    private func beSilent() -> Bool {
        while Self.wait(for: [client]) != nil, let request = try? client.receive(), !request.isEmpty {}
        return false
    }

    /// Waits for a while, not longer than until the next change of the fault.
    ///
    /// - Returns: false when the client has hung up meanwhile.
    private func pause(_ time: Duration) -> Bool {
        let (end, changes) = (ContinuousClock.now + time, control.changes)
        while ContinuousClock.now < end, control.changes == changes {
            usleep(2000)
            var byte: UInt8 = 0
            if unsafe recv(client.descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0 { return false }
        }
        return true
    }

    /// Waits until something can be read, an end included; nil when that cannot be.
    private static func wait(for sockets: [RawSocket]) -> [RawSocket]? {
        var entries = sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        guard unsafe poll(&entries, nfds_t(entries.count), -1) > 0 else { return nil }
        return zip(sockets, entries).filter { $0.1.revents != 0 }.map(\.0)
    }
}
