"""How long a gateway takes by its client's clock: timings.py PORT MILLISECONDS... Prints `PATH SECONDS` for each request.

Each number is asked for ten times at `/api/wait/NUMBER`, by as many clients at once, each on a connection that is open.
"""

import concurrent.futures
import http.client
import sys
import time


def ask(path):
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
    connection.connect()
    start = time.perf_counter()
    connection.request("GET", path)
    connection.getresponse().read()
    seconds = time.perf_counter() - start
    connection.close()
    return f"{path} {seconds:.6f}"


with concurrent.futures.ThreadPoolExecutor(10) as clients:
    for number in sys.argv[2:]:
        for line in clients.map(ask, [f"/api/wait/{number}"] * 10):
            print(line)
