// Resque: lists of JSON that does not say when a job was queued.

extension QueueSystem {
    static let resque = QueueSystem(
        name: "resque", discovery: .members(of: "resque:queues"),
        collections: [.list("waiting", "resque:queue:@"), .list("dead", "resque:failed")],
        workers: .members(of: "resque:workers"),
        counters: [
            QueueCounter(kind: .processed, key: "resque:stat:processed", field: nil),
            QueueCounter(kind: .failed, key: "resque:stat:failed", field: nil),
        ])
}
