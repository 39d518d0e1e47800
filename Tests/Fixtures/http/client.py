"""A thousand requests of all kinds: client.py [--host HOST] [--forever] PORT [FIELD...]. Prints what it was answered, as the
access log has it; with --forever it asks a few hundred times a second without end and prints nothing.

Each FIELD is a header line that goes with every other request in turn.
"""

import argparse
import http.client
import itertools
import time

REQUESTS = [
    ("GET", "/api/users/{n}?page=2&token=t0p"), ("HEAD", "/api/users/{n}"), ("POST", "/api/orders"),
    ("GET", "/missing/{n}"), ("GET", "/fail"), ("PUT", "/api/orders/{n}"), ("GET", "/limited"), ("DELETE", "/api/orders/{n}"),
    ("GET", "/private"), ("GET", "/api/chunks"),
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--forever", action="store_true")
    parser.add_argument("port", type=int)
    parser.add_argument("fields", nargs="*")
    options = parser.parse_args()
    fields = [line.split(": ", 1) for line in options.fields]
    connections = [http.client.HTTPConnection(options.host, options.port) for _ in range(7)]
    for number in itertools.count() if options.forever else range(1000):
        method, path = REQUESTS[number % len(REQUESTS)]
        path = path.format(n=number)
        connection = connections[number % len(connections)]
        headers = dict([fields[number % len(fields)]]) if fields else {}
        body = b"b" * (number % 5000) if method in ("POST", "PUT") else None
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if options.forever:
            time.sleep(0.005)
        else:
            print(method, path.split("?")[0], answer.status)
    for connection in connections:
        connection.close()


main()
