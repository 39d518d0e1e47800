// The one list of what is asked of a Redis besides INFO. A new collector is one line here.

import Metrics

enum RedisParts {
    /// In the order in which they are asked and read. What others build on comes first, what a few servers have comes
    /// last.
    static func all(_ settings: RedisSettings, _ companion: RedisCompanion) -> [any RedisPart] {
        var parts: [any RedisPart] = [
            RedisConfig(every: settings.configInterval),
            LatencySpikes(),
            LatencyHistograms(every: settings.histogramInterval),
            LatencyPercentiles(every: settings.percentilesInterval),
            Slowlog(keyGroup: companion.keyGroup, onEntries: companion.onSlowCommands),
            ClusterInfo(),
            CommandLog(),
            SlotStatistics(every: settings.slotsInterval),
            SentinelDetails(),
        ]
        if let onCommands = companion.onCommands {
            parts.append(CommandCatalogue(every: settings.commandsInterval, onCommands))
        }
        // After the table of commands: a capture that has it may want the clients at once.
        parts.append(
            ClientList(companion, every: settings.clientCountsInterval, urgentlyEvery: settings.clientsInterval))
        let keys = settings.keys
        if !(keys.checked + keys.checkedSingly).isEmpty { parts.append(KeyChecks(keys)) }
        if !keys.counted.isEmpty { parts.append(KeyCounts(keys)) }
        if !(keys.streams + keys.streamsSingly).isEmpty { parts.append(StreamChecks(keys)) }
        if keys.samplesSizes {
            parts.append(KeySizes(keys) { companion.keyGroup?([Array("type".utf8), Array($0.utf8)]) ?? "other" })
        }
        parts += QueueParts.wanted(keys, companion)
        if !companion.probedKeys.isEmpty { parts.append(KeyProbes(companion.probedKeys, companion.onProbe)) }
        return parts
    }
}
