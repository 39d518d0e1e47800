/// Servers that imitate Redis, as their sources and their users describe them: each answers some forms of a command
/// with half of what Redis would, or not at all.
extension RedisImitation {
    /// A Dragonfly from 1.36 on: names Redis 7.4 as its version, answers several sections with those it knows, of which
    /// `default` and `everything` are none, and CONFIG GET with one pattern only.
    public static func dragonfly() throws -> RedisImitation {
        let server =
            "# Server\r\nredis_version:7.4.0\r\ndragonfly_version:df-v1.36.0\r\nredis_mode:standalone\r\n"
            + "tcp_port:6379\r\nuptime_in_seconds:100\r\n"
        let modules = "# Modules\r\nmodule:name=ReJSON,ver=20000,api=1,filters=0,usedby=[search],using=[]\r\n"
        let commands = "# Commandstats\r\ncmdstat_get:calls=7,usec=70,usec_per_call=10\r\n"
        let all =
            server + "# Clients\r\nconnected_clients:3\r\n# Memory\r\nused_memory:1000\r\nmaxmemory:5000\r\n"
            + "# Stats\r\ntotal_commands_processed:50\r\n" + modules + commands
            + "# Replication\r\nrole:master\r\nconnected_slaves:0\r\n# Keyspace\r\ndb0:keys=4242,expires=2,avg_ttl=-1\r\n"
        return try RedisImitation { command in
            switch command.map({ $0.lowercased() }) {
            case ["ping"]: "+PONG\r\n"
            case ["client", "setname", "sidelong"]: "+OK\r\n"
            case ["info", "server"]: bulk(server)
            case ["info"], ["info", "all"]: bulk(all)
            case let words where words[0] == "info":
                bulk((words.contains("modules") ? modules : "") + (words.contains("commandstats") ? commands : ""))
            case ["config", "get", "*"]: list(["maxmemory", "5000", "maxclients", "64000", "dbnum", "16"])
            case ["config", "get", "maxclients"]: list(["maxclients", "64000"])
            case let words where words.starts(with: ["config", "get"]) && words.count > 3: "-ERR syntax error\r\n"
            case ["slowlog", "len"]: ":0\r\n"
            case let words where words.starts(with: ["slowlog", "get"]): "*0\r\n"
            case ["client", "list"]:
                bulk("id=3 addr=10.0.0.1:5000 laddr=10.0.0.2:6379 fd=7 name=api age=5 idle=0 lib-name=go-redis\n")
            default: unknown(command)
            }
        }
    }

    /// An Upstash: a section that it does not know is a bare heading, and the plain command brings all there is.
    public static func upstash() throws -> RedisImitation {
        let all =
            "# Server\r\nupstash_version:1.14\r\nredis_version:6.2.6\r\nredis_mode:standalone\r\n"
            + "# Clients\r\nconnected_clients:2\r\n# Keyspace\r\ndb0:keys=4242,expires=0,avg_ttl=0\r\n"
        return try RedisImitation { command in
            switch command.map({ $0.lowercased() }) {
            case ["ping"]: "+PONG\r\n"
            case ["info"]: bulk(all)
            case let words where words[0] == "info" && words.count == 2:
                bulk("# \(words[1].prefix(1).uppercased())\(words[1].dropFirst())\r\n")
            default: "-ERR Command is not available: '\(command[0])'. See https://example.com/restrictions\r\n"
            }
        }
    }

    /// A Kvrocks with a replica: it tells no state of it, and calls Redis 4 its version.
    public static func kvrocks() throws -> RedisImitation {
        let all =
            "# Server\r\nversion:2.9.0\r\nkvrocks_version:2.9.0\r\nredis_version:4.0.0\r\nprocess_id:7\r\n"
            + "tcp_port:6666\r\nuptime_in_seconds:100\r\n# Clients\r\nmaxclients:10000\r\nconnected_clients:2\r\n"
            + "# Replication\r\nrole:master\r\nconnected_slaves:1\r\nslave0:ip=10.0.0.3,port=6667,offset=80,lag=2\r\n"
            + "# Commandstats\r\ncmdstat_get:calls=7,usec=70,usec_per_call=10\r\n"
            + "# Keyspace\r\n# Last DBSIZE SCAN time: Thu Jan  1 00:00:00 1970\r\n"
            + "db0:keys=4242,expires=0,avg_ttl=0,expired=0\r\nsequence:80\r\n"
        return try RedisImitation { command in
            switch command.map({ $0.lowercased() }) {
            case ["ping"]: "+PONG\r\n"
            case let words where words[0] == "info": bulk(all)
            case ["config", "get", "*"]: list(["maxclients", "10000", "slowlog-max-len", "128"])
            case ["slowlog", "len"]: ":0\r\n"
            case let words where words.starts(with: ["slowlog", "get"]): "*0\r\n"
            default: "-ERR unknown command\r\n"
            }
        }
    }

    /// A KeyDB that is the replica of two primaries, with fields of its own in the keyspace.
    public static func keyDB() throws -> RedisImitation {
        let all =
            "# Server\r\nredis_version:6.3.4\r\nredis_mode:standalone\r\nrun_id:abc\r\nuptime_in_seconds:100\r\n"
            + "# Clients\r\nconnected_clients:2\r\nthread_0_clients:2\r\n# Replication\r\nrole:active-replica\r\n"
            + "master_host:10.0.0.1\r\nmaster_port:6379\r\nmaster_link_status:up\r\n"
            + "master_1_host:10.0.0.2\r\nmaster_1_port:6380\r\nmaster_1_link_status:down\r\n"
            + "# Commandstats\r\ncmdstat_get:calls=7,usec=70,usec_per_call=10\r\n"
            + "# Keyspace\r\ndb0:keys=4242,expires=0,avg_ttl=0,cached_keys=9\r\n"
            + "# KeyDB\r\nserver_threads:4\r\nlong_lock_waits:11\r\n"
        return try RedisImitation { command in
            switch command.map({ $0.lowercased() }) {
            case ["ping"]: "+PONG\r\n"
            case let words where words[0] == "info": bulk(all)
            case ["config", "get", "*"]: list(["maxclients", "10000", "maxmemory", "0", "databases", "16"])
            case ["slowlog", "len"]: ":0\r\n"
            case let words where words.starts(with: ["slowlog", "get"]): "*0\r\n"
            case ["latency", "latest"]: "*0\r\n"
            default: unknown(command)
            }
        }
    }

    /// A Garnet: one section that it does not know spoils the whole answer, and of several parameters it answers the
    /// first only.
    public static func garnet() throws -> RedisImitation {
        let all =
            "# Server\r\ngarnet_version:1.0.50\r\nredis_version:7.4.3\r\nredis_mode:standalone\r\n"
            + "uptime_in_seconds:100\r\n# Memory\r\nmax_memory:5000\r\n# Clients\r\nconnected_clients:2\r\n"
        let parameters = ["maxclients": "7", "maxmemory": "5000", "databases": "16"]
        return try RedisImitation { command in
            switch command.map({ $0.lowercased() }) {
            case ["ping"]: "+PONG\r\n"
            case ["info"], ["info", "server"]: bulk(all)
            case let words where words[0] == "info": "-ERR Invalid section \(words[1]). Try INFO HELP\r\n"
            case ["config", "get", "*"]: "-ERR pattern is not supported here\r\n"
            case let words where words.starts(with: ["config", "get"]):
                list(parameters[words[2]].map { [words[2], $0] } ?? [])
            default: unknown(command)
            }
        }
    }
}
