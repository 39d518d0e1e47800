"""A gateway for tests: server.py PORT ACCESS_LOG [HOST]. Python's own http.server, with a line per request in the log.

The HOST :: is every address of both kinds.
"""

import http.server
import socket
import sys
import time

STATUSES = {"missing": 404, "fail": 500, "limited": 429, "private": 401}


class Gateway(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One packet per answer, as most servers send.
    wbufsize = -1

    def answer(self):
        word = self.path.split("/")[1].split("?")[0]
        body = b"a body of some bytes\n"
        chunked = self.path.startswith("/api/chunks")
        if self.path.startswith("/api/wait/"):  # so many milliseconds
            time.sleep(int(self.path.split("/")[3]) / 1000)
        self.send_response(STATUSES.get(word, 201 if self.command == "POST" else 200))
        if word == "events":
            self.send_header("Content-Type", "text/event-stream")
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if chunked:
            self.wfile.write(b"%x;ext=1\r\n%s\r\n0\r\nTrailer: x\r\n\r\n" % (len(body), body))
        else:
            self.wfile.write(body)

    def with_body(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                self.rfile.read(size + 2)
            self.rfile.readline()
        self.answer()

    do_GET = do_HEAD = do_DELETE = answer
    do_POST = do_PUT = do_PATCH = with_body

    def log_request(self, code="-", size="-"):
        with open(sys.argv[2], "a") as log:
            log.write(f"{self.command} {self.path} {int(code)}\n")

    def log_message(self, text, *values):
        pass


if __name__ == "__main__":
    host = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1"
    http.server.ThreadingHTTPServer.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = http.server.ThreadingHTTPServer((host, int(sys.argv[1])), Gateway)
    server.daemon_threads = True
    server.serve_forever()
