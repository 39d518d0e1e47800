// Reads that find nothing cost a round trip, and mostly a query of the database behind it.

extension AdviceRule {
    /// Four of five reads is what health.hit-rate warns at; a thousand reads are enough for a share to be steady to one
    /// in a hundred.
    static let hitRate = AdviceRule(
        name: "hit_rate", counters: ["redis_key_hits_total", "redis_key_misses_total"]
    ) { evidence in
        let (least, enough) = (0.8, 1000.0)
        let hits = evidence.growth(of: "redis_key_hits_total", by: ["key_group", "target"])
        let misses = evidence.growth(of: "redis_key_misses_total", by: ["key_group", "target"])
        let all = hits.values.reduce(0, +) + misses.values.reduce(0, +)
        return misses.compactMap { group, missed in
            let reads = missed + (hits[group] ?? 0)
            guard reads >= enough, missed / reads > 1 - least else { return nil }
            return Finding(
                gravity: .waste, share: missed / all, subject: "key group \(group[0])",
                figure: "\(Cell.percent(1 - missed / reads)) of \(Cell.count(reads)) reads found their key "
                    + evidence.period,
                meaning: "The others went on to whatever fills this cache.",
                remedy: "See whether these keys expire or are evicted too early (redis_expired_keys_total, "
                    + "redis_evicted_keys_total), are looked up before they are written, or are never written at all; keep "
                    + "a short-lived mark for what does not exist.")
        }
    }
}
