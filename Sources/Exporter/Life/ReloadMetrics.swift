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
    private let state = Mutex((isGood: true, read: Timestamp.now))

    init(_ families: Families) {
        self.families = families
    }

    func succeeded() {
        state.withLock { $0 = (true, .now) }
    }

    func failed() {
        state.withLock { $0.isGood = false }
    }

    var samples: Samples {
        let (isGood, read) = state.withLock { $0 }
        var samples = Samples()
        samples.add(families.successful, isGood ? 1 : 0)
        samples.add(families.lastSuccess, read.seconds)
        return samples
    }
}
