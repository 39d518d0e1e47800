// The daemon's life: start, serve, re-read its configuration on SIGHUP, end within two seconds on SIGTERM.

import HTTP

/// The long-running program.
enum Daemon {
    /// What was read before the start.
    struct Start: Sendable {
        let configuration: Configuration
        /// Where the configuration comes from, to read it again.
        let origin: Configuration.Origin
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
        if wire.holdsCapabilities { log.warn("capabilities could not be given up; a system-call filter forbids it") }
        let isFiltered = settings[Options.systemCallFilter] && filterSystemCalls(log)
        let daemon = RunningDaemon(start.configuration, wire, heartbeats, isFiltered: isFiltered, log)
        let server = try daemon.serve(on: settings[Options.listenAddresses], start.rules)
        let watch = WebWatch(server, settings, start.files, log: log, reloads: daemon.webReloads)
        if settings[Options.webConfigurationFile] != nil { await watch.begin() }
        for address in server.addresses { log.info("listening", [("address", "\(address)")]) }
        let reload = Reload(of: daemon, watch, from: start.origin, log: log)
        for await signal in signals {
            switch signal {
            case .reload: reload.wish()
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
