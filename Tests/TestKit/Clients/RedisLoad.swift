// What keeps a Redis busy in every way that a dashboard shows: several key groups and users, hits and misses, errors,
// expiry, eviction, slow and blocking commands, transactions, pipelines, and both kinds of persistence.

/// The load of a ``LoadedStack`` on Redis.
enum RedisLoad {
    /// A user that may read and nothing else.
    private static let reader = (name: "alice", password: "secret")

    /// A Redis with little memory, an append-only file, and a slow log that catches some of the load.
    static func server() async throws -> RedisServer {
        let redis = try await RedisServer(
            "redis-server",
            [
                "maxmemory 8mb", "maxmemory-policy allkeys-lru", "appendonly yes", "slowlog-log-slower-than 1000",
                "latency-monitor-threshold 1", "user \(reader.name) on >\(reader.password) ~* +get",
            ])
        // Queue systems are looked for when Sidelong starts, and then seldom.
        try redis.cli("SADD", "resque:queues", "mail")
        try redis.cli("BGSAVE")
        return redis
    }

    /// Starts the load.
    ///
    /// - Parameter replica: receives logins of a user that it does not know.
    /// - Returns: the programs, which go on until they are killed.
    static func start(on redis: RedisServer, refusedBy replica: RedisServer) throws -> [ServerProcess] {
        let loops = [
            loop(every: 0.1, round, redis),
            loop(every: 0.2, "echo GET user:1:profile; echo SET user:1:profile x", redis, as: reader),
            loop(every: 0.2, "echo BLPOP queue:mail 2", redis),
            loop(every: 0.2, work, redis),
            "redis-cli -p \(redis.port) SUBSCRIBE news",
            loop(every: 0.5, "echo AUTH nobody wrong", replica),
            // More than maxmemory holds, then pipelines; once each, because they take the processor.
            "redis-benchmark -p \(redis.port) -t set -n 12000 -r 100000 -d 1000 -q; "
                + "redis-benchmark -p \(redis.port) -t get -n 10000 -r 100000 -P 16 -q; "
                + "redis-cli -p \(redis.port) BGREWRITEAOF",
        ]
        let folder = try TemporaryFolder()
        return try loops.map { try ServerProcess("bash", ["-c", $0], in: folder) }
    }

    /// A script that sends what `commands` writes over one connection, again and again.
    ///
    /// The loop is the shell itself and not a part of a pipeline, so that it ends with it, and redis-cli after it.
    private static func loop(
        every seconds: Double, _ commands: String, _ server: RedisServer,
        as user: (name: String, password: String)? = nil
    ) -> String {
        let login = user.map { " --user \($0.name) --pass \($0.password) --no-auth-warning" } ?? ""
        return """
            exec > >(redis-cli -p \(server.port)\(login))
            while sleep \(seconds); do
            \(commands)
            done
            """
    }

    /// A queue system whose jobs sometimes fail, and a stream whose entries are not all acknowledged.
    private static let work = """
        i=$((i + 1))
        cat <<END
        SADD resque:queues mail
        SADD resque:workers host:1:mail
        RPUSH resque:queue:mail {}
        INCR resque:stat:processed
        INCR resque:stat:failed
        RPUSH resque:failed {}
        LTRIM resque:failed 0 99
        XGROUP CREATE events workers 0 MKSTREAM
        XADD events MAXLEN 100 * f $i
        XREADGROUP GROUP workers a COUNT 1 STREAMS events >
        XADD events MAXLEN 100 * f $i
        END
        """

    /// One round of commands, with numbers that change from round to round.
    private static let round = """
        i=$((i + 1))
        cat <<END
        SET user:$((i % 300)):profile $RANDOM
        GET user:$((RANDOM % 600)):profile
        SET session:$((i * 7919)) $i PX 2000
        GET session:$((i * 7919))
        HSET cart:$((RANDOM % 50)) item:$RANDOM 1
        HGETALL cart:$((RANDOM % 50))
        LPUSH queue:mail $i
        ZADD ranking:daily $RANDOM player:$((RANDOM % 200))
        ZRANGE ranking:daily 0 9
        INCR counter:requests
        INCR project:web:quota
        GET project:mobile:quota
        SADD tags:$((i % 50)) $((i % 7))
        SMEMBERS tags:$((i % 50))
        LRANGE queue:mail 0 3
        XADD events MAXLEN 100 * kind login
        XLEN events
        EXISTS user:$((i % 300)):profile
        DEL session:$((i * 7919 - 7919))
        LPUSH counter:requests wrong
        MULTI
        INCR counter:transactions
        EXEC
        PUBLISH news hello
        EVAL 'for i = 1, 1000000 do end return 1' 1 report:$((i % 5))
        END
        """
}
