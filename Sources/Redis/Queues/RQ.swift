// RQ: lists of job numbers, with a registry for each state, and a hash for each job.

extension QueueSystem {
    static let rq = QueueSystem(
        name: "rq", discovery: .members(of: "rq:queues", prefix: "rq:queue:"),
        collections: [
            .list("waiting", "rq:queue:@"), .sorted("active", "rq:wip:@"), .sorted("completed", "rq:finished:@"),
            .sorted("dead", "rq:failed:@"), .sorted("deferred", "rq:deferred:@"),
            .sorted("delayed", "rq:scheduled:@"), .sorted("canceled", "rq:canceled:@"),
        ],
        oldest: .inHash("rq:queue:@", at: 0, hash: "rq:job:#", field: "enqueued_at"),
        paused: .key("rq:suspended"), workers: .members(of: "rq:workers:@"))
}
