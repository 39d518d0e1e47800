// Redis writes replies on the thread that runs all commands.

extension AdviceRule {
    /// A reply of up to 16 KiB is written from the client's own buffer with one call (Redis' PROTO_REPLY_CHUNK_BYTES).
    /// A longer one is put together from blocks, and is a dozen packets on the way.
    static let bigReplies = AdviceRule(
        name: "big_replies", counters: ["redis_key_response_bytes_total", "redis_key_queued_commands_total"],
        histograms: ["redis_key_command_duration_seconds"]
    ) { evidence in
        let (most, enough) = (16_384.0, 100.0)
        let bytes = evidence.growth(of: "redis_key_response_bytes_total", by: ["key_group", "target"])
        let queued = evidence.growth(of: "redis_key_queued_commands_total", by: ["key_group", "target"])
        let timed = evidence.histograms(
            "redis_key_command_duration_seconds", ["source": "wire"], by: ["key_group", "target"])
        let all = bytes.values.reduce(0, +)
        return timed.compactMap { group, buckets in
            let commands = (buckets.total ?? 0) + (queued[group] ?? 0)
            guard let size = bytes[group], commands >= enough, size / commands > most else { return nil }
            return Finding(
                gravity: .waste, share: size / all, subject: "key group \(group[0])",
                figure: "\(Cell.bytes(size / commands)) per reply on average, \(Cell.bytes(size)) \(evidence.period), "
                    + "\(Cell.percent(size / all)) of all that Redis sent",
                meaning: "While Redis writes a long reply every other client waits.",
                remedy:
                    "Read the fields that are needed (HMGET for HGETALL, ranges for whole lists), compress values in the "
                    + "client, or split them.")
        }
    }
}
