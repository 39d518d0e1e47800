// What is alive between the start of the daemon and its end: the server, the counts about the program itself, and the
// polling, which each reading of the configuration replaces.

import HTTP
import Metrics
import Synchronization
import System

/// The state of a daemon.
final class RunningDaemon: Sendable {
    /// One configuration at work.
    struct Running: Sendable {
        let configuration: Configuration
        let polling: Polling
    }

    /// What the program was started with, some of which cannot change without a restart.
    let startSettings: Settings
    let reloads = ReloadMetrics(ReloadMetrics.configuration)
    let webReloads = ReloadMetrics(ReloadMetrics.webConfiguration)
    private let log: Log
    private let heartbeats: Heartbeats
    private let wire: Wire
    private let requests = RequestMetrics(paths: WebPage.patterns)
    private let isFiltered: Bool
    private let rhythm = RhythmDesk()
    private let server: Mutex<HTTPServer?> = Mutex(nil)
    private let running: Mutex<Running?> = Mutex(nil)
    private let pulse: Task<Void, Never>

    /// Starts polling at once.
    init(
        _ configuration: Configuration, _ wire: Wire, _ heartbeats: Heartbeats, isFiltered: Bool, _ log: Log
    ) {
        self.log = log
        self.isFiltered = isFiltered
        self.wire = wire
        startSettings = configuration.settings
        self.heartbeats = heartbeats
        let loop = heartbeats.newLoop("timer")
        pulse = Task(executorPreference: TaskThread.shared) { [heartbeats] in
            repeat {
                MemoryMetrics.note(wire)
                if wire.memory.takeBurst() { Allocator.giveBack() }
                heartbeats.beat(loop, pause: Heartbeats.longestPause)
            } while (try? await TaskClock().sleep(for: Heartbeats.pulse, tolerance: Heartbeats.leeway)) != nil
        }
        start(configuration, after: nil)
    }

    /// Listens, and answers from what is polled at the moment of each request.
    func serve(on addresses: [ListenAddress], _ rules: AccessRules) throws(ConfigurationError) -> HTTPServer {
        let routes = Routes(heartbeats: heartbeats, rhythm: rhythm) { [self] in current.polling }
        let (router, requests) = (routes.router, requests)
        do {
            var configuration = HTTPServer.Configuration(addresses: addresses, rules: rules)
            configuration.memory = wire.memory
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

    var current: Running {
        guard let running = running.withLock({ $0 }) else { preconditionFailure("polling runs from the start") }
        return running
    }

    /// Stops what is polled and polls by another configuration, which goes on from what was known.
    func replace(by configuration: Configuration) {
        let old = current
        old.polling.stop()
        start(configuration, after: old)
    }

    func stop() {
        pulse.cancel()
        current.polling.stop()
    }

    private func start(_ configuration: Configuration, after old: Running?) {
        for remark in configuration.settings.remarks { log.warn(remark) }
        let former = old.map { old in
            Sources.Former(settings: old.configuration.settings, reports: old.polling.registry.contents.reports)
        }
        let polling = Polling(
            configuration, wire, after: former, log: log, heartbeats: heartbeats, rhythm: rhythm,
            live: live(configuration.settings))
        running.withLock { $0 = Running(configuration: configuration, polling: polling) }
    }

    /// What the page says about the program itself.
    private func live(_ settings: Settings) -> [any LiveSource] {
        var live: [any LiveSource] = [
            LiveSamples(of: { [requests] in requests.count }) { [requests] _ in requests.samples },
            LiveSamples(of: { [self] in accessCounts }, AccessMetrics.samples), reloads.live, facts,
            MemoryMetrics.live(wire), RhythmMetrics.live(rhythm),
        ]
        if settings[Options.webConfigurationFile] != nil { live.append(webReloads.live) }
        return live
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
}
