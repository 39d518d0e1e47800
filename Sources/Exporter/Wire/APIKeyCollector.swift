// The list of the gateway's API keys changes while the program runs. A list with an error is refused and said on the
// page and in the log; the old one stays.

import Capture
import Metrics
import System
import Traffic

/// Reads `--http.api-keys-file` again whenever it is another one.
actor APIKeyCollector: Collector {
    nonisolated let name = "api_keys"
    nonisolated let parts: [String] = []

    /// The file may be one of a network.
    private nonisolated let executor = BlockingExecutor("api keys")
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private let path: String
    private let engine: SharedEngine
    private var state: FileState?
    private var problem: CollectorFailure?

    init(_ path: String, _ engine: SharedEngine) {
        self.path = path
        self.engine = engine
    }

    func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        let state = FileState(path)
        if state != self.state {
            self.state = state
            read()
        }
        if let problem { throw problem }
        return Collected()
    }

    private func read() {
        do throws(ConfigurationError) {
            engine.learn(try APIKeyFile.keys(in: path))
            problem = nil
        } catch {
            problem = CollectorFailure(.unreadable, "\(error); the list that was read before stays")
        }
    }
}
