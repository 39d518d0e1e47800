// Keys that nobody ever takes away, and that become more: a cache that fills memory until Redis refuses or evicts.

extension AdviceRule {
    /// A tenth more within the time that is looked at is no fluctuation, once there are a thousand of them.
    static let keysWithoutExpiry = AdviceRule(
        name: "keys_without_expiry", gauges: ["redis_db_keys", "redis_db_keys_expiring"]
    ) { evidence in
        let (growth, enough) = (0.1, 1000.0)
        // Only a second look can tell that they become more.
        guard let change = evidence.change else { return [] }
        return evidence.levels["redis_db_keys"].compactMap { keys in
            let labels = keys.labels.filter { $0.key == "db" || $0.key == "target" }
            guard let expiring = evidence.levels.sum("redis_db_keys_expiring", labels),
                let more = change.sum("redis_db_keys", labels),
                let moreExpiring = change.sum("redis_db_keys_expiring", labels)
            else { return nil }
            let (lasting, gained) = (keys.value - expiring, more - moreExpiring)
            guard lasting >= enough, gained > growth * (lasting - gained) else { return nil }
            return Finding(
                gravity: .risk, share: lasting / max(1, keys.value), subject: "keys of \(labels["db"] ?? "a database")",
                figure: "\(Cell.count(lasting)) keys without an expiry, \(Cell.count(gained)) more \(evidence.period)",
                meaning: "They stay until something deletes them, and memory grows with them.",
                remedy:
                    "Find what writes them (sidelong top, key groups by rate of SET), and give it EX or EXPIRE; with "
                    + "maxmemory and an allkeys policy Redis evicts them at the latest.")
        }
    }
}
