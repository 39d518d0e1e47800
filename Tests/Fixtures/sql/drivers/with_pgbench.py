"""pgbench in its three modes, and statements of which it logs each one's time."""

import subprocess
from pathlib import Path

from report import DELAYS, HOST, USER, Report

report = Report()
COMMAND = ["/usr/lib/postgresql/15/bin/pgbench", "-n", "-h", HOST, "-p", str(report.port), "-U", USER]


def run(transactions, *options):
    output = subprocess.run([*COMMAND, *options, report.database], check=True, capture_output=True, text=True).stdout
    assert f"actually processed: {transactions}/{transactions}" in output, output


for mode in ["simple", "extended", "prepared"]:
    run(12, "-c", "2", "-t", "6", "-M", mode)
    report.did("update", 36), report.did("select", 12), report.did("insert", 12)
    report.committed += 12
for delay in DELAYS:
    script = Path("timed.sql")
    script.write_text(f"SELECT n, pg_sleep({delay}) FROM timed;\n")
    run(3, "-t", "3", "-f", script, "-l", "--log-prefix=times")
    for log in Path(".").glob("times.*"):
        report.times += [int(line.split()[2]) / 1e6 for line in log.read_text().splitlines()]
        log.unlink()
    report.did("select", 3)
report.end()
