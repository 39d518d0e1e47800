// The daemon's life: start, serve, re-read its configuration on SIGHUP, end within two seconds on SIGTERM.

import HTTP
import Metrics
import Synchronization
import System

/// The long-running program.
enum Daemon {
    /// What was read before the start.
    struct Start: Sendable {
        let configuration: Configuration
        /// Where the configuration comes from, to read it again.
        let source: Configuration.Source
        let rules: AccessRules
        /// The files that the rules come from.
        let files: WebFiles
    }

    /// Serves until SIGTERM or SIGINT.
    ///
    /// - Parameters:
    ///   - heartbeats: those that the capture's thread uses already.
    ///   - signals: those that the process receives.
    /// - Throws: when the configuration cannot be used or an address cannot be listened on; nothing was started then.
    static func run(
        _ start: Start, _ wire: Wire, _ heartbeats: Heartbeats, _ signals: AsyncStream<Signal>
    ) async throws(ConfigurationError) -> Program.Exit {
        let settings = start.configuration.settings
        let log = Log(level: settings[Options.logLevel], format: settings[Options.logFormat])
        for notice in settings.notices { log.warn("variable without effect", [("detail", notice)]) }
        if wire.holdsCapabilities { log.warn("capabilities could not be given up; a system-call filter forbids it") }
        let isFiltered = settings[Options.systemCallFilter] && filterSystemCalls(log)
        let daemon = RunningDaemon(start.configuration, wire, heartbeats, isFiltered: isFiltered, log)
        let server = try daemon.serve(on: settings[Options.listenAddresses], start.rules)
        let watch = WebWatch(server, settings, start.files, log: log, reloads: daemon.webReloads)
        if settings[Options.webConfigurationFile] != nil { await watch.begin() }
        for address in server.addresses { log.info("listening", [("address", "\(address)")]) }
        // Files can hang; neither the end nor the other file waits for one. Of wishes meanwhile one is enough.
        let (wishes, reload) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (read, reloadWeb) = AsyncStream.makeStream(of: Settings.self, bufferingPolicy: .bufferingNewest(1))
        Task(executorPreference: TaskThread.shared) {
            for await _ in wishes {
                if let settings = await daemon.reload(from: start.source) { reloadWeb.yield(settings) }
            }
        }
        Task(executorPreference: TaskThread.shared) {
            for await settings in read { await watch.reload(settings) }
        }
        for await signal in signals {
            switch signal {
            case .reload: reload.yield()
            case .terminate:
                log.info("stopping")
                daemon.stop()
                server.stop(within: .seconds(2))
                return .success
            }
        }
        return .success
    }

    /// Whether the filter is in force. A kernel or a sandbox that has none is no reason not to start.
    private static func filterSystemCalls(_ log: Log) -> Bool {
        do throws(SystemCallFilter.Refused) {
            try SystemCallFilter.install()
            log.info("system-call filter in force")
            return true
        } catch {
            log.warn("no system-call filter: the kernel refuses it", [("detail", "\(error)")])
            return false
        }
    }
}

/// What is alive between start and end.
private final class RunningDaemon: Sendable {
    private let log: Log
    private let heartbeats: Heartbeats
    private let wire: Wire
    /// What cannot change without a restart.
    private let fixed: FixedSettings
    private let requests = RequestMetrics(paths: WebPage.patterns)
    private let reloads = ReloadMetrics(ReloadMetrics.configuration)
    let webReloads = ReloadMetrics(ReloadMetrics.webConfiguration)
    private let isFiltered: Bool
    private let memory: MemoryBudget
    private let server: Mutex<HTTPServer?> = Mutex(nil)
    private let running: Mutex<Running?> = Mutex(nil)
    private let pulse: Task<Void, Never>

    init(
        _ configuration: Configuration, _ wire: Wire, _ heartbeats: Heartbeats, isFiltered: Bool, _ log: Log
    ) {
        self.log = log
        self.isFiltered = isFiltered
        self.wire = wire
        fixed = FixedSettings(configuration.settings)
        memory = MemoryBudget(configuration.settings)
        self.heartbeats = heartbeats
        let loop = heartbeats.newLoop("timer")
        pulse = Task(executorPreference: TaskThread.shared) { [heartbeats] in
            repeat {
                heartbeats.beat(loop, pause: Heartbeats.pulse)
            } while (try? await TaskClock().sleep(for: Heartbeats.pulse)) != nil
        }
        start(configuration, instead: nil)
    }

    func serve(on addresses: [ListenAddress], _ rules: AccessRules) throws(ConfigurationError) -> HTTPServer {
        let routes = Routes(heartbeats: heartbeats) { [self] in current.engine }
        let (router, requests) = (routes.router, requests)
        do {
            var configuration = HTTPServer.Configuration(addresses: addresses, rules: rules)
            configuration.memory = memory
            let server = try HTTPServer(
                configuration,
                observer: { exchange in
                    let pattern = router.pattern(of: exchange.path)
                    requests.record(
                        exchange.method, path: pattern, status: exchange.status, duration: exchange.duration)
                },
                handler: { router.respond(to: $0) })
            self.server.withLock { $0 = server }
            return server
        } catch {
            throw ConfigurationError("--web.listen-address: \(error)")
        }
    }

    /// Puts a new engine in place of the old one; keeps the old one when the configuration has an error.
    ///
    /// - Returns: the settings that are in force now; nil when they have an error.
    func reload(from source: Configuration.Source) async -> Settings? {
        let configuration: Configuration
        do throws(ConfigurationError) {
            configuration = try await ConfigurationReader().read(source, insteadOf: current.configuration)
            try Descriptors.requireEnough(targets: configuration.targets)
        } catch {
            reloads.failed()
            log.error("configuration refused, the old one stays", [("detail", "\(error)")])
            return nil
        }
        if FixedSettings(configuration.settings) != fixed {
            log.warn(
                "changes of web.listen-address, log.*, process.*, memory.*, wire.*, keys.* and latency.buckets take effect with "
                    + "the next start"
            )
        }
        let old = current.engine
        old.stop()
        start(configuration, instead: current)
        reloads.succeeded()
        log.info("configuration read again")
        return configuration.settings
    }

    func stop() {
        pulse.cancel()
        current.engine.stop()
    }

    private var accessCounts: AccessCounts { server.withLock { $0?.accessCounts } ?? AccessCounts() }

    /// What does not change while the program lives.
    private var facts: some LiveSource {
        LiveSamples(of: { [isFiltered] in isFiltered }) { isFiltered in
            var samples = Samples()
            samples.add(SystemCallFilter.active, isFiltered ? 1 : 0)
            samples.add(BuildFacts.info, 1, BuildFacts.version, BuildFacts.revision, BuildFacts.swiftVersion)
            return samples
        }
    }

    private typealias Running = (configuration: Configuration, engine: Engine)

    private var current: Running {
        guard let running = running.withLock({ $0 }) else { preconditionFailure("an engine runs from the start") }
        return running
    }

    private func start(_ configuration: Configuration, instead old: Running?) {
        for remark in configuration.settings.remarks { log.warn(remark) }
        let hasWebFile = configuration.settings[Options.webConfigurationFile] != nil
        let former = old.map { running in
            Sources.Former(
                settings: running.configuration.settings, reports: running.engine.registry.contents.reports)
        }
        var live: [any LiveSource] = [
            LiveSamples(of: { [requests] in requests.count }) { [requests] _ in requests.samples },
            LiveSamples(of: { [self] in accessCounts }, AccessMetrics.samples), reloads.live, facts,
            MemoryMetrics.live(memory),
        ]
        if hasWebFile { live.append(webReloads.live) }
        let engine = Engine(configuration, wire, after: former, log: log, heartbeats: heartbeats, live: live)
        running.withLock { $0 = (configuration, engine) }
    }
}

/// Reads the configuration again. Files can hang, such as those of a network; nobody else waits for them.
private actor ConfigurationReader {
    private let executor = BlockingExecutor("configuration")

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    func read(
        _ source: Configuration.Source, insteadOf running: Configuration
    ) throws(ConfigurationError) -> Configuration {
        try source.read(insteadOf: running)
    }
}

/// The settings that a running daemon keeps: its sockets, its log, its capture, its system-call filter.
private struct FixedSettings: Equatable {
    private let wire: WireSettings
    private let addresses: [ListenAddress]
    private let level: Log.Level
    private let format: Log.Format
    private let isFiltered: Bool
    private let memoryLimit: Int?

    init(_ settings: Settings) {
        wire = WireSettings(settings)
        addresses = settings[Options.listenAddresses]
        level = settings[Options.logLevel]
        format = settings[Options.logFormat]
        isFiltered = settings[Options.systemCallFilter]
        memoryLimit = settings[Options.memoryLimit]
    }
}
