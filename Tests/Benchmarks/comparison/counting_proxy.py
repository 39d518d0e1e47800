"""A door in front of PgBouncer that counts who goes through: connections, statements, bytes."""

import socket
import threading


class CountingProxy:
    """Forwards to a port of 127.0.0.1; `with` closes it. Understands Postgres' protocol without TLS."""

    def __init__(self, target):
        self.target = target
        self.connections = self.statements = self.sent = self.received = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def counts(self):
        return {
            "connections": self.connections, "statements": self.statements, "sent": self.sent,
            "received": self.received}

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self._requests, args=(client, server), daemon=True).start()
            threading.Thread(target=self._answers, args=(server, client), daemon=True).start()

    def _requests(self, client, server):
        """Each message of a client has a letter and a length; the first one, the start packet, only a length."""
        buffer, is_first = b"", True
        for data in self._forward(client, server):
            self.received += len(data)
            buffer += data
            while len(buffer) >= (head := 4 if is_first else 5):
                end = head - 4 + int.from_bytes(buffer[head - 4:head], "big")
                if len(buffer) < end:
                    break
                self.statements += not is_first and buffer[:1] in (b"Q", b"E")
                buffer, is_first = buffer[end:], False

    def _answers(self, server, client):
        for data in self._forward(server, client):
            self.sent += len(data)

    @staticmethod
    def _forward(source, destination):
        try:
            while data := source.recv(1 << 16):
                destination.sendall(data)
                yield data
            destination.shutdown(socket.SHUT_WR)
        except OSError:
            pass
