// What a poll can ask: one command each, and the part of the collector that fails with it.

/// One command of a poll.
enum Question: CaseIterable {
    case info, latencySpikes, latencyHistograms, latencyPercentiles, slowlogLength, slowlogEntries, clusterInfo, config
    case commands, clients, commandLog, slots, sentinelMasters
    /// TYPE of the probed keys, which has round trips of its own.
    case probe

    /// The command as it stands in messages.
    var title: String {
        switch self {
        case .info: "INFO"
        case .latencySpikes: "LATENCY LATEST"
        case .latencyHistograms: "LATENCY HISTOGRAM"
        case .latencyPercentiles: "INFO latencystats"
        case .slowlogLength: "SLOWLOG LEN"
        case .slowlogEntries: "SLOWLOG GET"
        case .clusterInfo: "CLUSTER INFO"
        case .config: "CONFIG GET"
        case .commands: "COMMAND"
        case .clients: "CLIENT LIST"
        case .sentinelMasters: "SENTINEL MASTERS"
        case .commandLog: "COMMANDLOG LEN"
        case .slots: "CLUSTER SLOT-STATS"
        case .probe: "TYPE"
        }
    }

    /// The part of the collector that fails when this is refused.
    var part: String {
        switch self {
        case .info: RedisTarget.infoPart
        case .latencySpikes: LatencySpikes.part
        case .latencyHistograms: LatencyHistograms.part
        case .latencyPercentiles: LatencyPercentiles.part
        case .slowlogLength, .slowlogEntries: Slowlog.part
        case .clusterInfo: ClusterInfo.part
        case .config: ConfigParameters.part
        case .commands: CommandCatalogue.part
        case .clients: ClientList.part
        case .sentinelMasters: SentinelDetails.part
        case .commandLog: CommandLog.part
        case .slots: SlotStatistics.part
        case .probe: RedisCompanion.probePart
        }
    }

    /// How long the reply may be. Servers stay far below; what is longer is passed over, but for INFO, without which
    /// a poll is nothing.
    var bound: ReplyBound {
        switch self {
        case .info: .essential
        // A line of some 400 bytes per client.
        case .clients: ReplyBound(bytes: 8 << 20, isOptional: true)
        // 1,024 entries of 32 arguments of 128 bytes at the most.
        case .slowlogEntries: ReplyBound(bytes: 6 << 20, isOptional: true)
        default: ReplyBound(bytes: 2 << 20, isOptional: true)
        }
    }
}
