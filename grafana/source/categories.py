"""What a command of Redis does: whether it reads or writes, and to what kind of value; by its name in commandstats."""

CATEGORIES = {
    "strings": (
        "get mget getrange strlen substr lcs getbit bitcount bitpos bitfield_ro",
        "set setex psetex setnx mset msetnx append incr incrby incrbyfloat decr decrby getset getdel getex setrange"
        " setbit bitop bitfield",
    ),
    "hashes": (
        "hget hmget hgetall hkeys hvals hlen hexists hstrlen hscan hrandfield httl hpttl hexpiretime hpexpiretime",
        "hset hmset hsetnx hdel hincrby hincrbyfloat hexpire hpexpire hexpireat hpexpireat hpersist hgetdel hgetex hsetex",
    ),
    "lists": (
        "lrange lindex llen lpos",
        "lpush rpush lpushx rpushx lpop rpop lset lrem ltrim linsert lmove lmpop rpoplpush blpop brpop blmove blmpop"
        " brpoplpush",
    ),
    "sets": (
        "smembers sismember smismember scard srandmember sscan sinter sunion sdiff sintercard",
        "sadd srem spop smove sinterstore sunionstore sdiffstore",
    ),
    "sorted sets": (
        "zrange zrangebyscore zrangebylex zrevrange zrevrangebyscore zrevrangebylex zscore zmscore zrank zrevrank zcard"
        " zcount zlexcount zscan zrandmember zinter zunion zdiff zintercard geopos geodist geohash geosearch georadius_ro"
        " georadiusbymember_ro",
        "zadd zrem zincrby zpopmin zpopmax zmpop bzpopmin bzpopmax bzmpop zremrangebyrank zremrangebyscore"
        " zremrangebylex zrangestore zinterstore zunionstore zdiffstore geoadd geosearchstore georadius"
        " georadiusbymember",
    ),
    "streams": (
        "xrange xrevrange xlen xread xpending",
        "xadd xdel xtrim xack xackdel xdelex xclaim xautoclaim xreadgroup xsetid",
    ),
    "keys": (
        "exists type ttl pttl expiretime pexpiretime keys scan randomkey dump touch dbsize sort_ro pfcount",
        "del unlink expire pexpire expireat pexpireat persist rename renamenx copy move restore sort migrate flushdb"
        " flushall pfadd pfmerge",
    ),
}


def reads():
    """A pattern over the names of commands that read."""
    return _pattern(reading for reading, _ in CATEGORIES.values())


def writes():
    """A pattern over the names of commands that write."""
    return _pattern(writing for _, writing in CATEGORIES.values())


def commands(category):
    """Patterns over the names of the reading and of the writing commands of a category."""
    reading, writing = CATEGORIES[category]
    return _pattern([reading]), _pattern([writing])


def _pattern(names):
    return "|".join(" ".join(names).split())
