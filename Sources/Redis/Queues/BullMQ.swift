// BullMQ: lists and sorted sets of job numbers, and a hash for each job. No key names all queues, so that they are
// looked for by SCAN, and only where the operator asks for it.

enum BullMQ: QueueSystem {
    static let name = "bullmq"
    static let discovery = QueueDiscovery.keys(prefix: "bull:", suffix: ":meta", type: "hash")
    /// Before version 6 the jobs of a paused queue wait in a list of their own.
    static let collections: [QueueCollection] = [
        .list("waiting", "bull:@:wait"), .list("waiting", "bull:@:paused"), .list("active", "bull:@:active"),
        .sorted("delayed", "bull:@:delayed"), .sorted("prioritized", "bull:@:prioritized"),
        .sorted("completed", "bull:@:completed"), .sorted("dead", "bull:@:failed"),
        .sorted("waiting_children", "bull:@:waiting-children"),
    ]
    static let oldest: OldestJob? = .inHash("bull:@:wait", at: -1, hash: "bull:@:#", field: "timestamp")
    static let paused: PausedMark? = .field(OwnLookups.optionalField, of: "bull:@:meta")
    /// Only where the workers were told to keep metrics.
    static let counters = [
        QueueCounter(kind: .processed, key: "bull:@:metrics:completed", field: "count"),
        QueueCounter(kind: .failed, key: "bull:@:metrics:failed", field: "count"),
    ]
}
