// The configuration is read again: all that a SIGHUP does.
//
//     SIGHUP ─► wish ─► read everything ─┬─ error ─► log, metric; the old configuration stays
//            (of many    (a thread of    │
//             one is       its own)      └─ good ──► log what waits for a restart
//             enough)                                old polling stops, new polling goes on from its reports
//                                                    metric, log
//                                                    web configuration read again
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
            for await _ in wished {
                if let settings = await perform() { reloadWeb.yield(settings) }
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
