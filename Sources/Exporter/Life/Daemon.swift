// The daemon's life: start, serve, re-read its configuration on SIGHUP, end within two seconds on SIGTERM.

import HTTP
import Metrics
import Synchronization

/// The long-running program.
enum Daemon {
    /// Serves until SIGTERM or SIGINT.
    ///
    /// - Parameters:
    ///   - source: where the configuration comes from, to read it again.
    ///   - heartbeats: those that the capture's thread uses already.
    /// - Throws: when the configuration cannot be used or an address cannot be listened on; nothing was started then.
    static func run(
        _ configuration: Configuration, from source: Configuration.Source, _ wire: Wire, _ heartbeats: Heartbeats
    ) async throws(ConfigurationError) -> Program.Exit {
        let settings = configuration.settings
        let log = Log(level: settings[Options.logLevel], format: settings[Options.logFormat])
        if wire.holdsCapabilities { log.warn("capabilities could not be given up; a system-call filter forbids it") }
        let signals = Signal.received()
        let daemon = RunningDaemon(configuration, wire, heartbeats, log)
        let server = try daemon.serve(on: settings[Options.listenAddresses])
        for address in server.addresses { log.info("listening", [("address", "\(address)")]) }
        for await signal in signals {
            switch signal {
            case .reload: await daemon.reload(from: source)
            case .terminate:
                log.info("stopping")
                daemon.stop()
                server.stop(within: .seconds(2))
                return .success
            }
        }
        return .success
    }
}

/// What is alive between start and end.
private final class RunningDaemon: Sendable {
    private let log: Log
    private let heartbeats: Heartbeats
    private let wire: Wire
    private let requests = RequestMetrics(paths: Routes.patterns)
    private let reloads = ReloadMetrics()
    private let engine: Mutex<Engine?> = Mutex(nil)
    private let pulse: Task<Void, Never>

    init(_ configuration: Configuration, _ wire: Wire, _ heartbeats: Heartbeats, _ log: Log) {
        self.log = log
        self.wire = wire
        self.heartbeats = heartbeats
        pulse = Task { [heartbeats] in
            repeat {
                heartbeats.beat("timer", pause: .seconds(1))
            } while (try? await Task.sleep(for: .seconds(1))) != nil
        }
        let first = makeEngine(configuration)
        engine.withLock { $0 = first }
    }

    func serve(on addresses: [ListenAddress]) throws(ConfigurationError) -> HTTPServer {
        let routes = Routes(heartbeats: heartbeats) { [self] in current }
        let (router, requests) = (routes.router, requests)
        do {
            return try HTTPServer(
                HTTPServer.Configuration(addresses: addresses),
                observer: { exchange in
                    let pattern = router.pattern(of: exchange.path)
                    requests.record(
                        exchange.method, path: pattern, status: exchange.status, duration: exchange.duration)
                },
                handler: { router.respond(to: $0) })
        } catch {
            throw ConfigurationError("--web.listen-address: \(error)")
        }
    }

    /// Puts a new engine in place of the old one once it has something to show; keeps the old one on any error.
    func reload(from source: Configuration.Source) async {
        let configuration: Configuration
        do throws(ConfigurationError) {
            configuration = try source.read()
        } catch {
            reloads.failed()
            log.error("configuration refused, the old one stays", [("detail", "\(error)")])
            return
        }
        if WireSettings(configuration.settings) != wire.settings {
            log.warn("changes of wire.*, keys.* and latency.buckets take effect with the next start")
        }
        let next = makeEngine(configuration)
        await next.firstRound()
        engine.withLock { engine in
            engine?.stop()
            engine = next
        }
        reloads.succeeded()
        log.info("configuration read again")
    }

    func stop() {
        pulse.cancel()
        current.stop()
    }

    private var current: Engine {
        guard let engine = engine.withLock({ $0 }) else { preconditionFailure("an engine runs from the start") }
        return engine
    }

    private func makeEngine(_ configuration: Configuration) -> Engine {
        Engine(configuration, wire, log: log, heartbeats: heartbeats) { [requests, reloads] in
            var samples = requests.samples
            samples.add(reloads.samples)
            samples.add(BuildFacts.info, 1, BuildFacts.version, BuildFacts.revision, BuildFacts.swiftVersion)
            return samples
        }
    }
}
