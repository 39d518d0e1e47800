// Whether the running configuration is the one in the file, under the names Prometheus uses for itself.

import Metrics
import Synchronization

/// How the newest reading of the configuration went.
final class ReloadMetrics: Sendable {
    static let successful = Descriptor(
        .gauge, "sidelong_config_last_reload_successful",
        help: "Whether the configuration was good (1) or was refused (0) when it was last read.")
    static let lastSuccess = Descriptor(
        .gauge, "sidelong_config_last_reload_success_timestamp_seconds",
        help: "When the running configuration was read, in Unix time.")

    static let descriptors = [successful, lastSuccess]

    private let state = Mutex((isGood: true, read: Timestamp.now))

    func succeeded() {
        state.withLock { $0 = (true, .now) }
    }

    func failed() {
        state.withLock { $0.isGood = false }
    }

    var samples: Samples {
        let (isGood, read) = state.withLock { $0 }
        var samples = Samples()
        samples.add(Self.successful, isGood ? 1 : 0)
        samples.add(Self.lastSuccess, read.seconds)
        return samples
    }
}
