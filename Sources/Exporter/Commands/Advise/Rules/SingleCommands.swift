// A GET alone is mostly way: packets, system calls and the client's wake-up cost many times what Redis does.

extension AdviceRule {
    /// With 95 of 100 commands alone on their connection there is no pipelining worth the name. Below half of all
    /// commands GET is not what to begin with, and below ten thousand it does not matter.
    static let singleCommands = AdviceRule(
        name: "single_commands", histograms: ["redis_pipeline_depth", "redis_command_duration_seconds"]
    ) { evidence in
        let (alone, ofAll, enough) = (0.95, 0.5, 10_000.0)
        let commands = evidence.histograms("redis_command_duration_seconds", ["source": "wire"], by: ["command"])
        let all = commands.reduce(0) { $0 + ($1.1.total ?? 0) }
        let depth = evidence.growth["redis_pipeline_depth_bucket"]
        let single = depth.filter { $0.labels["le"].flatMap(Double.init) == 1 }.reduce(0) { $0 + $1.value }
        let measured = depth.filter { $0.labels["le"] == "+Inf" }.reduce(0) { $0 + $1.value }
        guard let gets = commands.first(where: { $0.key == ["get"] })?.1.total, gets >= enough, gets / all >= ofAll,
            measured > 0, single / measured >= alone
        else { return [] }
        return [
            Finding(
                gravity: .waste, share: gets / all, subject: "GET",
                figure: "\(Cell.count(gets)) GET \(evidence.period), \(Cell.percent(gets / all)) of all commands; "
                    + "\(Cell.percent(single / measured)) of commands were alone on their connection",
                meaning: "Each waits for its own round trip, and costs Redis two system calls.",
                remedy: "Where several keys are read for one request, read them with MGET or in a pipeline.")
        ]
    }
}
