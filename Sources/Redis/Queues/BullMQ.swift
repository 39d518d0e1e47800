// BullMQ: lists and sorted sets of job numbers, and a hash for each job. No key names all queues, so that they are
// looked for by SCAN, and only where the operator asks for it.

extension QueueSystem {
    /// Before version 6 the jobs of a paused queue wait in a list of their own. Counters are there only where the
    /// workers were told to keep metrics.
    static let bullMQ = QueueSystem(
        name: "bullmq", discovery: .keys(prefix: "bull:", suffix: ":meta", type: "hash"),
        collections: [
            .list("waiting", "bull:@:wait"), .list("waiting", "bull:@:paused"), .list("active", "bull:@:active"),
            .sorted("delayed", "bull:@:delayed"), .sorted("prioritized", "bull:@:prioritized"),
            .sorted("completed", "bull:@:completed"), .sorted("dead", "bull:@:failed"),
            .sorted("waiting_children", "bull:@:waiting-children"),
        ],
        oldest: .inHash("bull:@:wait", at: -1, hash: "bull:@:#", field: "timestamp"),
        paused: .field(OwnLookups.optionalField, of: "bull:@:meta"),
        counters: [
            QueueCounter(kind: .processed, key: "bull:@:metrics:completed", field: "count"),
            QueueCounter(kind: .failed, key: "bull:@:metrics:failed", field: "count"),
        ])
}
