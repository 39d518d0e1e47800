"""The demo's client of Postgres: simple queries over one socket, for a role that needs no password."""

import socket
import struct


class SQLError(Exception):
    """What Postgres answers instead of a result; its text is the message."""


class Postgres:
    """One session. Not for several threads at once."""

    def __init__(self, port, user, database):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.messages = self.socket.makefile("rb")
        settings = b"".join(word.encode() + b"\0" for word in ("user", user, "database", database)) + b"\0"
        protocol = struct.pack("!i", 3 << 16)
        self.socket.sendall(struct.pack("!i", 8 + len(settings)) + protocol + settings)
        self._rows()

    def query(self, text, *values):
        """The rows of one statement, each a list of texts or None; `values` replace the `%s` in it."""
        body = (text % tuple(self._literal(value) for value in values)).encode() + b"\0"
        self.socket.sendall(b"Q" + struct.pack("!i", 4 + len(body)) + body)
        return self._rows()

    @staticmethod
    def _literal(value):
        return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"

    def _rows(self):
        """What follows until the server is ready for the next query."""
        rows, error = [], None
        while True:
            head = self.messages.read(5)
            if len(head) < 5:
                raise error or ConnectionError("Postgres has closed the connection")
            body = self.messages.read(struct.unpack("!i", head[1:])[0] - 4)
            if head[:1] == b"D":
                rows.append(self._cells(body))
            elif head[:1] == b"E":
                fields = {field[:1]: field[1:].decode() for field in body.split(b"\0") if field}
                error = SQLError(fields.get(b"M", ""))
            elif head[:1] == b"Z":
                if error:
                    raise error
                return rows

    @staticmethod
    def _cells(body):
        cells, place = [], 2
        for _ in range(struct.unpack("!h", body[:2])[0]):
            (length,) = struct.unpack("!i", body[place : place + 4])
            place += 4
            cells.append(None if length < 0 else body[place : place + length].decode())
            place += max(0, length)
        return cells
