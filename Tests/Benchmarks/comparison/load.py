"""Clients: wrk for latencies, redis-benchmark for traffic."""

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from .processes import Program

PLAIN = {}
GZIP = {"Accept-Encoding": "gzip"}
OPENMETRICS = {"Accept": "application/openmetrics-text;version=1.0.0"}
PROTOBUF = {
    "Accept": "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"}
# Of Prometheus 2.42.
PROMETHEUS = GZIP | {
    "Accept": "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"}

# The mark by which a scraper is told from people with curl.
SCRAPER = PROMETHEUS | {"User-Agent": "Prometheus/2.42.0", "X-Prometheus-Scrape-Timeout-Seconds": "10"}

_PACE = """
delay = function()
    return 1000
end
"""
_REPORT = """
done = function(summary, latency)
    local errors = summary.errors
    io.write(string.format('\\n{"p50":%.1f,"p99":%.1f,"requests":%d,"failed":%d}\\n', latency:percentile(50),
        latency:percentile(99), summary.requests,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


def wrk(port, clients, seconds, headers, paced=False):
    """p50 and p99 in microseconds of as many requests as that many clients get through, one at a time each; paced, each
    waits a second before each request, which is not counted."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_PACE + _REPORT if paced else _REPORT)
        script.flush()
        fields = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
        output = subprocess.run(
            ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s", "-s", script.name, *fields,
             f"http://127.0.0.1:{port}/metrics"], capture_output=True, text=True, check=True).stdout
    report = json.loads(output.splitlines()[-1])
    if report["failed"]:
        raise RuntimeError(f"{report['failed']} of {report['requests']} requests to port {port} failed")
    return report


def redis_benchmark(redis, clients=50, keys=100_000, requests=100_000, command="get", pipeline=1):
    """Commands per second."""
    output = subprocess.run(
        ["redis-benchmark", "-p", str(redis.port), "-c", str(clients), "-n", str(requests), "-r", str(keys),
         "-P", str(pipeline), "-d", "32", "-t", command, "--csv"], capture_output=True, text=True, check=True).stdout
    return float(output.splitlines()[-1].split(",")[1].strip('"'))


@contextmanager
def redis_traffic(redis, keys=100_000):
    """redis-benchmark at full rate for as long as the block."""
    with Program(
        "redis-benchmark", "-p", redis.port, "-c", 50, "-r", keys, "-d", 32, "-t", "get,set", "-l", "-q"):
        yield


@contextmanager
def paced_traffic(redis, rate):
    """So many commands per second for as long as the block, by a process of its own."""
    with Program(sys.executable, Path(__file__).parent / "pace.py", redis.port, rate):
        yield
