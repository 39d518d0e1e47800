// Some samples come from putting two sources together: the search for the redis-server process needs INFO's process_id,
// and redis_exporter's names about itself need what the connection knows.

import Metrics

/// A collector whose polls somebody else looks at, and may add to, before they are published.
struct ObservedCollector: Collector {
    let collector: any Collector
    /// Called after a poll that failed.
    let observeFailure: @Sendable () -> Void
    /// Called with the samples of one that worked, on the poll's own task; must be quick.
    let observe: @Sendable (inout Samples) -> Void

    var name: String { collector.name }
    var parts: [String] { collector.parts }

    func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        do {
            var collected = try await collector.collect(before: deadline)
            observe(&collected.samples)
            return collected
        } catch {
            observeFailure()
            throw error
        }
    }
}
