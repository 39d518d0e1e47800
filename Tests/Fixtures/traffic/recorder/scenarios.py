"""What is recorded: each scenario acts on a server of its own while the capture runs."""

import random
import time
from dataclasses import dataclass
from typing import Callable

from .client import Sent, Truth, encode

ALL = []


@dataclass
class Scenario:
    name: str
    act: Callable
    options: tuple = ()
    format: str = "pcap"
    snap_length: int = 262144
    ipv6: bool = False
    joins: bool = False
    thin: Callable | None = None


def scenario(**details):
    """`joins`: the scenario starts the capture itself. `thin`: takes packets out afterwards."""

    def register(act):
        ALL.append(Scenario(act.__name__.replace("_", "-"), act, **details))
        return act

    return register


@scenario()
def pipelines(run):
    client = run.client()
    for depth in (1, 2, 16, 100):
        client.pipeline(*(("SET", f"user:{number}:name", "x" * 20) for number in range(depth)))
        client.pipeline(*(("GET", f"user:{number}:name") for number in range(depth + 3)))
    client.pipeline(("INCR", "hits"), ("LPUSH", "queue:1", "a", "b"), ("LRANGE", "queue:1", 0, -1), ("PING",), ("HGETALL", "none:1"),
                    ("TYPE", "hits"), ("EXISTS", "none:2"), ("TTL", "hits"), ("MGET", "user:1:name", "user:2:name"))
    client.raw(b"PING\r\n\r\nGET user:1:name\r\n", ("PING",), ("GET", "user:1:name"))
    client.receive(), client.receive()
    last = ("SET", "user:1:name", "in pieces")
    whole = encode(last)
    client.raw(b"", last)
    for place in range(0, len(whole), 3):
        client.raw(whole[place:place + 3])
        time.sleep(0.002)
    client.receive()
    client.close()


@scenario(format="pcapng")
def transactions(run):
    client = run.client()
    client.ask("MULTI")
    client.ask("SET", "cart:1", "a")
    client.ask("LPUSH", "cart:1", "wrong type")
    client.ask("GET", "cart:1")
    client.ask("EXEC")
    client.pipeline(("MULTI",), ("INCR", "counter:1"), ("INCR", "counter:2"), ("EXEC",), ("GET", "counter:1"))
    client.pipeline(("MULTI",), ("INCR", "counter:1"), ("DISCARD",))
    client.pipeline(("MULTI",), ("GET",), ("INCR", "counter:1"), ("EXEC",))  # refused, so EXEC is
    client.pipeline(("EXEC",), ("DISCARD",))
    client.pipeline(("WATCH", "cart:1"), ("UNWATCH",))
    client.ask("WATCH", "cart:1")
    run.client().ask("SET", "cart:1", "b")
    client.pipeline(("MULTI",), ("GET", "cart:1"), ("BLPOP", "queue:1", 0), ("EXEC",))
    client.ask("MULTI")
    client.ask("BLPOP", "queue:1", 0)
    client.ask("EXEC")
    client.ask("GET", "cart:1")


@scenario()
def transaction_results(run):
    """Results of every shape, in both protocols, in one packet and in several, and transactions in one pipeline."""
    commands = (
        ("SET", "cart:1", "a"), ("GET", "cart:1"), ("GET", "none:1"), ("HSET", "user:1", "f", "v"), ("HGETALL", "user:1"),
        ("HGETALL", "none:2"), ("HMGET", "user:1", "f", "g"), ("MGET", "cart:1", "none:1", "none:2"), ("EXISTS", "cart:1", "none:1"),
        ("LPUSH", "cart:1", "wrong type"), ("TYPE", "none:1"), ("TTL", "cart:1"), ("PING",), ("ZADD", "board:1", 1, "m"),
        ("ZRANGE", "board:1", 0, -1, "WITHSCORES"), ("ZRANGE", "none:3", 0, -1), ("EVAL", "return {1, {2, 3}, {}}", 1, "cart:1"),
        ("EVAL", "return {err = 'MINE own'}", 1, "cart:1"), ("DEL", "cart:1"), ("GET", "cart:1"),
    )
    for protocol in (2, 3):
        client = run.client()
        client.ask("HELLO", protocol)
        client.ask("MULTI")
        for command in commands:
            client.ask(*command)
        client.ask("EXEC")
        client.pipeline(("MULTI",), *commands, ("EXEC",), ("MULTI",), *commands, ("EXEC",), ("GET", "none:1"))
        client.pipeline(("MULTI",), ("GET", "none:1"), ("MULTI",), ("EXEC",))
        client.pipeline(("MULTI",), ("GET", "none:1"), ("RESET",), ("GET", "none:1"))
        client.pipeline(("MULTI",), ("EXEC",))
        client.ask("SETRANGE", "long:1", 3_000, "x")
        client.pipeline(("MULTI",), *[("GET", "long:1"), ("GET", "none:1")] * 3, ("EXEC",))
        client.close()


@scenario()
def reads(run):
    """Reads that find something and reads that do not."""
    writer = run.client()
    writer.pipeline(
        ("SET", "text:1", "value"), ("SET", "text:2", ""), ("HSET", "hash:1", "f", "v"), ("RPUSH", "list:1", "a", "b", "c", "d"),
        ("SADD", "set:1", "m", "n"), ("ZADD", "board:1", 1, "m", 2, "n"), ("XADD", "log:1", "*", "f", "v"),
        ("GEOADD", "geo:1", 13.4, 52.5, "m", 2.3, 48.9, "n"), ("PFADD", "hll:1", "a"))
    for protocol in (2, 3):
        client = run.client()
        client.ask("HELLO", protocol)
        for command, present in (
            ("GET", "text"), ("STRLEN", "text"), ("TYPE", "text"), ("TTL", "text"), ("PTTL", "text"), ("DUMP", "text"), ("EXISTS", "text"),
            ("TOUCH", "text"), ("MGET", "text"), ("HGETALL", "hash"), ("HKEYS", "hash"), ("HVALS", "hash"), ("HLEN", "hash"),
            ("HRANDFIELD", "hash"), ("LLEN", "list"), ("SCARD", "set"), ("SMEMBERS", "set"), ("SRANDMEMBER", "set"), ("ZCARD", "board"),
            ("ZRANDMEMBER", "board"), ("XLEN", "log"), ("PFCOUNT", "hll"), ("SORT_RO", "list ALPHA"), ("GETEX", "text PERSIST"),
            ("GETRANGE", "text 0 1"), ("HGET", "hash f"), ("HGET", "hash g"), ("HEXISTS", "hash f"), ("HSTRLEN", "hash f"),
            ("HMGET", "hash f g"), ("HMGET", "hash g h"), ("HRANDFIELD", "hash 2 WITHVALUES"), ("LINDEX", "list 0"), ("LINDEX", "list 99"),
            ("LRANGE", "list 0 -1"), ("LRANGE", "list 90 99"), ("LPOS", "list b"), ("LPOS", "list z"), ("LPOS", "list b COUNT 0"),
            ("SISMEMBER", "set m"), ("SISMEMBER", "set z"), ("SMISMEMBER", "set y z"), ("SMISMEMBER", "set m z"), ("ZSCORE", "board m"),
            ("ZSCORE", "board z"), ("ZMSCORE", "board m z"), ("ZMSCORE", "board y z"), ("ZRANK", "board m"), ("ZRANK", "board z"),
            ("ZREVRANK", "board m"), ("ZRANGE", "board 0 -1"), ("ZRANGE", "board 0 -1 WITHSCORES"), ("ZRANGEBYSCORE", "board 1 1"),
            ("ZRANGEBYSCORE", "board 9 9"), ("ZREVRANGE", "board 0 -1"), ("ZRANGEBYLEX", "board - +"), ("ZCOUNT", "board 1 1"),
            ("ZCOUNT", "board 9 9"), ("XRANGE", "log - +"), ("XREVRANGE", "log + -"), ("GEOPOS", "geo m z"), ("GEOPOS", "geo z"),
            ("GEOHASH", "geo m"), ("GEODIST", "geo m n"), ("GEODIST", "geo m z"),
            ("GEOSEARCH", "geo FROMLONLAT 13 52 BYRADIUS 100 km"), ("GEOSEARCH", "geo FROMLONLAT 60 -60 BYRADIUS 1 km"),
            ("SRANDMEMBER", "set 2"), ("ZRANDMEMBER", "board 2"),
        ):
            name, *rest = present.split(" ")
            client.ask(command, f"{name}:1", *rest)
            client.ask(command, "none:1", *rest)
        client.pipeline(
            ("GET", "text:2"), ("GETRANGE", "text:2", 0, 1), ("EXISTS", "text:1", "none:1", "text:2"), ("MGET", "text:1", "none:1", "none:2"),
            ("TOUCH", "none:1", "none:2"), ("SORT", "list:1", "ALPHA", "STORE", "sorted:1"), ("SET", "old:1", "a", "GET"),
            ("SET", "old:1", "b", "EX", 100, "get"), ("SET", "old:1", "c", "NX"), ("SET", "old:1", "get", "XX"), ("SET", "get", "get"),
            ("GETSET", "old:1", "d"), ("GETDEL", "old:1"), ("GETDEL", "old:1"), ("GETEX", "none:1"), ("RPUSH", "jobs:1", "a", "b", "c", "d"),
            ("LPOP", "jobs:1"), ("RPOP", "jobs:1"), ("LMOVE", "jobs:1", "jobs:2", "LEFT", "LEFT"), ("LPOP", "jobs:1", 2), ("LPOP", "jobs:1"),
            ("LPOP", "jobs:1", 2), ("LMOVE", "jobs:1", "jobs:2", "LEFT", "LEFT"), ("DEL", "jobs:2"), ("SADD", "jobs:3", "a"),
            ("SPOP", "jobs:3"), ("SPOP", "jobs:3"), ("SPOP", "jobs:3", 2), ("ZADD", "jobs:4", 1, "a"), ("ZPOPMIN", "jobs:4"),
            ("ZPOPMIN", "jobs:4"), ("ZPOPMAX", "jobs:4", 2), ("GET", "list:1"), ("HGET", "list:1", "f"))
        client.raw(b"SET old:1 a GET\r\nSET old:1 b\r\nEXISTS old:1 none:1\r\nGETDEL old:1\r\n", ("SET", "old:1", "a", "GET"),
                   ("SET", "old:1", "b"), ("EXISTS", "old:1", "none:1"), ("GETDEL", "old:1"))
        for _ in range(4):
            client.receive()
        client.close()


@scenario()
def blocking(run):
    waiting, other = run.client(), run.client()
    for number in range(3):
        waiting.send(("BLPOP", f"queue:{number}", 0))
        time.sleep(0.03)
        other.ask("RPUSH", f"queue:{number}", "job")
        waiting.receive()
    waiting.send(("BRPOP", "queue:1", 0.05), ("GET", "none:1"), ("PING",))
    for _ in range(3):
        waiting.receive()
    waiting.ask("BZPOPMIN", "board:1", 0.02)
    other.ask("ZADD", "board:1", 1, "one")
    waiting.ask("BZPOPMIN", "board:1", 0.02)
    waiting.ask("BLMPOP", 0.02, 2, "queue:1", "queue:2", "LEFT")
    waiting.ask("BLMOVE", "queue:1", "queue:2", "LEFT", "RIGHT", 0.02)
    waiting.ask("XREAD", "BLOCK", 20, "STREAMS", "log:1", "$")
    other.ask("XADD", "log:1", "*", "field", "value")
    waiting.ask("XREAD", "COUNT", 1, "STREAMS", "log:1", 0)
    waiting.ask("WAIT", 1, 20)
    waiting.ask("GET", "none:1")
    waiting.send(("BLPOP", "queue:9", 0))
    time.sleep(0.03)
    waiting.close()
    other.ask("PING")


@scenario()
def pubsub_resp2(run):
    client, publisher = run.client(), run.client()
    client.confirmations("SUBSCRIBE", "news:1", "news:2", "news:3", count=3)
    client.confirmations("PSUBSCRIBE", "news:*", count=1)
    for number in range(1, 4):
        publisher.ask("PUBLISH", f"news:{number}", "text")
        client.push(), client.push()
    client.ask("PING")
    client.ask("PING", "text")
    client.ask("GET", "none:1")  # refused in this mode
    publisher.pipeline(*(("PUBLISH", "news:1", f"text {number}") for number in range(20)))
    for _ in range(40):
        client.push()
    client.confirmations("UNSUBSCRIBE", "news:1", "news:2", count=2)
    client.confirmations("PUNSUBSCRIBE", count=1)
    client.confirmations("UNSUBSCRIBE", count=1)
    client.confirmations("UNSUBSCRIBE", count=1)
    client.ask("GET", "none:1")
    client.ask("PUBLISH", "news:1", "nobody")


@scenario()
def pubsub_resp3(run):
    client, publisher = run.client(), run.client()
    client.ask("HELLO", 3)
    client.confirmations("SUBSCRIBE", "news:1", "news:2", count=2)
    client.confirmations("PSUBSCRIBE", "n*", "o*", count=2)
    for number in range(1, 4):
        publisher.ask("PUBLISH", f"news:{number}", "text")
        client.ask("SET", f"item:{number}", "value")
        client.ask("GET", f"item:{number}")
    for number in range(30):
        publisher.send(("PUBLISH", "news:1", f"text {number}"))
        client.send(("INCR", "counter:1"), ("GET", "none:1"))
        publisher.receive(), client.receive(), client.receive()
    client.pipeline(("PUBLISH", "news:2", "to itself"), ("GET", "none:1"))
    client.confirmations("UNSUBSCRIBE", "news:1", "news:2", count=2)
    client.confirmations("PUNSUBSCRIBE", count=2)
    client.ask("HGETALL", "none:2")
    client.ask("HELLO", 2)
    client.ask("GET", "none:1")


@scenario()
def push_in_transaction(run):
    """Redis 7.0 sends a push to the publisher in the middle of its EXEC's reply; newer servers send it afterwards."""
    client = run.client()
    client.ask("HELLO", 3)
    client.confirmations("SUBSCRIBE", "news:1", count=1)
    client.pipeline(("MULTI",), ("PUBLISH", "news:1", "to itself"), ("GET", "none:1"), ("EXEC",))
    client.pipeline(("GET", "none:1"), ("SET", "item:1", "value"), ("GET", "item:1"))


@scenario()
def tracking(run):
    client, other = run.client(), run.client()
    client.ask("HELLO", 3)
    client.ask("CLIENT", "TRACKING", "ON")
    for number in range(10):
        other.ask("SET", f"item:{number}", "old")
        client.ask("GET", f"item:{number}")
        other.ask("SET", f"item:{number}", "new")
        assert client.push()[0] == "invalidate"
    client.pipeline(*(("GET", f"item:{number}") for number in range(10)))
    for number in range(10):
        other.send(("DEL", f"item:{number}"))
        client.send(("GET", f"item:{number + 20}"), ("STRLEN", "none:1"))
        other.receive(), client.receive(), client.receive()
    client.ask("CLIENT", "TRACKING", "OFF")
    listener, redirected = run.client(), run.client()
    number = listener.ask("CLIENT", "ID")
    listener.confirmations("SUBSCRIBE", "__redis__:invalidate", count=1)
    redirected.ask("CLIENT", "TRACKING", "ON", "REDIRECT", number)
    redirected.ask("GET", "item:1")
    other.ask("SET", "item:1", "again")
    assert listener.push()[0] == "message"


@scenario()
def monitor(run):
    watcher, client = run.client(), run.client()
    client.ask("SET", "item:1", "value")
    watcher.ask("GET", "item:1")
    watcher.ask("MONITOR")
    for number in range(20):
        client.ask("GET", f"item:{number % 2}")
        watcher.read()
    watcher.close()
    client.ask("PING")


@scenario()
def replication(run):
    client = run.client()
    run.server.admin.ask("CONFIG", "SET", "slowlog-log-slower-than", 0)
    client.pipeline(*(("SET", f"item:{number}", "value" * 10) for number in range(20)))
    run.start("--replicaof", f"127.0.0.1 {run.server.port}")
    while "state=online" not in run.server.admin.ask("INFO", "replication"):
        time.sleep(0.02)
    for number in range(10):
        client.ask("SET", f"item:{number}", "new")
    client.ask("WAIT", 1, 1000)
    time.sleep(1.2)  # for an acknowledgment or two
    # What the replica asked before its connection became a stream of changes stands in the primary's slow log.
    for entry in run.server.admin.ask("SLOWLOG", "GET", -1):
        arguments, address = entry[3], entry[4]
        if address == f"127.0.0.1:{client.port}" or not address.startswith("127.0.0.1:") or arguments[1:2] == ["ACK"]:
            continue
        run.truth.measured(Sent(arguments, False).name, None, "default")
    old = run.client()
    old.raw(encode(("SYNC",)))
    run.truth.unmeasured["replication"] += 1
    old.socket.recv(100)


@scenario()
def client_reply(run):
    client = run.client()
    client.ask("SET", "item:1", "value")
    client.mute("CLIENT", "REPLY", "OFF")
    for number in range(5):
        client.mute("SET", f"item:{number}", "silent")
    client.ask("CLIENT", "REPLY", "ON")
    client.ask("GET", "item:1")
    client.mute("CLIENT", "REPLY", "SKIP")
    client.mute("GET", "item:2")
    client.ask("GET", "item:3")
    silent = [("CLIENT", "REPLY", "SKIP"), ("INCR", "counter:1")]
    answered = [("INCR", "counter:1"), ("GET", "counter:1")]
    client.raw(b"".join(map(encode, silent + answered)), *answered)
    client.receive(), client.receive()
    client.truth.unmeasured["no_reply"] += len(silent)


LIBRARY = """#!lua name=recording
redis.register_function('first', function(keys, arguments) return redis.call('GET', keys[1]) end)
"""


@scenario()
def scripts(run):
    client = run.client()
    client.ask("SET", "item:1", "value")
    client.ask("EVAL", "return redis.call('GET', KEYS[1])", 1, "item:1")
    client.ask("EVAL", "return {KEYS[1], KEYS[2], ARGV[1]}", 2, "item:1", "user:2:name", "argument")
    client.ask("EVAL", "return 1", 0)
    digest = client.ask("SCRIPT", "LOAD", "return redis.call('INCR', KEYS[1])")
    client.pipeline(*(("EVALSHA", digest, 1, f"counter:{number}") for number in range(5)))
    client.ask("EVALSHA", "0" * 40, 1, "counter:1")
    client.ask("EVAL", "return redis.call('LPUSH', KEYS[1], 'x')", 1, "item:1")
    client.ask("EVAL", "return redis.error_reply('MYOWN trouble')", 1, "item:1")
    client.ask("FUNCTION", "LOAD", LIBRARY)
    client.ask("FCALL", "first", 1, "item:1")
    client.ask("FCALL", "none", 0)


def large(run, sizes):
    client = run.client()
    for size in sizes:
        client.ask("SET", "page:1", "x" * size)
        client.ask("GET", "page:1")
        client.ask("APPEND", "page:1", "tail")
    for number in range(0, 60, 3):
        client.ask("HSET", "table:1", *(part for field in range(3) for part in (f"field{number + field}", "y" * 50)))
    client.ask("HGETALL", "table:1")
    client.ask("GET", "page:2")


@scenario()
def large_values(run):
    large(run, (0, 300, 6_000, 20_000))


@scenario(snap_length=320)
def large_values_cut(run):
    large(run, (0, 300, 6_000, 70_000, 700_000))
    # The reply to HGETALL is cut within one of its elements; replies that follow a cut one cannot be told apart.
    client = run.client()
    client.ask("SET", "page:3", "z" * 5_000)
    for _ in range(5):
        client.pipeline(("GET", "page:3"), ("GET", "page:3"), ("GET", "page:2"))
        time.sleep(0.03)
    run.may_miss = ["snap_length"]


@scenario(snap_length=320)
def large_request_cut(run):
    """A request that is cut among its arguments is seen, but not where it ends."""
    client, before = run.client(), Truth()
    client.ask("GET", "page:1")
    client.truth = before
    client.ask("HSET", "table:1", *(part for number in range(60) for part in (f"field{number}", "y" * 50)))
    client.truth = run.truth
    run.truth.unmeasured["snap_length"] += 1
    client.ask("GET", "page:1")


@scenario(ipv6=True, format="pcapng")
def ipv6(run):
    client = run.client()
    for number in range(10):
        client.ask("SET", f"user:{number}:name", "name")
        client.ask("GET", f"user:{number + 5}:name")
    client.pipeline(("HELLO", 3), ("HGETALL", "none:1"), ("LPUSH", "user:1:name", "x"))


@scenario(joins=True)
def joined(run):
    """The capture starts within connections: a quiet one, one that waits, and one whose reply is on its way."""
    before = Truth()
    quiet, waiting, late, pipelined = (run.client(before) for _ in range(4))
    quiet.ask("SET", "item:1", "value")
    quiet.ask("SET", "page:1", "x" * 8_000_000)
    waiting.send(("BLPOP", "queue:1", 0))
    late.send(("GET", "page:1"))
    pipelined.ask("HELLO", 3)
    time.sleep(0.05)
    run.server.admin.ask("SET", "page:1", "x")
    run.listen()
    for client in (quiet, waiting, late, pipelined):
        client.user = "unknown"
    quiet.truth = pipelined.truth = run.truth
    for number in range(5):
        quiet.ask("GET", f"item:{number}")
    pipelined.pipeline(*(("GET", f"item:{number}") for number in range(5)))
    pipelined.confirmations("SUBSCRIBE", "news:1", count=1)
    quiet.ask("PUBLISH", "news:1", "text")
    pipelined.ask("GET", "item:1")
    quiet.ask("RPUSH", "queue:1", "job")
    waiting.receive()
    waiting.truth = run.truth
    waiting.ask("GET", "item:1")
    fresh = run.client()
    fresh.ask("GET", "item:1")
    quiet.ask("AUTH", "default", "any")
    quiet.user = "default"
    quiet.ask("GET", "item:1")


@scenario(joins=True, snap_length=100)
def joined_within(run):
    """The capture starts within a request, and within a reply."""
    before = Truth()
    asking, reading = run.client(before), run.client(before)
    asking.ask("SET", "page:1", "x" * 4_000_000)
    asking.raw(b"*2\r\n$3\r\nGET\r\n$6\r\nit", ("GET", "item:1"))
    reading.send(("GET", "page:1"))
    time.sleep(0.1)
    run.listen()
    asking.raw(b"em:1\r\n")
    asking.receive(), reading.receive()
    for client in (asking, reading):
        client.truth, client.user = run.truth, "unknown"
    time.sleep(0.05)
    for number in range(3):
        asking.ask("GET", f"item:{number}")
        reading.ask("EXISTS", f"item:{number}")


@scenario()
def users(run):
    admin = run.server.admin
    admin.ask("ACL", "SETUSER", "alice", "on", ">secret", "~*", "&*", "+@all", "-flushall")
    admin.ask("ACL", "SETUSER", "bob", "on", ">other", "~user:*", "+get", "+set", "+hello", "+auth", "+reset")
    client = run.client()
    client.ask("GET", "user:1:name")
    client.ask("AUTH", "alice", "wrong")
    client.ask("AUTH", "alice", "secret")
    client.ask("SET", "user:1:name", "a")
    client.ask("FLUSHALL")
    client.ask("HELLO", 3, "AUTH", "bob", "other", "SETNAME", "recorder")
    client.ask("GET", "user:1:name")
    client.ask("GET", "item:1")
    client.ask("LPUSH", "user:2:name", "x")
    # Valkey does not answer an AUTH that fails while earlier replies are still to be sent, so that one goes alone.
    client.ask("AUTH", "bob", "wrong")
    client.pipeline(("AUTH", "alice", "secret"), ("GET", "user:1:name"), ("AUTH", "bob", "other"), ("GET", "user:2:name"))
    client.ask("RESET")
    client.ask("GET", "user:1:name")
    second = run.client()
    second.ask("HELLO", 3, "AUTH", "alice", "secret")
    second.ask("GET", "user:1:name")
    admin.ask("CONFIG", "SET", "requirepass", "password")
    locked = run.client()
    locked.ask("GET", "user:1:name")
    locked.ask("AUTH", "password")
    locked.ask("GET", "user:1:name")


@scenario()
def errors(run):
    client = run.client()
    client.ask("SET", "item:1", "value")
    for arguments in (("LPUSH", "item:1", "x"), ("INCR", "item:1"), ("GET",), ("NOSUCHCOMMAND", "item:1"), ("SET", "item:1", "v", "EX", "no"),
                      ("EXEC",), ("XREADGROUP", "GROUP", "g", "c", "STREAMS", "log:1", ">"), ("SELECT", 99)):
        client.ask(*arguments)
    client.pipeline(("HGETALL", "item:1"), ("GET", "item:1"), ("ZADD", "item:1", 1, "x"), ("CLIENT", "NOSUCHSUBCOMMAND"), ("PING",))


@scenario(options=("--cluster-enabled", "yes"))
def moved(run):
    other = run.start("--cluster-enabled", "yes", "--cluster-config-file", "other.conf")
    run.server.admin.ask("CLUSTER", "ADDSLOTSRANGE", 0, 8191)
    other.admin.ask("CLUSTER", "ADDSLOTSRANGE", 8192, 16383)
    run.server.admin.ask("CLUSTER", "MEET", "127.0.0.1", other.port)
    while "cluster_state:ok" not in run.server.admin.ask("CLUSTER", "INFO"):
        time.sleep(0.1)
    client = run.client()
    replies = [client.ask("SET", f"item:{number}", "value") for number in range(12)]
    replies += client.pipeline(*(("GET", f"item:{number}") for number in range(12)))
    assert any(reply.startswith("MOVED") for reply in replies)
    client.ask("CLUSTER", "INFO")


@scenario()
def slow_group(run):
    """Two groups whose latencies differ on purpose."""
    client = run.client()
    loop = "for i = 1, 3000000 do end return redis.call('GET', KEYS[1])"
    for number in range(10):
        client.ask("EVAL", "return redis.call('GET', KEYS[1])", 1, f"fast:{number}")
        client.ask("EVAL", loop, 1, f"slow:{number}")


def lose_some(run, packets):
    """Takes packets out of one client's unpipelined traffic: a lost request is never seen, a lost reply leaves a gap.
    The commands after it may go unmeasured as long as nobody can know that the client waits for its replies."""
    run.may_miss = ["gap"]
    dice, lost = random.Random(1), set()
    spoken = [packet for packet in packets if packet.payload]
    for request, reply in zip(spoken[::2], spoken[1::2]):
        if dice.random() > 0.15:
            continue
        loses_request = dice.random() < 0.5
        lost.add(id(request if loses_request else reply))
        sent = Sent([part.decode() for part in request.payload.split(b"\r\n")[2::2]], False)
        found = not reply.payload.startswith(b"$-1") if sent.name == "get" else None
        run.truth.unlearn(sent.name, sent.group, "default", found)
        if not loses_request:
            run.truth.unmeasured["gap"] += 1
    return [packet for packet in packets if id(packet) not in lost]


@scenario(thin=lose_some)
def lost_packets(run):
    client = run.client()
    for number in range(200):
        key = f"item:{number % 7}"
        client.ask(*(("SET", key, "value") if number % 3 == 0 else ("GET", key)))


def lose_replies(run, packets):
    """Which commands a lost packet of replies leaves unmeasured depends on how the server cut them."""
    dice = random.Random(2)
    run.may_miss = ["gap"]
    return [packet for packet in packets if not packet.payload or packet.destination == run.server.port or dice.random() > 0.1]


@scenario(thin=lose_replies, format="pcapng")
def lost_replies(run):
    client = run.client()
    for number in range(60):
        client.pipeline(*(("GET", f"item:{number % 7}") for number in range(5)))
        client.ask("SET", f"item:{number % 7}", "value")
