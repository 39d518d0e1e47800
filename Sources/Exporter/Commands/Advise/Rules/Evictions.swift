// Redis takes keys away for want of memory: what was cached is gone before its time.

extension AdviceRule {
    /// One eviction for a hundred commands: below that the least used keys go, and nobody misses them.
    static let evictions = AdviceRule(
        name: "evictions", counters: ["redis_evicted_keys_total", "redis_commands_processed_total"]
    ) { evidence in
        let most = 0.01
        let commands = evidence.growth(of: "redis_commands_processed_total", by: ["target"])
        return evidence.growth(of: "redis_evicted_keys_total", by: ["target"]).compactMap { target, evicted in
            guard let all = commands[target], evicted >= 1000, evicted / max(1, all) > most else { return nil }
            return Finding(
                gravity: .waste, share: evicted / max(1, all), subject: "memory of Redis \(target[0])".trimmedEnd,
                figure: "\(Cell.count(evicted)) keys evicted \(evidence.period), for \(Cell.count(all)) commands",
                meaning: "The data does not fit into maxmemory: keys go that are still asked for.",
                remedy:
                    "Raise maxmemory, shorten the expiry of the largest key groups, or use an lfu policy, which keeps what "
                    + "is asked for most.")
        }
    }
}
