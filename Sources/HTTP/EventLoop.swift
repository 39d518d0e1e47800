// The server's one loop: it sleeps until a client, a connection or a stopping program wants something, or the time of a
// connection is over.

import Glibc
import System

/// Everything that the server's thread owns and does.
final class EventLoop {
    private let daemons: DaemonSet
    private let table: ConnectionTable
    private let control: LoopControl
    /// Empty once the server is stopping.
    private var listeners: [ListeningSocket]
    private var sweeps: SweepPlan
    /// Set while descriptors or memory are short.
    private var acceptingResumes: ContinuousClock.Instant?

    /// How long accepting pauses when the machine has no descriptor or memory left.
    private static let pauseLength = Duration.milliseconds(200)
    /// How many clients are taken in before the connections have their turn.
    private static let clientsPerTurn = 32

    init(
        listeners: [ListeningSocket], limits: HTTPLimits, gate: AccessGate, control: LoopControl,
        observer: @escaping @Sendable (HTTPExchange) -> Void,
        handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) throws(HTTPServerError) {
        self.listeners = listeners
        self.control = control
        table = ConnectionTable(
            limits: limits, gate: gate, control: control, observer: observer, handler: handler)
        daemons = try DaemonSet(
            limits: limits, table: table, control: control, hasLocal: listeners.contains(where: \.isLocal),
            tls: gate.rules.tls)
        let shortest = min(limits.requestTime, limits.responseTime, limits.idleTime)
        sweeps = SweepPlan(interval: max(.milliseconds(10), min(.seconds(1), shortest / 4)))
    }

    /// Serves until the order to stop, and then until everything under way is finished or the deadline is over.
    func run() {
        while true {
            let ready = wait()
            followOrders()
            if let deadline = control.stopBy {
                if !listeners.isEmpty {
                    listeners = []
                    table.drain()
                }
                if !table.isBusy || ContinuousClock.now >= deadline { return }
            } else {
                acceptClients(on: ready)
            }
            daemons.run()
            if sweeps.isDue(at: .now) {
                table.sweep()
                sweeps.swept(at: .now, nextDeadline: table.nextDeadline)
            }
        }
    }

    /// Takes what other threads have left for this one.
    private func followOrders() {
        for verdict in control.takeVerdicts() {
            table.checked(verdict.isGenuine, on: verdict.connection)
            daemons.resume(verdict.connection)
        }
        guard let rules = control.takeRules() else { return }
        do {
            try daemons.use(rules.tls)
            table.replaceRules(with: rules)
        } catch {
            // Descriptors or memory are short: until they are not, the old rules stay.
            control.postpone(rules)
            pause()
        }
    }

    /// Sleeps until there is something to do.
    ///
    /// - Returns: the listening sockets on which clients are waiting.
    private func wait() -> [ListeningSocket] {
        let open = acceptingResumes.map { $0 > .now } == true ? [] : listeners
        let watched = [control.wakeup.descriptor] + daemons.descriptors + open.map(\.descriptor)
        var entries = watched.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let timeout = timeout(pausing: open.isEmpty)
        let count = unsafe poll(&entries, nfds_t(entries.count), timeout)
        if count > 0 || timeout == 0 { sweeps.somethingHappened(at: .now) }
        guard count > 0 else { return [] }
        let waiting = entries.filter { $0.revents != 0 }.map(\.fd)
        if waiting.contains(control.wakeup.descriptor) { control.wakeup.quiet() }
        return open.filter { waiting.contains($0.descriptor) }
    }

    /// Milliseconds for poll(2); -1 when nothing but an event can need attention.
    private func timeout(pausing: Bool) -> Int32 {
        if daemons.havePendingWork { return 0 }
        let pause = pausing ? acceptingResumes : nil
        guard let next = [sweeps.next, control.stopBy, pause].compactMap(\.self).min() else { return -1 }
        let left = max(.zero, ContinuousClock.now.duration(to: next)) + .milliseconds(1)
        return Int32(left / .milliseconds(1))
    }

    private func acceptClients(on ready: [ListeningSocket]) {
        // Those that were cut in the last turn are closed by now, but for a few that wait for the check of a password.
        if table.isCrowded && !ready.isEmpty { return pause() }
        for listener in ready {
            accepting: for _ in 0..<Self.clientsPerTurn {
                if table.isCrowded { return }
                switch listener.accept() {
                case .client(let descriptor, let address): take(descriptor, from: address, at: listener)
                case .nobody: break accepting
                case .exhausted:
                    if !table.makeRoom() { pause() }
                    return
                }
            }
        }
    }

    /// A client that cannot be accepted stays ready; looking at it all the time would cost a processor.
    private func pause() {
        control.count { $0.pauses += 1 }
        acceptingResumes = .now + Self.pauseLength
    }

    private func take(_ descriptor: Int32, from address: SocketAddress, at listener: ListeningSocket) {
        let daemon = daemons.daemon(isLocal: listener.isLocal)
        guard table.admit(descriptor, address.client, isEncrypted: daemon.isEncrypted) else {
            close(descriptor)
            return
        }
        if !daemon.add(descriptor, from: address) { table.closed(descriptor) }
    }
}
