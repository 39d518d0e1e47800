"""A thousand requests of all kinds: client.py PORT [FIELD...]. Prints what it was answered, as the access log has it.

Each FIELD is a header line that goes with every other request in turn.
"""

import http.client
import sys

REQUESTS = [
    ("GET", "/api/users/{n}?page=2&token=t0p"), ("HEAD", "/api/users/{n}"), ("POST", "/api/orders"),
    ("GET", "/missing/{n}"), ("GET", "/fail"), ("PUT", "/api/orders/{n}"), ("GET", "/limited"), ("DELETE", "/api/orders/{n}"),
    ("GET", "/private"), ("GET", "/api/chunks"),
]


def main():
    fields = [line.split(": ", 1) for line in sys.argv[2:]]
    connections = [http.client.HTTPConnection("127.0.0.1", int(sys.argv[1])) for _ in range(7)]
    for number in range(1000):
        method, path = REQUESTS[number % len(REQUESTS)]
        path = path.format(n=number)
        connection = connections[number % len(connections)]
        headers = dict([fields[number % len(fields)]]) if fields else {}
        body = b"b" * (number % 5000) if method in ("POST", "PUT") else None
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read()
        print(method, path.split("?")[0], answer.status)
    for connection in connections:
        connection.close()


main()
