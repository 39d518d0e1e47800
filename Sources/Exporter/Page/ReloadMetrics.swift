// Whether the running configuration is the one in the file, under the names Prometheus uses for itself.

import Metrics
import Synchronization

/// How the newest reading of a configuration went.
final class ReloadMetrics: Sendable {
    /// The two families about one file.
    struct Families: Sendable {
        let successful: Descriptor
        let lastSuccess: Descriptor

        fileprivate init(_ prefix: String, _ what: String) {
            successful = Descriptor(
                .gauge, "\(prefix)_last_reload_successful",
                help: "Whether the \(what) was good (1) or was refused (0) when it was last read.")
            lastSuccess = Descriptor(
                .gauge, "\(prefix)_last_reload_success_timestamp_seconds",
                help: "When the running \(what) was read, in Unix time.")
        }

        var all: [Descriptor] { [successful, lastSuccess] }
    }

    static let configuration = Families("sidelong_config", "configuration")
    static let webConfiguration = Families("sidelong_web_config", "web configuration")

    static let descriptors = configuration.all + webConfiguration.all

    private let families: Families
    private struct State: Equatable {
        var isGood = true
        var read = Timestamp.now
    }

    private let state = Mutex(State())

    init(_ families: Families) {
        self.families = families
    }

    func succeeded() {
        state.withLock { $0 = State() }
    }

    func failed() {
        state.withLock { $0.isGood = false }
    }

    var live: some LiveSource {
        LiveSamples(of: { self.state.withLock { $0 } }) { [families] state in
            var samples = Samples()
            samples.add(families.successful, state.isGood ? 1 : 0)
            samples.add(families.lastSuccess, state.read.seconds)
            return samples
        }
    }
}
