// A Redis without maxmemory grows until the kernel or the container ends it, with all of its data.

extension AdviceRule {
    /// There is no good reason for none; the finding is about as much of the machine as Redis has taken already.
    static let noMemoryLimit = AdviceRule(
        name: "no_memory_limit",
        gauges: ["redis_memory_max_bytes", "redis_memory_used_bytes", "redis_total_system_memory_bytes"]
    ) { evidence in
        evidence.levels["redis_memory_max_bytes"].filter { $0.value == 0 }.map { limit in
            let labels = limit.labels.filter { $0.key == "target" }
            let used = evidence.levels.sum("redis_memory_used_bytes", labels) ?? 0
            let machine = evidence.levels.sum("redis_total_system_memory_bytes", labels) ?? 0
            return Finding(
                gravity: .risk, share: machine > 0 ? used / machine : 0,
                subject: "memory of Redis \(labels["target"] ?? "")".trimmedEnd,
                figure: "maxmemory is 0; \(Cell.bytes(used)) are in use"
                    + (machine > 0 ? " on a machine with \(Cell.bytes(machine))" : ""),
                meaning: "Redis takes memory until the kernel kills it, or another program.",
                remedy:
                    "CONFIG SET maxmemory to three quarters of what the container may have, and maxmemory-policy to what "
                    + "is to happen then: allkeys-lru for a cache, noeviction for data.")
        }
    }
}
