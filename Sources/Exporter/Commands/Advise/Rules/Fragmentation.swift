// Memory that Redis has given back to its allocator, and the allocator not to the machine.

extension AdviceRule {
    /// Redis' own active defragmentation begins at 10 % and works hardest at 100 %; half as much again as is needed is
    /// worth a look. Below 100 MB the ratio is made of the program itself (active-defrag-ignore-bytes).
    static let fragmentation = AdviceRule(
        name: "fragmentation", gauges: ["redis_mem_fragmentation_ratio", "redis_memory_used_bytes"]
    ) { evidence in
        let (most, enough) = (1.5, 100e6)
        return evidence.levels["redis_mem_fragmentation_ratio"].compactMap { ratio in
            let labels = ratio.labels.filter { $0.key == "target" }
            guard ratio.value > most, let used = evidence.levels.sum("redis_memory_used_bytes", labels), used >= enough
            else { return nil }
            return Finding(
                gravity: .risk, share: 1 - 1 / ratio.value,
                subject: "memory of Redis \(labels["target"] ?? "")".trimmedEnd,
                figure: "\(Figure.short(ratio.value)) times the \(Cell.bytes(used)) in use are resident",
                meaning:
                    "\(Cell.bytes(used * (ratio.value - 1))) serve nobody, and count against the container's limit.",
                remedy: "CONFIG SET activedefrag yes, where this Redis has jemalloc; else a restart or a failover.")
        }
    }
}
