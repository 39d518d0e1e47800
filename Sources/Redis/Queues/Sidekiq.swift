// Sidekiq: lists of JSON, with sorted sets for what is to run later, to be tried again, or is dead.

enum Sidekiq: QueueSystem {
    static let name = "sidekiq"
    static let discovery = QueueDiscovery.members(of: "queues")
    static let collections: [QueueCollection] = [
        .list("waiting", "queue:@"), .sorted("delayed", "schedule"), .sorted("retry", "retry"),
        .sorted("dead", "dead"),
    ]
    /// In milliseconds since Sidekiq 8, in seconds before.
    static let oldest: OldestJob? = .inList("queue:@", at: -1, field: "enqueued_at")
    static let paused: PausedMark? = .member(of: "paused")
    /// A process writes its hash every ten seconds, and the hash goes a minute after the process.
    static let workers: QueueWorkers? = .hashes(of: "processes", busy: "busy")
    static let counters = [
        QueueCounter(kind: .processed, key: "stat:processed", field: nil),
        QueueCounter(kind: .failed, key: "stat:failed", field: nil),
    ]
}
