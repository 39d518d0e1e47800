"""The demo's client of Redis: commands out, replies in, over one socket."""

import socket


class RedisError(Exception):
    """What Redis answers instead of a result, such as WRONGTYPE."""


class Redis:
    """One connection. Not for several threads at once."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.replies = self.socket.makefile("rb")

    def command(self, *words):
        """The reply to one command; raises RedisError when it is refused."""
        return self.pipeline(words)[0]

    def pipeline(self, *commands):
        """The replies to commands that are sent at once; raises the first error after all are read."""
        self.socket.sendall(b"".join(self._encoded(command) for command in commands))
        replies = [self._reply() for _ in commands]
        for reply in replies:
            if isinstance(reply, RedisError):
                raise reply
        return replies

    @staticmethod
    def _encoded(command):
        words = [word if isinstance(word, bytes) else str(word).encode() for word in command]
        return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)

    def _reply(self):
        line = self.replies.readline()
        if not line:
            raise ConnectionError("Redis has closed the connection")
        kind, text = line[:1], line[1:-2]
        if kind == b"-":
            return RedisError(text.decode())
        if kind == b":":
            return int(text)
        if kind == b"$":
            return None if text == b"-1" else self.replies.read(int(text) + 2)[:-2].decode()
        if kind == b"*":
            return None if text == b"-1" else [self._reply() for _ in range(int(text))]
        return text.decode()
