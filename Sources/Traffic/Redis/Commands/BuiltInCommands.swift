// The commands of Redis 7, Redis 8 and Valkey 8 and of the modules that most people run, for captures read without a
// server at hand. Key positions are those of the COMMAND reply; a command not listed has no key as far as we know.

/// The built-in command list.
enum BuiltInCommands {
    struct Row {
        let keys: KeyRule
        let names: String
    }

    /// The first keyword of the table.
    static let streams = ShortWord("streams")

    /// What applications use most. These are filed first, where they are found with one look.
    static let busiest = """
        get set del exists expire ttl incr mget hget hset hgetall hmget setex lpush rpush lpop rpop brpop llen lrange \
        sadd srem smembers sismember zadd zrem zrange zrangebyscore publish eval evalsha multi exec ping xadd xreadgroup xack
        """

    static let rows: [Row] = [
        Row(keys: .none, names: withoutKey),
        Row(keys: .at(1), names: keyFirst),
        Row(keys: .at(1), names: modulesKeyFirst),
        Row(
            keys: .at(2),
            names: """
                bitop memory|usage object|encoding object|freq object|idletime object|refcount pfdebug xgroup|create \
                xgroup|createconsumer xgroup|delconsumer xgroup|destroy xgroup|setid xinfo|consumers xinfo|groups \
                xinfo|stream debug|object debug|sdslen debug|ziplist debug|listpack xdelex
                """),
        Row(keys: .counted(1), names: "lmpop sintercard zdiff zinter zintercard zmpop zunion"),
        Row(keys: .counted(2), names: "blmpop bzmpop eval eval_ro evalsha evalsha_ro fcall fcall_ro"),
        Row(keys: .following(0, from: 1), names: "xread"),
        Row(keys: .following(0, from: 4), names: "xreadgroup"),
        Row(keys: .migrate, names: "migrate"),
    ]

    private static let keyFirst = """
        append bitcount bitfield bitfield_ro bitpos blmove blpop brpop brpoplpush bzpopmax bzpopmin copy decr decrby del \
        delex delifeq digest dump exists expire expireat expiretime geoadd geodist geohash geopos georadius \
        georadius_ro georadiusbymember georadiusbymember_ro geosearch geosearchstore get getbit getdel getex getrange \
        getset hdel hexists hexpire hexpireat hexpiretime hget hgetall hgetdel hgetex hincrby hincrbyfloat hkeys hlen \
        hmget hmset hpersist hpexpire hpexpireat hpexpiretime hpttl hrandfield hscan hset hsetex hsetnx hstrlen httl \
        hvals incr incrby incrbyfloat lcs lindex linsert llen lmove lpop lpos lpush lpushx lrange lrem lset ltrim mget \
        move mset msetnx persist pexpire pexpireat pexpiretime pfadd pfcount pfmerge psetex pttl rename renamenx restore \
        restore-asking rpop rpoplpush rpush rpushx sadd scard sdiff sdiffstore set setbit setex setnx setrange sinter \
        sinterstore sismember smembers smismember smove sort sort_ro spop srandmember srem sscan strlen substr sunion \
        sunionstore touch ttl type unlink vadd vcard vdim vemb vgetattr vinfo vismember vlinks vrandmember vrem \
        vsetattr vsim watch xack xackdel xadd xautoclaim xclaim xdel xlen xpending xrange xrevrange xsetid xtrim zadd \
        zcard zcount zdiffstore zincrby zinterstore zlexcount zmscore zpopmax zpopmin zrandmember zrange zrangebylex \
        zrangebyscore zrangestore zrank zrem zremrangebylex zremrangebyrank zremrangebyscore zrevrange zrevrangebylex \
        zrevrangebyscore zrevrank zscan zscore zunionstore
        """

    /// RedisJSON, RedisBloom and RedisTimeSeries.
    private static let modulesKeyFirst = """
        json.arrappend json.arrindex json.arrinsert json.arrlen json.arrpop json.arrtrim json.clear json.del json.forget \
        json.get json.merge json.mget json.mset json.numincrby json.nummultby json.objkeys json.objlen json.resp \
        json.set json.strappend json.strlen json.toggle json.type bf.add bf.card bf.exists bf.info bf.insert bf.madd \
        bf.mexists bf.reserve cf.add cf.addnx cf.count cf.del cf.exists cf.info cf.insert cf.reserve cms.incrby \
        cms.info cms.initbydim cms.initbyprob cms.merge cms.query topk.add topk.info topk.list topk.query \
        topk.reserve tdigest.add tdigest.cdf tdigest.create tdigest.info tdigest.quantile tdigest.reset ts.add \
        ts.alter ts.create ts.decrby ts.del ts.get ts.incrby ts.info ts.madd ts.range ts.revrange
        """

    private static let withoutKey = """
        acl acl|cat acl|deluser acl|dryrun acl|genpass acl|getuser acl|help acl|list acl|load acl|log acl|save \
        acl|setuser acl|users acl|whoami asking auth bgrewriteaof bgsave client client|caching client|getname \
        client|getredir client|help client|id client|info client|kill client|list client|no-evict client|no-touch \
        client|pause client|reply client|setinfo client|setname client|tracking client|trackinginfo client|unblock \
        client|unpause cluster cluster|addslots cluster|addslotsrange cluster|bumpepoch cluster|count-failure-reports \
        cluster|countkeysinslot cluster|delslots cluster|delslotsrange cluster|failover cluster|flushslots \
        cluster|forget cluster|getkeysinslot cluster|help cluster|info cluster|keyslot cluster|links cluster|meet \
        cluster|myid cluster|myshardid cluster|nodes cluster|replicas cluster|replicate cluster|reset \
        cluster|saveconfig cluster|set-config-epoch cluster|setslot cluster|shards cluster|slaves cluster|slot-stats \
        cluster|slots command command|count command|docs command|getkeys command|getkeysandflags command|help \
        command|info command|list config config|get config|help config|resetstat config|rewrite config|set dbsize debug \
        debug|sleep discard echo exec failover flushall flushdb function function|delete function|dump function|flush \
        function|help function|kill function|list function|load function|restore function|stats hello info keys lastsave \
        latency latency|doctor latency|graph latency|help latency|histogram latency|history latency|latest \
        latency|reset lolwut memory memory|doctor memory|help memory|malloc-stats memory|purge memory|stats module \
        module|help module|list module|load module|loadex module|unload monitor multi object object|help pfselftest \
        ping psubscribe psync publish pubsub pubsub|channels pubsub|help pubsub|numpat pubsub|numsub \
        pubsub|shardchannels pubsub|shardnumsub punsubscribe quit randomkey readonly readwrite replconf replicaof reset \
        role save scan script script|debug script|exists script|flush script|help script|kill script|load \
        script|show select shutdown slaveof slowlog slowlog|get slowlog|help slowlog|len slowlog|reset spublish \
        ssubscribe subscribe sunsubscribe swapdb sync time unsubscribe unwatch wait waitaof xgroup xgroup|help xinfo \
        xinfo|help ft._list ft.aggregate ft.create ft.info ft.search ts.mget ts.mrange ts.queryindex
        """

    static let blocking = """
        blmove blmpop blpop brpop brpoplpush bzmpop bzpopmax bzpopmin wait waitaof xread xreadgroup
        """

    static let roles: [(names: String, role: CommandRole)] = [
        ("auth", .auth), ("hello", .hello), ("reset", .reset), ("quit", .quit), ("ping", .ping),
        ("multi", .multi), ("exec", .exec), ("discard", .discard),
        ("subscribe", .subscribe), ("psubscribe", .patternSubscribe), ("ssubscribe", .shardSubscribe),
        ("unsubscribe", .unsubscribe), ("punsubscribe", .patternUnsubscribe), ("sunsubscribe", .shardUnsubscribe),
        ("client|reply", .clientReply), ("monitor", .monitor), ("sync", .sync), ("psync", .partialSync),
        ("replconf", .replicaConfiguration), ("shutdown", .shutdown),
        ("lpush lpushx rpush rpushx xadd", .push), ("zadd", .delay),
        ("blmpop blpop brpop bzmpop bzpopmax bzpopmin lmpop lpop rpop zmpop zpopmax zpopmin", .pop),
        ("blmove brpoplpush lmove rpoplpush", .move), ("xreadgroup", .deliver), ("xack xackdel", .acknowledge),
        ("lrem zrem", .remove), ("publish", .publish), ("spublish", .shardPublish),
    ]

    /// Commands that read, by what their replies tell. Pops read as GETDEL does; those of several keys at once do not
    /// say which was there.
    static let reads: [(names: String, rule: ReadRule)] = [
        (
            """
            dump geodist get getdel getex getset hget hgetall hkeys hrandfield hvals json.arrlen json.get \
            json.objkeys json.objlen json.resp json.strlen json.type lindex lmove lpop lpos lrange rpop rpoplpush \
            smembers spop srandmember vemb vgetattr vinfo vlinks vrandmember vsim xrange xrevrange zpopmax zpopmin \
            zrandmember zrange zrangebylex zrangebyscore zrank zrevrange zrevrangebylex zrevrangebyscore zrevrank zscore
            """, .value
        ),
        ("georadius georadius_ro georadiusbymember georadiusbymember_ro geosearch sort sort_ro", .collection),
        ("getrange substr", .text),
        (
            """
            bf.card bf.exists cf.count cf.exists hexists hlen hstrlen llen pfcount scard sismember strlen vcard \
            vismember xlen zcard zcount zlexcount
            """, .number
        ),
        ("exists touch", .keys),
        ("json.mget mget", .elements),
        ("bf.mexists geohash geopos hgetdel hgetex hmget smismember zmscore", .parts),
        ("expiretime pexpiretime pttl ttl", .minusTwo),
        ("type", .noneWord),
        ("set", .oldValue),
    ]
}
