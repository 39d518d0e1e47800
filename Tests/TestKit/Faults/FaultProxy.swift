import Foundation
import Glibc
import Synchronization

/// A proxy in front of a server that spoils its replies when a test, or a soak run, wants it to.
///
/// The fault can be changed at any time and takes hold with the next piece of a reply, also on connections that are
/// open already. Requests always reach the server.
public final class FaultProxy: Sendable {
    /// Where clients connect instead of the server.
    public let place: SocketPlace
    private let control = FaultControl()
    private let listener: Int32
    private let open: OpenConnections

    /// - Parameters:
    ///   - server: where the replies come from. It need not be there; its clients are then hung up on.
    ///   - place: where to listen.
    public init(to server: SocketPlace, at place: SocketPlace = .port(0)) throws {
        listener = try place.listen()
        self.place = place.real(of: listener)
        open = OpenConnections()
        Thread.detachNewThread { [listener, control, open] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { break }
                let client = RawSocket(connected: descriptor)
                Thread.detachNewThread {
                    guard let server = try? server.connect() else { return }
                    let number = open.add([client, server])
                    FaultyConnection(client, server, control).run()
                    open.remove(number)
                }
            }
            close(listener)
        }
    }

    deinit {
        // Wakes the thread that waits in accept; it closes the socket.
        shutdown(listener, Int32(SHUT_RDWR))
        open.shutDown()
    }

    /// The port of 127.0.0.1, or 0 where the proxy listens on a path.
    public var port: Int {
        if case .port(let port) = place { port } else { 0 }
    }

    /// What happens to replies from now on; nil for nothing.
    public var fault: Fault? {
        get { control.fault }
        set { control.change(to: newValue) }
    }

    /// How many replies, or pieces of them, have met a fault so far.
    public var encounters: Int { control.encounters }

    /// Connections so far.
    public var connections: Int { open.total }

    /// What went to and fro so far, where there was one connection.
    public var roundTrips: [RoundTrip] { control.log.trips }
}

/// The connections of a proxy, so that they can be ended with it.
private final class OpenConnections: Sendable {
    private struct State {
        var open: [Int: [RawSocket]] = [:]
        var total = 0
    }

    private let state = Mutex(State())

    var total: Int { state.withLock { $0.total } }

    func add(_ ends: [RawSocket]) -> Int {
        state.withLock { state in
            state.total += 1
            state.open[state.total] = ends
            return state.total
        }
    }

    func remove(_ number: Int) {
        state.withLock { _ = $0.open.removeValue(forKey: number) }
    }

    func shutDown() {
        state.withLock { state in
            for socket in state.open.values.joined() { shutdown(socket.descriptor, Int32(SHUT_RDWR)) }
        }
    }
}
