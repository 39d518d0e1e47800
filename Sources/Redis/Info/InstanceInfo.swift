// The words of INFO: what the instance is, as labels of a constant.

import Metrics

/// The fields of INFO that are words.
struct InstanceInfo: Sendable {
    static let info = Descriptor(
        .info, "redis_instance_info",
        labels: [
            "role", "redis_version", "redis_build_id", "redis_mode", "os", "maxmemory_policy", "tcp_port", "run_id",
            "process_id", "master_replid", "valkey_version", "valkey_release_stage", "availability_zone",
        ],
        help: "What the instance is (INFO server, memory and replication).")
    static let replica = Descriptor(
        .info, "redis_slave_info", labels: ["master_host", "master_port", "read_only"],
        help: "Whose replica the instance is, absent on a primary (INFO replication).")
    static let startTime = Descriptor(
        .gauge, "redis_start_time_seconds",
        help: "When the server started (INFO server_time_usec less uptime_in_seconds).")

    static let descriptors = [info, replica, startTime]

    /// The fields that are kept.
    static let names =
        info.labels + [
            "server_mode", "redict_mode", "redict_version", "master_host", "master_port", "slave_read_only",
            "server_time_usec", "uptime_in_seconds",
        ]
    private var texts: [String?] = Array(repeating: nil, count: names.count)

    /// Keeps the value of one of `names`.
    mutating func keep(_ text: String, at position: Int) {
        texts[position] = text
    }

    /// `standalone`, `cluster` or `sentinel`; forks name the field otherwise unless they are told to speak like Redis.
    var mode: String? { modes.first }

    /// What the server calls itself, under every name that the field has.
    var modes: [String] { ServerIdentity.modeNames.compactMap { self[$0] } }

    /// Whether there is one of the fields that every server has which names it.
    var saysWhoAnswers: Bool {
        ["redis_version", "valkey_version", "redict_version", "uptime_in_seconds", "process_id", "tcp_port", "run_id"]
            .contains { self[$0] != nil } || mode != nil
    }

    subscript(name: String) -> String? {
        Self.names.firstIndex(of: name).flatMap { texts[$0] }
    }

    /// - Parameter now: the time of day in seconds, used where the server does not tell its own.
    func finish(now: Double, into samples: inout Samples) {
        let labels = Self.info.labels.map { label in
            (label == "redis_mode" ? mode : self[label]) ?? ""
        }
        if labels.contains(where: { !$0.isEmpty }) {
            samples.add(Self.info, Sample(labels: labels, value: .number(1)))
        }
        if self["role"] == "slave" {
            samples.add(
                Self.replica, 1, self["master_host"] ?? "", self["master_port"] ?? "", self["slave_read_only"] ?? "")
        }
        if let uptime = self["uptime_in_seconds"].flatMap({ Double($0) }) {
            let time = self["server_time_usec"].flatMap { Double($0) }.map { $0 / 1_000_000 } ?? now
            samples.add(Self.startTime, time.rounded(.down) - uptime)
        }
    }
}
