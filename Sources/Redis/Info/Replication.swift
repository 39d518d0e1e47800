// INFO replication beyond its plain numbers: the link to the primary as a replica sees it, and the replicas as a
// primary sees them.

import Metrics

/// Both sides of replication. The label names are those that dashboards know, from before the words were changed.
struct Replication: Sendable {
    private static let primaryLabels = ["master_host", "master_port"]

    static let linkUp = Descriptor(
        .gauge, "redis_master_link_up", labels: primaryLabels,
        help: "Whether the link to the primary is up (INFO master_link_status).")
    static let failoverState = Descriptor(
        .gauge, "redis_master_failover_state", labels: ["state"],
        help: "The state of a FAILOVER, 1 at the current one (INFO master_failover_state).")
    static let replicaOffset = Descriptor(
        .gauge, "redis_connected_slave_offset_bytes", labels: ["slave_ip", "slave_port", "slave_state"],
        help: "Replication offset of each replica (INFO slave* offset).")
    static let replicaLag = Descriptor(
        .gauge, "redis_connected_slave_lag_seconds", labels: ["slave_ip", "slave_port", "slave_state"],
        help: "Time since each replica last reported (INFO slave* lag).")

    private static func row(_ field: String, _ name: String, _ what: String, percent: Bool = false) -> Row {
        let descriptor = Descriptor(.gauge, name, labels: primaryLabels, help: "\(what) (INFO \(field)).")
        return Row(field: field, descriptor: descriptor, isPercentage: percent)
    }

    private struct Row {
        let field: String
        let descriptor: Descriptor
        let isPercentage: Bool
    }

    private static let rows = [
        row(
            "master_last_io_seconds_ago", "redis_master_last_io_seconds_ago",
            "Time since the primary last sent something"),
        row("master_sync_in_progress", "redis_master_sync_in_progress", "Whether the replica is being synchronised"),
        row("slave_repl_offset", "redis_slave_repl_offset", "Replication offset that the replica has applied"),
        row("slave_read_repl_offset", "redis_slave_read_repl_offset", "Replication offset that the replica has read"),
        row(
            "master_link_down_since_seconds", "redis_master_link_down_since_seconds",
            "Time since the link to the primary broke"),
        row("master_sync_total_bytes", "redis_master_sync_total_bytes", "Size of the current synchronisation"),
        row("master_sync_read_bytes", "redis_master_sync_read_bytes", "What of the synchronisation has arrived"),
        row("master_sync_left_bytes", "redis_master_sync_left_bytes", "What of the synchronisation is still to come"),
        row("master_sync_perc", "redis_master_sync_ratio", "Share of the synchronisation that is done", percent: true),
        row(
            "master_sync_last_io_seconds_ago", "redis_master_sync_last_io_seconds_ago",
            "Time since the primary last sent something of the synchronisation"),
    ]

    static let descriptors =
        [linkUp, failoverState, replicaOffset, replicaLag] + rows.map(\.descriptor)

    private var host = ""
    private var port = ""

    private static let primaryPrefix = Array("master_".utf8)
    private static let replicaPrefix = Array("slave".utf8)

    /// Takes a line on either side of replication; nil when it is none, false when it makes no sense.
    mutating func take(_ line: InfoValue, into samples: inout Samples) -> Bool? {
        if line.isNumbered(Self.replicaPrefix) { return takeReplica(line, into: &samples) }
        guard line.rest(after: Self.primaryPrefix) != nil || line.rest(after: Self.replicaPrefix) != nil else {
            return nil
        }
        return takePrimary(line, into: &samples)
    }

    /// `slave0:ip=10.0.0.1,port=6379,state=online,offset=14,lag=0`. Kvrocks tells no state, and others no lag.
    private func takeReplica(_ line: InfoValue, into samples: inout Samples) -> Bool {
        var parts: [String: String] = [:]
        var pairs = line.pairs
        while let (name, value) = pairs.next() { parts[line.text(name)] = line.text(value) }
        // Which replica it is about has to be known, or two of them would be one series.
        guard let ip = parts["ip"], let port = parts["port"] else { return false }
        let state = parts["state"] ?? ""
        let offset = parts["offset"].flatMap { Int64($0) }
        let lag = parts["lag"].flatMap { Int64($0) }
        samples.add(Self.replicaOffset, ifKnown: offset.map { Double($0) }, ip, port, state)
        samples.add(Self.replicaLag, ifKnown: lag.flatMap { $0 >= 0 ? Double($0) : nil }, ip, port, state)
        return offset != nil || lag != nil
    }

    /// The link to the primary. KeyDB has several and numbers them: `master_1_host`.
    private mutating func takePrimary(_ line: InfoValue, into samples: inout Samples) -> Bool? {
        let field = Self.withoutNumber(line.text(line.name))
        switch field {
        case "master_host": host = line.text
        case "master_port": port = line.text
        case "master_link_status": samples.add(Self.linkUp, line.text == "up" ? 1 : 0, host, port)
        case "master_failover_state": samples.add(Self.failoverState, 1, line.text)
        default:
            guard let row = Self.rows.first(where: { $0.field == field }) else { return nil }
            let value =
                row.isPercentage
                ? InfoNumber.parsePercentage(line.bytes, line.value) : InfoNumber.parse(line.bytes, line.value)
            guard let value else { return false }
            samples.add(row.descriptor, value, host, port)
        }
        return true
    }

    private static func withoutNumber(_ field: String) -> String {
        let words = field.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count == 3, words[0] == "master", Int(words[1]) != nil else { return field }
        return "master_\(words[2])"
    }
}
