"""What a client that reads learns from a reply: how many of the things it asked for were there."""

VALUE = {
    "dump", "geodist", "get", "getdel", "getex", "getset", "hget", "hgetall", "hkeys", "hrandfield", "hvals", "lindex", "lmove", "lpop",
    "lpos", "lrange", "rpop", "rpoplpush", "smembers", "spop", "srandmember", "xrange", "xrevrange", "zpopmax", "zpopmin",
    "zrandmember", "zrange", "zrangebylex", "zrangebyscore", "zrank", "zrevrange", "zrevrangebylex", "zrevrangebyscore", "zrevrank",
    "zscore",
}
COLLECTION = {"georadius", "geosearch", "sort", "sort_ro"}
NUMBER = {"hexists", "hlen", "hstrlen", "llen", "pfcount", "scard", "sismember", "strlen", "xlen", "zcard", "zcount", "zlexcount"}
PARTS = {"geohash", "geopos", "hmget", "smismember", "zmscore"}
AGE = {"expiretime", "pexpiretime", "pttl", "ttl"}


def findings(sent, reply):
    """(hits, misses), or None where the reply does not tell."""
    name, arguments = sent.name, [argument.lower() for argument in sent.arguments]
    if name in VALUE:
        return one(reply is not None and reply not in ([], {}))
    if name in COLLECTION:
        return None if isinstance(reply, int) else one(reply)
    if name in ("getrange", "substr"):
        return one(reply)
    if name in NUMBER:
        return one(reply != 0)
    if name in ("exists", "touch"):
        return reply, len(arguments) - 1 - reply
    if name == "mget":
        return sum(value is not None for value in reply), sum(value is None for value in reply)
    if name in PARTS:
        return one(any(value not in (None, 0) for value in reply))
    if name in AGE:
        return one(reply != -2)
    if name == "type":
        return one(reply != "none")
    if name == "set" and "get" in arguments[3:]:
        return one(reply is not None)
    return None


def one(is_found):
    return (1, 0) if is_found else (0, 1)
