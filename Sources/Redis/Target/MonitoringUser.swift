// The user that Sidelong logs in to Redis as: what it has to be allowed, and nothing beyond.

/// The rules of an ACL user that may look and nothing else.
public enum MonitoringUser {
    /// What is asked whatever the options say.
    private static let server = [
        "+ping", "+info", "+command", "+client|setname", "+client|list", "+config|get", "+latency|latest",
        "+latency|histogram", "+slowlog|len", "+slowlog|get", "+cluster|info", "+cluster|shards", "+cluster|slots",
    ]
    /// What looks at keys, streams and queues, none of which writes.
    private static let keys = [
        "%R~*", "+select", "+scan", "+type", "+memory|usage", "+strlen", "+getrange", "+llen", "+lindex", "+hlen",
        "+hget",
        "+scard", "+sscan", "+zcard", "+zrange", "+xlen", "+xrange", "+xpending", "+xinfo|stream", "+xinfo|groups",
        "+xinfo|consumers", "+randomkey", "+pubsub|numsub", "+pubsub|shardnumsub",
    ]

    /// The line that makes such a user, for Redis 7.0, Valkey and later.
    ///
    /// - Parameter name: what the user is called; nil for `sidelong`.
    public static func line(for name: String?) -> String {
        let rules = (["on", ">PASSWORD", "resetchannels"] + server + keys).joined(separator: " ")
        return "ACL SETUSER \(name ?? "sidelong") \(rules)"
    }
}
