// One set of names for the jobs of all queue systems, so that one dashboard and one alert serve them all.

import Metrics

/// Descriptors of the families about queues.
enum QueueFamilies {
    private static let labels = ["system", "queue"]

    static let jobs = Descriptor(
        .gauge, "redis_queue_jobs", labels: ["system", "queue", "state"],
        help:
            "Jobs by state: waiting, delayed, active, retry, dead (failed for good), completed and others that a system has; without a queue those of the whole system."
    )
    static let oldestAge = Descriptor(
        .gauge, "redis_queue_oldest_job_age_seconds", labels: labels,
        help: "How long the oldest waiting job waits, 0 when none does; absent where the system does not keep it.")
    static let processed = Descriptor(
        .counter, "redis_queue_processed_total", labels: labels,
        help: "Jobs that were worked on, as the system counts them itself.")
    static let failed = Descriptor(
        .counter, "redis_queue_failed_total", labels: labels,
        help: "Jobs that failed, as the system counts them itself.")
    static let paused = Descriptor(
        .gauge, "redis_queue_paused", labels: labels, help: "Whether a queue is paused, where the system can do that.")
    static let workers = Descriptor(
        .gauge, "redis_queue_workers", labels: labels,
        help: "Workers that are registered, for a queue or for the whole system.")
    static let leftOut = Descriptor(
        .gauge, "sidelong_redis_queues_left_out", labels: ["system"],
        help: "Queues that are not shown, because a system has more than 100.")

    static let all = [jobs, oldestAge, processed, failed, paused, workers, leftOut]
}

/// What is known of the queues of one system. Queues whose names are judged to be one are added up.
struct QueueFigures: Sendable {
    private struct Place: Hashable {
        let queue: String
        let state: String
    }

    private let system: String
    private let name: @Sendable (String) -> String
    private var jobs: [Place: Double] = [:]
    private var ages: [String: Double] = [:]
    private var counters: [Place: Double] = [:]
    private var paused: [String: Double] = [:]
    private var workers: [String: Double] = [:]

    /// - Parameter name: what a queue may be called on the page.
    init(_ system: String, _ name: @escaping @Sendable (String) -> String) {
        self.system = system
        self.name = name
    }

    /// What a queue is called on the page; the whole system has no name.
    private func label(_ queue: String) -> String { queue.isEmpty ? "" : name(queue) }

    mutating func add(jobs count: Double, _ queue: String, _ state: String) {
        jobs[Place(queue: label(queue), state: state), default: 0] += count
    }

    /// The greatest age counts.
    mutating func add(age: Double, _ queue: String) {
        ages[label(queue)] = max(ages[label(queue)] ?? 0, age)
    }

    mutating func add(workers count: Double, _ queue: String) {
        workers[label(queue), default: 0] += count
    }

    mutating func set(paused isPaused: Bool, _ queue: String) {
        paused[label(queue)] = max(paused[label(queue)] ?? 0, isPaused ? 1 : 0)
    }

    mutating func add(_ counter: QueueCounter.Kind, _ count: Double, _ queue: String) {
        counters[Place(queue: label(queue), state: counter.rawValue), default: 0] += count
    }

    var samples: Samples {
        var samples = Samples()
        for (place, count) in jobs { samples.add(QueueFamilies.jobs, count, system, place.queue, place.state) }
        for (queue, age) in ages { samples.add(QueueFamilies.oldestAge, age, system, queue) }
        for (queue, isPaused) in paused { samples.add(QueueFamilies.paused, isPaused, system, queue) }
        for (queue, count) in workers { samples.add(QueueFamilies.workers, count, system, queue) }
        for (place, count) in counters {
            let isFailed = place.state == QueueCounter.Kind.failed.rawValue
            samples.add(isFailed ? QueueFamilies.failed : QueueFamilies.processed, count, system, place.queue)
        }
        return samples.inOrder
    }
}
