// Resque: lists of JSON that does not say when a job was queued.

enum Resque: QueueSystem {
    static let name = "resque"
    static let discovery = QueueDiscovery.members(of: "resque:queues")
    static let collections: [QueueCollection] = [
        .list("waiting", "resque:queue:@"), .list("dead", "resque:failed"),
    ]
    static let workers: QueueWorkers? = .members(of: "resque:workers")
    static let counters = [
        QueueCounter(kind: .processed, key: "resque:stat:processed", field: nil),
        QueueCounter(kind: .failed, key: "resque:stat:failed", field: nil),
    ]
}
