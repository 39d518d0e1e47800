// The configuration is read again: all that a SIGHUP does.
//
//     SIGHUP ─► wish ─► read everything ─┬─ error ─► log, metric; the old configuration stays
//            (of many    (a thread of    │
//             one is       its own, once └─ good ──► log what waits for a restart
//             enough)      old polls end)            old polling stops, new polling goes on from its reports
//                                                    metric, log
//                                                    web configuration read again
//
// Polls of the old configuration end with their deadline. Until then they have a thread each, so that many reloads
// while a server hangs would be many threads: a reload waits for those before the last one.
//
// Files can hang, such as those of a network. Neither the end of the program nor the other file waits for one.

import System

/// Brings a changed configuration to a running daemon.
struct Reload: Sendable {
    private let daemon: RunningDaemon
    private let origin: Configuration.Origin
    private let log: Log
    private let wishes: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - watch: reads the web configuration again, with the settings that are in force then.
    ///   - origin: where the configuration comes from.
    init(of daemon: RunningDaemon, _ watch: WebWatch, from origin: Configuration.Origin, log: Log) {
        self.daemon = daemon
        self.origin = origin
        self.log = log
        let (wished, wishes) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (read, reloadWeb) = AsyncStream.makeStream(of: Settings.self, bufferingPolicy: .bufferingNewest(1))
        self.wishes = wishes
        Task(executorPreference: TaskThread.shared) { [self] in
            var former: [RunningCount] = []
            for await _ in wished {
                await wait(for: &former)
                let running = daemon.current.polling.running
                guard let settings = await perform() else { continue }
                former.append(running)
                reloadWeb.yield(settings)
            }
        }
        Task(executorPreference: TaskThread.shared) {
            for await settings in read { await watch.reload(settings) }
        }
    }

    /// Asks for it; returns at once.
    func wish() {
        wishes.yield()
    }

    /// Old configurations that may still be at a poll when the next one comes: the last one, and one that is stuck.
    private static let mostFormer = 2
    private static let pause = Duration.milliseconds(50)

    /// Waits until few enough old configurations are at a poll, however long that takes.
    private func wait(for former: inout [RunningCount]) async {
        former.removeAll(where: \.isZero)
        guard former.count >= Self.mostFormer else { return }
        log.info("polls of the old configuration have not ended, reading the new one waits")
        while former.count >= Self.mostFormer {
            try? await TaskClock().sleep(for: Self.pause)
            former.removeAll(where: \.isZero)
        }
    }

    /// - Returns: the settings that are in force now; nil where the new ones have an error.
    private func perform() async -> Settings? {
        let configuration: Configuration
        do throws(ConfigurationError) {
            configuration = try await ConfigurationReader().read(origin, insteadOf: daemon.current.configuration)
            // The capture is that of the start.
            let interfaces = daemon.current.configuration.interfaces
            try OpenFiles.requireEnough(targets: configuration.targets, interfaces: interfaces)
        } catch {
            daemon.reloads.failed()
            log.error("configuration refused, the old one stays", [("detail", "\(error)")])
            return nil
        }
        let waiting = Self.waiting(configuration.settings, since: daemon.startSettings)
        if !waiting.isEmpty {
            log.warn("changes that take effect with the next start", [("options", waiting.joined(separator: ","))])
        }
        daemon.replace(by: configuration)
        daemon.reloads.succeeded()
        log.info("configuration read again")
        return configuration.settings
    }

    /// The names of options that have changed since the start, and wait for the next one.
    static func waiting(_ settings: Settings, since start: Settings) -> [String] {
        let isCaptured = WireSettings(settings).hasServers(of: WireSettings(start))
        return settings.changes(since: start).filter { option in
            switch option.effect {
            case .withReload: false
            case .withStart: true
            case .captureWithStart: !isCaptured
            }
        }.map(\.name)
    }
}

/// Reads the configuration on a thread that may hang.
private actor ConfigurationReader {
    private let executor = BlockingExecutor("configuration")

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    func read(
        _ origin: Configuration.Origin, insteadOf running: Configuration
    ) throws(ConfigurationError) -> Configuration {
        try origin.read(insteadOf: running)
    }
}
