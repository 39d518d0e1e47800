"""A Redis client that speaks RESP over a socket and keeps count of what it did: the truth that a recording is held against."""

import re
import socket
import time
from collections import Counter, deque

from .findings import findings

CONTAINERS = {"acl", "client", "cluster", "config", "function", "memory", "object", "script", "xgroup", "xinfo"}
KEYLESS = {
    "asking", "auth", "discard", "echo", "exec", "hello", "info", "monitor", "multi", "ping", "psubscribe", "psync", "publish",
    "punsubscribe", "quit", "replconf", "reset", "select", "subscribe", "sync", "time", "unsubscribe", "unwatch", "wait",
} | CONTAINERS
BLOCKING = {"blmove", "blmpop", "blpop", "brpop", "bzmpop", "bzpopmin", "wait"}

class Failure(str):
    """An error reply."""


class Word(str):
    """A simple string."""


class Push(list):
    """A RESP3 push."""


class Truth:
    """What the clients of one recording know."""

    def __init__(self):
        self.commands, self.pairs, self.blocking, self.users = Counter(), Counter(), Counter(), Counter()
        self.hits, self.misses, self.errors, self.unmeasured = Counter(), Counter(), Counter(), Counter()
        self.ran = Counter()
        self.seconds = Counter()
        self.queued = 0

    def measured(self, name, group, user):
        self.commands[name] += 1
        self.users[user] += 1
        if group:
            self.pairs[f"{group} {name}"] += 1

    def found(self, sent, reply):
        """What a reply that is no error says of the keys."""
        hits, misses = findings(sent, reply) or (0, 0)
        self.hits[sent.group] += hits
        self.misses[sent.group] += misses

    def unlearn(self, name, group, user, found):
        """Takes back a measured command."""
        self.commands[name] -= 1
        self.users[user] -= 1
        if group:
            self.pairs[f"{group} {name}"] -= 1
        if found is not None:
            (self.hits if found else self.misses)[group] -= 1

    def document(self):
        counts = {name: value for name, value in vars(self).items() if name != "queued"}
        shown = {name: {key: value for key, value in sorted(count.items()) if value} for name, count in counts.items()}
        shown["seconds"] = {name: round(value, 6) for name, value in shown["seconds"].items()}
        return {"queued": self.queued, **shown}


class Sent:
    """A command on its way."""

    def __init__(self, arguments, is_behind):
        self.arguments = [str(argument) for argument in arguments if not isinstance(argument, bytes)]
        self.is_behind = is_behind
        self.time = time.monotonic()
        self.name = self.arguments[0].lower()
        if self.name in CONTAINERS and len(self.arguments) > 1:
            self.name += "|" + self.arguments[1].lower()
        self.key = self.first_key()

    @property
    def may_block(self):
        options = [argument.lower() for argument in self.arguments]
        return self.name in BLOCKING or self.name.startswith("xread") and "block" in options

    def first_key(self):
        arguments, name = self.arguments, self.name
        if name in ("eval", "evalsha", "fcall", "blmpop", "bzmpop"):
            return arguments[3] if arguments[2] != "0" else None
        if name in ("lmpop", "zmpop", "zunion", "sintercard"):
            return arguments[2]
        if name in ("xread", "xreadgroup"):
            return arguments[[argument.lower() for argument in arguments].index("streams") + 1]
        if name in ("object|encoding", "xgroup|create"):
            return arguments[2]
        if name.split("|")[0] in KEYLESS or len(arguments) < 2:
            return None
        return arguments[1]

    @property
    def group(self):
        """The recordings' keys are words and numbers between colons."""
        return self.key and re.sub(r"\b\d+\b", "*", self.key)


class Client:
    def __init__(self, address, truth, user="default"):
        self.truth = truth
        self.user = user
        self.socket = self.tcp(address) if isinstance(address, tuple) else self.unix(address)
        self.file = self.socket.makefile("rb")
        self.in_flight = deque()
        self.pushes = []
        self.in_transaction = False
        self.queued = []

    @staticmethod
    def tcp(address):
        connection = socket.create_connection(address, timeout=20)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    @staticmethod
    def unix(path):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(path)
        return connection

    @property
    def port(self):
        return self.socket.getsockname()[1]

    # Sending.

    def ask(self, *arguments):
        """Sends a command and returns its reply."""
        return self.pipeline(arguments)[0]

    def pipeline(self, *commands):
        """Sends commands in one piece and returns their replies."""
        self.send(*commands)
        return [self.receive() for _ in commands]

    def send(self, *commands):
        """Sends commands in one piece; their replies are taken with `receive`."""
        data = b"".join(encode(command) for command in commands)
        for command in commands:
            self.append(Sent(command, any(sent.is_blocking for sent in self.in_flight)))
        self.socket.sendall(data)

    def append(self, sent):
        """Commands between MULTI and EXEC wait for nothing but EXEC."""
        sent.is_blocking = sent.may_block and not self.in_transaction
        if sent.name in ("multi", "exec", "discard"):
            self.in_transaction = sent.name == "multi"
        self.in_flight.append(sent)

    def raw(self, data, *commands):
        """Sends bytes that make up these commands, or a part of them."""
        for command in commands:
            self.append(Sent(command, False))
        self.socket.sendall(data)

    def mute(self, *arguments):
        """Sends a command that gets no reply."""
        self.socket.sendall(encode(arguments))
        self.truth.unmeasured["no_reply"] += 1

    # Receiving.

    def receive(self):
        """The next command's reply; pushes that come before it are kept."""
        reply = self.read()
        while isinstance(reply, Push):
            self.pushes.append(reply)
            reply = self.read()
        self.count(self.in_flight.popleft(), reply)
        return reply

    def confirmations(self, *arguments, count):
        """Sends a (un)subscription and takes its confirmations: the first one is the reply."""
        self.send(arguments)
        self.count(self.in_flight.popleft(), self.confirmation())
        for _ in range(count - 1):
            self.confirmation()

    def confirmation(self):
        """The next confirmation, or refusal; messages that come before it are kept."""
        while isinstance(reply := self.read(), list) and not reply[0].endswith("subscribe"):
            self.pushes.append(reply)
        return reply

    def push(self):
        """The next message, in whatever form the protocol gives it."""
        return self.pushes.pop(0) if self.pushes else self.read()

    def read(self):
        line = self.file.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError(f"the server hung up: {line!r}")
        kind, rest = line[:1], line[1:-2].decode()
        if kind == b"+":
            return Word(rest)
        if kind == b"-":
            return Failure(rest)
        if kind == b":":
            return int(rest)
        if kind in b"$=" and rest != "-1":
            return self.file.read(int(rest) + 2)[:-2].decode("latin-1")
        if kind in b"*~>" and rest != "-1":
            elements = [self.read_element() for _ in range(int(rest))]
            return Push(elements) if kind == b">" else elements
        if kind == b"%":
            return {str(self.read()): self.read() for _ in range(int(rest))}
        if kind == b"_" or rest == "-1":
            return None
        if kind in b"#,(":
            return rest
        raise ValueError(f"no reply: {line!r}")

    def read_element(self):
        """An element of an aggregate; Redis before 7.2 may send a push in front of it, which is none."""
        while isinstance(element := self.read(), Push):
            self.pushes.append(element)
        return element

    # Counting.

    def count(self, sent, reply):
        truth, user = self.truth, self.user
        elapsed = time.monotonic() - sent.time
        if isinstance(reply, Failure):
            truth.errors[f"{user} {reply.split()[0]}"] += 1
            if reply.startswith("ERR unknown command"):
                sent.name, sent.key = "unknown", None
            elif reply.startswith("ERR unknown subcommand"):  # counted as little as an unknown command
                sent.name = "unknown"
        else:
            self.follow(sent, reply)
        name = sent.name
        if isinstance(reply, Word) and reply == "QUEUED":
            truth.queued += 1
            self.queued.append(sent)
            return
        if sent.name == "exec" and isinstance(reply, list):
            self.count_results(reply)
        if sent.name in ("exec", "discard", "reset") or sent.name == "multi" and reply == "OK":
            self.queued = []
        if sent.is_behind:
            truth.unmeasured["blocking"] += 1
        elif sent.is_blocking:
            truth.blocking[name] += 1
        else:
            truth.measured(name, sent.group, user)
            truth.seconds[name] += elapsed
            if sent.group and not isinstance(reply, Failure):
                truth.found(sent, reply)

    def count_results(self, results):
        """What the queued commands did, now that EXEC has said so."""
        for sent, result in zip(self.queued, results, strict=True):
            if isinstance(result, Failure):
                self.truth.errors[f"{self.user} {result.split()[0]}"] += 1
            elif sent.group:
                self.truth.found(sent, result)
            if sent.group:
                self.truth.ran[f"{sent.group} {sent.name}"] += 1

    def follow(self, sent, reply):
        """Takes over what an accepted command changes; it counts for the user who sent it."""
        if sent.name == "auth":
            self.user = sent.arguments[1] if len(sent.arguments) == 3 else "default"
        elif sent.name == "hello" and "AUTH" in sent.arguments:
            self.user = sent.arguments[sent.arguments.index("AUTH") + 1]
        elif sent.name == "reset":
            self.user = "default"

    def close(self):
        """Gives up what is still unanswered."""
        self.truth.unmeasured["closed"] += len(self.in_flight)
        self.file.close()
        self.socket.close()


def encode(arguments):
    parts = [b"*%d\r\n" % len(arguments)]
    for argument in arguments:
        data = argument if isinstance(argument, bytes) else str(argument).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)
