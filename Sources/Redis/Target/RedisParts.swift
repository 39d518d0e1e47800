// The one list of what is asked of a Redis besides INFO. A new collector is one line here.

import Metrics

enum RedisParts {
    /// Also those that are not wanted, in the order in which they are asked and read. What others build on comes first,
    /// what a few servers have comes last.
    static func all(_ settings: RedisSettings, _ companion: RedisCompanion) -> [any RedisPart] {
        [
            RedisConfig(every: settings.configInterval, unchanged: settings.unchangedInterval),
            LatencySpikes(),
            LatencyHistograms(every: settings.histogramInterval, own: settings.ownHistogramInterval),
            LatencyPercentiles(every: settings.percentilesInterval),
            Slowlog(keyGroup: companion.keyGroup, onEntries: companion.onSlowCommands),
            ClusterInfo(),
            CommandLog(),
            SlotStatistics(every: settings.slotsInterval),
            SentinelDetails(),
            CommandCatalogue(every: settings.commandsInterval, companion.onCommands),
            // After the table of commands: a capture that has it may want the clients at once.
            ClientList(
                companion, every: settings.clientCountsInterval, urgentlyEvery: settings.clientsInterval,
                unchanged: settings.unchangedInterval),
            KeyChecks(settings.keys),
            KeyCounts(settings.keys),
            StreamChecks(settings.keys),
            KeySizes(settings.keys) { companion.keyGroup?([Array("type".utf8), Array($0.utf8)]) ?? "other" },
        ]
            + QueueParts.all(settings.keys, companion)
            + [KeyProbes(companion.probedKeys, companion.onProbe)]
    }

    /// Every family that some part can bring, each once.
    static let descriptors = all(RedisSettings(), RedisCompanion()).flatMap { type(of: $0).descriptors }
        .reduce(into: [Descriptor]()) { once, descriptor in
            if !once.contains(where: { $0 === descriptor }) { once.append(descriptor) }
        }
}
