"""Turns the recordings in Tests/Fixtures into first inputs for each fuzz target: seeds.py FOLDER TLS-FOLDER."""

import hashlib
import json
import ssl
import sys
from pathlib import Path

project = Path(__file__).parent.parent.parent
fixtures = project / "Tests/Fixtures"
sys.path.insert(0, str(fixtures / "traffic"))
from recorder import captures

LONGEST = 4000

# Requests and their answers, one of each way to say where they end.
HTTP = [
    (b"GET /a/b?c=d HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    (
        b"POST /v1/users/12 HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nT: u\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n",
    ),
    (b"HEAD / HTTP/1.0\n\n", b"HTTP/1.0 200 OK\nContent-Length: 5000\n\n"),
    (b"GET /live HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n"),
    (
        b"GET /e HTTP/1.1\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nX-Api-Key:\r\n token\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: x\n\n",
    ),
]


def save(target, data):
    folder = Path(sys.argv[1]) / target
    folder.mkdir(parents=True, exist_ok=True)
    data = data[:LONGEST]
    (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def steps(packets, server_port):
    """The engine's input: who sends what, for the first four connections."""
    ports, data = {}, b""
    for packet in packets:
        from_server = packet.source == server_port
        client = packet.destination if from_server else packet.source
        who = ports.setdefault(client, len(ports))
        flags = packet.flags & 0x07
        if who > 3 or not packet.payload and not flags:
            continue
        kind = {0: 8, 2: 1 if from_server else 0, 1: 2}.get(flags, 3)
        payload = b"" if flags & 3 else packet.payload[:300]
        length = b"" if flags & 3 else len(payload).to_bytes(2, "big")
        data += bytes([who | (4 if from_server else 0), kind, 100]) + length + payload
    return data


def keys(requests):
    parts = b"".join(requests).split(b"\r\n")
    return b"\n".join(part for part in parts if b":" in part and b"\n" not in part)


def traffic():
    for file in sorted(fixtures.glob("traffic/*/*.pcap*")):
        packets = captures.read(file)
        truth = file.with_suffix(".json")
        server = json.loads(truth.read_text())["port"] if truth.exists() else 6379
        requests = [packet.payload for packet in packets if packet.destination == server and packet.payload]
        replies = [packet.payload for packet in packets if packet.source == server and packet.payload]
        for packet in packets[:6]:
            save("Packets", b"\x02\x00\x00" + packet.data)
        save("Requests", b"\x02\x03\x20" + b"".join(requests))
        save("Replies", b"\x02\x03\x20" + b"".join(replies))
        save("Keys", b"\x01\x04\x01item:*=items\ntenant:{project}:*=tenant\nuser:{id}:name=names\n" + keys(requests))
        save("Engine", steps(packets, server))
        save("Canary", steps(packets, server))
        save("CaptureFiles", file.read_bytes())
    for text in ["127.0.0.1:50412", "[::1]:50412", "2001:db8::1.2.3.4:1"]:
        save("Endpoints", text.encode())


def sql():
    texts = [
        "SELECT a, (SELECT max(b) FROM c) FROM ONLY shop.\"T\"\"x\" t, u JOIN v ON true WHERE d = $1; UPDATE e SET f = E'\\''",
        "WITH RECURSIVE x(n) AS (SELECT 1 FROM a), y AS (DELETE FROM b RETURNING *) INSERT INTO c SELECT * FROM x -- d",
        "COPY (SELECT * FROM a) TO STDOUT; /* x /* y */ */ MERGE INTO b USING c ON true; SELECT $q$ FROM z $q$ FROM U&\"d\"",
        "PREPARE p (int) AS SELECT 1 FROM a; EXECUTE p(1); DEALLOCATE ALL; EXPLAIN (ANALYZE) DELETE FROM b",
        "DECLARE c CURSOR FOR SELECT extract(year FROM d) FROM ROWS FROM (f(1)) x, t; CREATE UNIQUE INDEX ON a (b)",
    ]
    for text in texts:
        save("SQLTexts", b"\0\x20" + text.encode())

    def message(letter, body):
        return letter + (len(body) + 4).to_bytes(4, "big") + body

    query = message(b"Q", texts[0].encode() + b"\0")
    extended = b"".join(message(*pair) for pair in [
        (b"P", b"s\0SELECT 1 FROM a WHERE b = $1\0\0\0"), (b"B", b"\0s\0\0\0\0\1\0\0\0\1x\0\0"),
        (b"D", b"P\0"), (b"E", b"\0\0\0\0\0"), (b"S", b"")])
    answer = b"".join(message(*pair) for pair in [
        (b"1", b""), (b"2", b""), (b"T", b"\0\0"), (b"D", b"\0\1\0\0\0\1x"), (b"C", b"SELECT 1\0"), (b"Z", b"I"),
        (b"E", b"SERROR\0VERROR\0C42P01\0Mno\0\0"), (b"Z", b"E")])
    for stream in [query, extended, answer]:
        save("SQLMessages", b"\x02\x03\x20" + stream)
    step = lambda order, data: bytes([order]) + len(data).to_bytes(2, "big") + data
    save("SQLConversations", b"\0" + step(0x1C, query) + step(0x2D, answer) + step(0x1C, extended) + step(0x2D, answer))
    for file in sorted(fixtures.glob("sql/recordings/*.pcap")):
        port = json.loads(file.with_suffix(".json").read_text())["ports"][0]
        ends = [packet for packet in captures.read(file) if port in (packet.source, packet.destination)]
        packets = [packet for packet in ends if packet.payload]
        # The last session of a recording, without its logging in.
        client = [packet.source for packet in packets if packet.destination == port][-1]
        talk = [packet for packet in packets if client in (packet.source, packet.destination)][4:]
        for begin in range(0, len(talk), 12):
            part = talk[begin:begin + 12]
            data = b"".join(step(0x2D if packet.source == port else 0x1C, packet.payload[:0x3FF]) for packet in part)
            save("SQLConversations", b"\0" + data)


def http_traffic():
    for request, answer in HTTP:
        save("HTTPHeads", b"\x02\x03\x20" + request)
        save("HTTPHeads", b"\x02\x03\x20" + answer)
        save("HTTPBodies", b"\x01\x00\x00\x02\x03\x20\x05" + answer.partition(b"\r\n\r\n")[2])
        step = lambda order, data: bytes([order]) + len(data).to_bytes(2, "big") + data
        save("HTTPConversations", b"\x00" + (step(0x08, request) + step(0x09, answer)) * 2)


def redis():
    for file in sorted(fixtures.glob("redis/*/*.resp")):
        reply = file.read_bytes()
        save("Answers", b"\x02\x03\x20" + reply)
        if file.name == "info.resp":
            text = reply.split(b"\r\n", 1)[1]
            for section in text.split(b"# "):
                save("Info", b"\x02# " + section)
    for replies in [
        b":9\r\n+list\r\n:3\r\n$1\r\na\r\n", b":9\r\n+string\r\n$2\r\n42\r\n:2\r\n", b"$-1\r\n:1\r\n+none\r\n",
        b"*2\r\n$1\r\n0\r\n*1\r\n$1\r\nq\r\n:9\r\n+zset\r\n:1\r\n*2\r\n$1\r\na\r\n$10\r\n1700000000\r\n",
        b":9\r\n+stream\r\n:1\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\nf\r\n$1\r\nv\r\n-NOPERM x\r\n",
        b"*4\r\n$1\r\nc\r\n:3\r\n$1\r\nd\r\n:0\r\n",
    ]:
        for look in range(17):
            save("Looks", bytes([look]) + replies)
    for text in ["localhost", "redis://user:p%40ss@[::1]:6379/0", "rediss://:pass@redis.example:6380", "unix:///run/redis"]:
        save("RedisAddresses", text.encode())


def host():
    kinds = ["meminfo", "stat", "loadavg", "pressure", "dev", "netstat", "process", "tcp", "cmdline"]
    for file in sorted(fixtures.glob("host/**/proc/**/*")):
        if not file.is_file():
            continue
        name = file.parent.name if file.parent.name == "pressure" else file.name
        is_process = file.parent.name.isdigit() and name in ("stat", "statm", "limits")
        kind = "process" if is_process else "tcp" if name == "tcp6" else name
        if kind in kinds:
            save("ProcFiles", bytes([kinds.index(kind)]) + file.read_bytes())
    for folder in sorted(fixtures.glob("host/*/proc/self")):
        save("CgroupFiles", b"\0" + b"\0".join((folder / name).read_bytes() for name in ("cgroup", "mountinfo")))
    for file in sorted(fixtures.glob("host/*/cgroup/**/*")):
        if file.is_file():
            save("CgroupFiles", b"\0" + file.read_bytes())


def postgres():
    for file in sorted(fixtures.glob("postgres/*.tsv")):
        save("Rows", b"\x06" + file.read_bytes())
    save("Rows", b"\x06datname\tcount\tlongest\tsizes\tsizes_bucket\tsizes_sum\tsizes_count\na\t1\t1h2m3.5s\t{1,2}\t{3,4}\t5\t6\n")
    failure = b'connection to server at "db", port 5432 failed: FATAL:  28P01: password authentication failed\n'
    for text in [failure, b'could not translate host name "db" to address: Name or service not known\n']:
        save("ServerErrors", b"28P01" + text)
    for text in ["@db:5432/postgres?sslmode=require", " port=5432 dbname='a b' user=x", "postgres://u:p@[::1]/db"]:
        save("ConnectionStrings", text.encode())


def http():
    prometheus = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1"
    for text in [prometheus, 'text/*;q="0.5", gzip;q=0, identity', "x-gzip;q=1.000"]:
        save("Accept", text.encode())
    for text in ["\0/metrics?name=a", "\1http://localhost:9121/health/redis", "\2*"]:
        save("Paths", text.encode())
    for text in ["Basic dXNlcjpzZWNyZXQ=", "Bearer 0123abcd", "10.0.0.0/8", "2001:db8::/32"]:
        save("Credentials", text.encode())
    for text in [":9121", "[::1]:9121", "localhost:0", "unix:///run/sidelong.sock"]:
        save("ListenAddresses", text.encode())
    for text in ["200 OK\r\nContent-Length: 2\r\n\r\nhi", "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"]:
        save("ProbeAnswers", b"\7HTTP/1.1 " + text.encode())


HANGS_UP, ENDS_SENDING = b"\0", b"\x0d"


def script(ending, *pieces):
    """The input of Script.swift: each piece is a pair of whether the other end is waited for, and of bytes."""
    return ending + b"".join(
        bytes([0x80 if waits else 0]) + min(len(data), 0x7FF).to_bytes(2, "big") + data[:0x7FF] for waits, data in pieces)


def handshake(version):
    """What server and client of a TLS connection say in turn, the server's words in a list and the client's in another."""
    contexts = [ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)]
    contexts[0].load_cert_chain(Path(sys.argv[2]) / "server.crt", Path(sys.argv[2]) / "server.key")
    contexts[1].check_hostname, contexts[1].verify_mode = False, ssl.CERT_NONE
    for context in contexts:
        context.minimum_version = context.maximum_version = version
    inputs, said = [ssl.MemoryBIO(), ssl.MemoryBIO()], ([], [])
    ends = [context.wrap_bio(inputs[i], inputs[1 - i], server_side=i == 0) for i, context in enumerate(contexts)]

    def move(end, other):
        # What one end has written lies where the other one reads.
        data = inputs[other].read()
        inputs[other].write(data)
        said[end].append(data)

    for _ in range(4):
        for end in (1, 0):
            try:
                ends[end].do_handshake()
            except ssl.SSLWantReadError:
                pass
            move(end, 1 - end)
    ends[0].write(b"+OK\r\n")
    move(0, 1)
    return [[words for words in words if words] for words in said]


def servers():
    def message(letter, body):
        return letter + (len(body) + 4).to_bytes(4, "big") + body

    login = message(b"R", bytes(4)) + message(b"S", b"server_version\x0015.2\0") + message(b"K", bytes(8)) + message(b"Z", b"I")
    row = message(b"T", b"\0\1a\0" + bytes(6) + b"\0\0\0\x17\0\4" + bytes(6)) + message(b"D", b"\0\1\0\0\0\1x") * 4
    end = message(b"C", b"SELECT 1\0") + message(b"Z", b"I")
    error = message(b"E", b"SERROR\0VERROR\0C42P01\0Mno s3cr3t\0\0")
    pipelined = message(b"1", b"") + message(b"2", b"") + row + end
    for mode, answers in [(b"\0", [pipelined] * 4), (b"\1", [row + end] * 4), (b"\0", [error + message(b"Z", b"I")] * 2)]:
        save("Servers", mode + script(HANGS_UP, (True, login), *[(True, answer) for answer in answers]))
        save("Servers", mode + script(ENDS_SENDING, (True, login), (False, b"".join(answers))))
    save("Servers", b"\0" + script(HANGS_UP, (True, message(b"R", b"\0\0\0\3")), (True, login), (True, pipelined)))
    save("Servers", b"\0" + script(HANGS_UP, (True, message(b"R", b"\0\0\0\x0aSCRAM-SHA-256\0\0")), (True, error)))
    save("Servers", b"\0" + script(HANGS_UP, (True, login + message(b"A", b"\0\0\0\7x\0y\0") + message(b"N", b"Mx\0\0"))))
    for version in [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]:
        server, client = handshake(version)
        save("Servers", b"\2" + script(HANGS_UP, (True, b"S"), *[(True, words) for words in server]))
        save("TLSServers", b"\0" + script(HANGS_UP, *[(True, words) for words in server]))
        save("TLSAnswers", script(HANGS_UP, *[(True, words) for words in server]))
        save("TLSConnections", b"\0" + script(HANGS_UP, *[(True, words) for words in client]))
    replies = b"+OK\r\n+OK\r\n+PONG\r\n$22\r\nredis_version:7.0.15\r\n\r\n"
    save("TLSServers", b"\1" + script(HANGS_UP, (True, replies), (True, b"$3\r\na:b\r\n:1\r\n")))
    save("TLSServers", b"\1" + script(HANGS_UP, (True, b"-WRONGPASS s3cr3t\r\n" + replies)))


def clients():
    get = b"GET /metrics HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n"
    post = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    chunked = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    for pieces in [
        [(False, get)], [(False, get[:9]), (True, get[9:40]), (False, get[40:])], [(False, get * 3)],
        [(False, post), (True, b"abc"), (False, get)], [(False, chunked), (False, get)], [(False, b"HEAD * HTTP/1.0\n\n")],
    ]:
        for ending in [HANGS_UP, ENDS_SENDING, b"\x0a"]:
            save("Connections", script(ending, *pieces))
            save("TLSConnections", b"\1" + script(ending, *pieces))


def exporter():
    save("Configurations", (project / "deploy/sidelong.yaml").read_bytes())
    for section in (project / "deploy/sidelong.yaml").read_text().split("\n\n"):
        save("Configurations", section.encode())
    queries = (project / "deploy/gateway-queries.yaml").read_text()
    for query in [queries, *queries.split("\n\n")]:
        save("QueryFiles", query.encode())
    digest = "0123456789abcdef" * 4
    for text in [
        "basic_auth_users:\n  a: $2b$10$" + "abcdefghijklmnopqrstu." * 2 + "abcdefghi\n",
        f"api_keys:\n  - {{name: a, sha256: {digest}, requests_per_second: 5}}\nallow: [10.0.0.0/8, '::1']\n",
        "http_server_config:\n  http2: true\n  headers: {X-Frame-Options: deny}\nrate_limit: {limit: 5, burst: 10}\n",
    ]:
        save("WebConfigurations", text.encode())
    for text in ['a "quoted" word', "line\r\nfeed\0", "NOAUTH Authentication required."]:
        save("Lines", text.encode())
    for section in (project / "Tests/Fixtures/exporter/page.txt").read_text().replace("…", "1").split("# HELP ")[::20]:
        save("ForeignPages", ("# HELP " + section).encode())
    save("ForeignPages", b'{"data":{"result":[{"metric":{"a":"b"},"value":[1,"2"]}]}}')


for room in (traffic, http_traffic, sql, redis, host, postgres, servers, http, clients, exporter):
    room()
