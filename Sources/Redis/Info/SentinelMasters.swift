// INFO sentinel beyond its plain numbers: the primaries that a Sentinel watches.

import Metrics

enum SentinelMasters {
    static let status = Descriptor(
        .gauge, "redis_sentinel_master_status", labels: ["master_name", "master_address", "master_status"],
        help: "Whether a watched primary is well: 1 for ok, 0 for anything else (INFO sentinel status).")
    static let replicas = Descriptor(
        .gauge, "redis_sentinel_master_slaves", labels: ["master_name", "master_address"],
        help: "Replicas of a watched primary (INFO sentinel slaves).")
    static let sentinels = Descriptor(
        .gauge, "redis_sentinel_master_sentinels", labels: ["master_name", "master_address"],
        help: "Sentinels that watch a primary, this one included (INFO sentinel sentinels).")

    static let descriptors = [status, replicas, sentinels]

    private static let prefix = Array("master".utf8)

    /// Takes `master0:name=mymaster,status=ok,address=127.0.0.1:6379,slaves=0,sentinels=1`; nil when the line is
    /// another, false when it makes no sense.
    static func take(_ line: InfoValue, into samples: inout Samples) -> Bool? {
        guard line.isNumbered(prefix) else { return nil }
        var parts: [String: String] = [:]
        var pairs = line.pairs
        while let (name, value) = pairs.next() { parts[line.text(name)] = line.text(value) }
        guard let name = parts["name"], let address = parts["address"], let state = parts["status"] else {
            return false
        }
        samples.add(status, state == "ok" ? 1 : 0, name, address, state)
        samples.add(replicas, ifKnown: parts["slaves"].flatMap { Double($0) }, name, address)
        samples.add(sentinels, ifKnown: parts["sentinels"].flatMap { Double($0) }, name, address)
        return true
    }
}
