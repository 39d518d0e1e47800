// Celery on Redis (Kombu): a list for each queue and priority, and what was delivered and not yet acknowledged. When a
// task was queued stands nowhere.

extension QueueSystem {
    /// Priorities other than the highest have lists of their own, which LLEN of the queue's name leaves out.
    static let celery = QueueSystem(
        name: "celery", discovery: .bindings(prefix: "_kombu.binding.", first: "_kombu.binding.celery"),
        collections: ["", "\u{6}\u{16}3", "\u{6}\u{16}6", "\u{6}\u{16}9"].map { .list("waiting", "@" + $0) } + [
            .sorted("unacked", "unacked_index")
        ])
}
