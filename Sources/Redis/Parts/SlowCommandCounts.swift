// How many commands were slow, by command and by the group of their keys. Redis 8.8 counts them itself, by command and
// without loss; the slow log then only says on which keys they worked.

import Metrics

/// Counts slow commands.
struct SlowCommandCounts: Sendable {
    private struct Kind: Hashable {
        let command: String
        let keyGroup: String
    }

    /// Entries of the log that were counted.
    private var counts: [Kind: UInt64] = [:]
    /// What the server has counted itself, by the names of INFO commandstats; nil where it does not.
    private var served: [String: UInt64]?
    /// Of what the server has counted, those of whose keys nothing is known. Never falls: an entry may be in the log
    /// before it is in the server's count.
    private var ungrouped: [String: UInt64] = [:]

    /// Kinds that are counted apart; the rest is counted as `other`.
    static let mostKinds = 500

    /// Takes the server's own counts before the entries of the same poll. Where one has fallen the server was
    /// restarted, or its statistics were reset, and all begin again.
    mutating func take(served new: [String: UInt64]) {
        let hasFallen = served?.contains { (new[$0.key] ?? 0) < $0.value } ?? true
        if hasFallen { (counts, ungrouped) = ([:], [:]) }
        served = new
    }

    /// Forgets what the server has counted, because another one answers.
    mutating func forgetServed() {
        if served != nil { (counts, ungrouped, served) = ([:], [:], nil) }
    }

    /// Counts one entry of the log.
    mutating func count(_ entry: SlowCommand, keyGroup: String) {
        let kind = Kind(command: name(of: entry), keyGroup: keyGroup)
        let isCounted = counts[kind] != nil || counts.count < Self.mostKinds
        counts[isCounted ? kind : Kind(command: "other", keyGroup: "other"), default: 0] += 1
    }

    /// Adds the series, with those that the server has counted wherever it does.
    mutating func add(_ descriptor: Descriptor, to samples: inout Samples) {
        guard let served else {
            for (kind, count) in counts { samples.add(descriptor, Double(count), kind.command, kind.keyGroup) }
            return
        }
        var grouped: [String: UInt64] = [:]
        for (kind, count) in counts where !kind.keyGroup.isEmpty && served[kind.command] != nil {
            grouped[kind.command, default: 0] += count
            samples.add(descriptor, Double(count), kind.command, kind.keyGroup)
        }
        for (command, count) in served where count > 0 {
            let known = grouped[command] ?? 0
            ungrouped[command] = max(ungrouped[command] ?? 0, count > known ? count - known : 0)
            samples.add(descriptor, Double(ungrouped[command] ?? 0), command, "")
        }
    }

    /// `config|get` where the server counts subcommands apart, else the command.
    private func name(of entry: SlowCommand) -> String {
        guard let served, entry.arguments.count > 1, served[entry.command] == nil else { return entry.command }
        let whole = "\(entry.command)|\(String(decoding: entry.arguments[1], as: UTF8.self).lowercased())"
        return served[whole] == nil ? entry.command : whole
    }
}
