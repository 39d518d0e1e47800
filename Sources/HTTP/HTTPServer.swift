// The HTTP server as the rest of the program sees it: addresses and a handler in, requests answered until it is
// stopped.

import Glibc
import Synchronization
public import System

/// A running HTTP server.
///
/// Handler and observer run on the server's only thread, one request after the other: they must not wait for anything.
/// The server stops when its last reference goes, cutting whatever is under way; call ``stop(within:)`` for a better
/// end.
public final class HTTPServer: Sendable {
    /// What a server is started with.
    public struct Configuration: Sendable {
        public var addresses: [ListenAddress]
        public var limits: HTTPLimits
        public var rules: AccessRules
        /// Where it is said what is held.
        public var memory = MemoryBudget()
        /// Where passwords are checked.
        var desk = PasswordDesk()

        public init(
            addresses: [ListenAddress], limits: HTTPLimits = HTTPLimits(), rules: AccessRules = AccessRules()
        ) {
            self.addresses = addresses
            self.limits = limits
            self.rules = rules
        }
    }

    /// Where the server listens, in the order of the configuration, with the real ports.
    public let addresses: [ListenAddress]

    private let control: LoopControl
    private let thread: Mutex<WorkerThread?>

    /// Starts a server. It accepts clients when this returns.
    ///
    /// - Parameters:
    ///   - observer: told of every answered request once it is over.
    ///   - handler: answers every request, whatever its method and path; see ``HTTPRouter``.
    /// - Throws: the first address that cannot be listened on, or a shortage. Nothing is left behind then.
    public init(
        _ configuration: Configuration, observer: @escaping @Sendable (HTTPExchange) -> Void = { _ in },
        handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) throws(HTTPServerError) {
        guard !configuration.addresses.isEmpty else { throw .cannotStart(reason: "there is no address to listen on") }
        do throws(TLSProblem) {
            try configuration.rules.check()
        } catch {
            throw .cannotEncrypt(error)
        }
        let limits = configuration.limits.fitting(configuration.memory)
        var listeners: [ListeningSocket] = []
        for address in configuration.addresses {
            listeners.append(try ListeningSocket(address, sendBuffer: limits.sendBufferBytes))
        }
        let control = try LoopControl(memory: configuration.memory)
        var descriptors = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &descriptors)
        let loop = try EventLoop(
            listeners: listeners, limits: limits.fitting(descriptors: UInt64(descriptors.rlim_cur)),
            gate: AccessGate(configuration.rules, desk: configuration.desk, control: control), control: control,
            observer: observer, handler: handler)
        self.control = control
        addresses = listeners.map(\.address)
        do {
            thread = Mutex(try WorkerThread("http") { loop.run() })
        } catch {
            throw .cannotStart(reason: error.description)
        }
    }

    deinit {
        stop(within: .zero)
    }

    /// The connections since the start.
    var counts: HTTPConnectionCounts { control.counts }

    /// What became of requests at the gate since the start.
    public var accessCounts: AccessCounts { control.accessCounts }

    /// Goes by other rules from now on. Connections that are open stay, with the encryption that they have.
    ///
    /// - Throws: when the TLS settings cannot be used; the old rules stay then.
    public func replaceRules(with rules: AccessRules) throws(TLSProblem) {
        try rules.check()
        control.replaceRules(with: rules)
    }

    /// Stops: no new client, idle connections closed, requests under way finished, then the end.
    ///
    /// Blocks until then, for `limit` at most, after which what is left is cut. Not for use in handler or observer. A
    /// second call waits for the end too, and may bring it forward.
    public func stop(within limit: Duration) {
        control.stop(by: .now + limit)
        thread.withLock { thread in
            let running = thread.take()
            running?.join()
        }
    }
}
