// The web configuration of a running server. It is looked at every second: a changed file, certificates and keys
// included, takes effect without a restart and without an open connection noticing. One with an error is refused, said
// once in the log and on the page, and the old rules stay.

import HTTP
import Metrics
import System

/// Brings changes of the web configuration to the server.
actor WebWatch {
    private let executor = BlockingExecutor("web watch")
    private let server: HTTPServer
    private let log: Log
    private let reloads: ReloadMetrics
    private var settings: Settings
    private var files: WebFiles
    private var ticking: Task<Void, Never>?

    /// Files can hang, such as those of a network; nothing else waits for them.
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - settings: those that the server was started with.
    ///   - files: those that its rules were read from.
    init(_ server: HTTPServer, _ settings: Settings, _ files: WebFiles, log: Log, reloads: ReloadMetrics) {
        self.server = server
        self.settings = settings
        self.files = files
        self.log = log
        self.reloads = reloads
    }

    /// Begins to look at the files, if there are any. The first call to this actor starts its thread.
    func begin() {
        ticking?.cancel()
        ticking = nil
        guard settings[Options.webConfigurationFile] != nil else { return }
        ticking = Task(executorPreference: TaskThread.shared) { [weak self] in
            while (try? await TaskClock().sleep(for: .seconds(1))) != nil { await self?.look() }
        }
    }

    /// Reads everything again, with other settings.
    func reload(_ settings: Settings) {
        self.settings = settings
        readAgain()
        begin()
    }

    private func look() {
        if files.haveChanged { readAgain() }
    }

    private func readAgain() {
        var files = WebFiles()
        defer { self.files = files }
        do {
            try server.replaceRules(with: try WebConfiguration.rules(for: settings, &files, isRunning: true))
        } catch {
            reloads.failed()
            log.error("web configuration refused, the old one stays", [("detail", "\(error)")])
            return
        }
        reloads.succeeded()
        if settings[Options.webConfigurationFile] != nil { log.info("web configuration read again") }
    }
}
