// RQ: lists of job numbers, with a registry for each state, and a hash for each job.

enum RQ: QueueSystem {
    static let name = "rq"
    static let discovery = QueueDiscovery.members(of: "rq:queues", prefix: "rq:queue:")
    static let collections: [QueueCollection] = [
        .list("waiting", "rq:queue:@"), .sorted("active", "rq:wip:@"), .sorted("completed", "rq:finished:@"),
        .sorted("dead", "rq:failed:@"), .sorted("deferred", "rq:deferred:@"), .sorted("delayed", "rq:scheduled:@"),
        .sorted("canceled", "rq:canceled:@"),
    ]
    static let oldest: OldestJob? = .inHash("rq:queue:@", at: 0, hash: "rq:job:#", field: "enqueued_at")
    static let paused: PausedMark? = .key("rq:suspended")
    static let workers: QueueWorkers? = .members(of: "rq:workers:@")
}
