"""GET and SET at a rate, one after the other, taking turns among 50 connections.

    pace.py PORT COMMANDS_PER_SECOND
"""

import socket
import sys
import time

PORT, RATE = int(sys.argv[1]), int(sys.argv[2])
TICK = 0.02
COMMANDS = [b"*2\r\n$3\r\nGET\r\n$6\r\nuser:1\r\n", b"*3\r\n$3\r\nSET\r\n$6\r\nuser:1\r\n$1\r\nx\r\n"]

connections = [socket.create_connection(("127.0.0.1", PORT)) for _ in range(50)]
sent, start = 0, time.monotonic()
while True:
    due = int((time.monotonic() - start) * RATE)
    while sent < due:
        connection = connections[sent % len(connections)]
        connection.sendall(COMMANDS[sent % 2])
        connection.recv(64)
        sent += 1
    time.sleep(TICK)
