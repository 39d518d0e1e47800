"""Turns the recordings into first inputs for each fuzz target: seeds.py FOLDER."""

import hashlib
import json
import sys
from pathlib import Path

fixtures = Path(__file__).parent.parent / "Fixtures/traffic"
sys.path.insert(0, str(fixtures))
from recorder import captures

LONGEST = 4000


def save(target, data):
    folder = Path(sys.argv[1]) / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def steps(packets, server_port):
    """The engine's input: who sends what, for the first four connections."""
    ports, data = {}, b""
    for packet in packets:
        from_server = packet.source == server_port
        client = packet.destination if from_server else packet.source
        who = ports.setdefault(client, len(ports))
        flags = packet.flags & 0x07
        if who > 3 or not packet.payload and not flags:
            continue
        kind = {0: 8, 2: 1 if from_server else 0, 1: 2}.get(flags, 3)
        payload = b"" if flags & 3 else packet.payload[:300]
        length = b"" if flags & 3 else len(payload).to_bytes(2, "big")
        data += bytes([who | (4 if from_server else 0), kind, 100]) + length + payload
    return data[:LONGEST]


def keys(requests):
    parts = b"".join(requests).split(b"\r\n")
    return b"\n".join(part for part in parts if b":" in part and b"\n" not in part)[:LONGEST]


for file in sorted(fixtures.glob("*/*.pcap*")):
    packets = captures.read(file)
    server = json.loads(file.with_suffix(".json").read_text())["port"]
    requests = [packet.payload for packet in packets if packet.destination == server and packet.payload]
    replies = [packet.payload for packet in packets if packet.source == server and packet.payload]
    for packet in packets[:6]:
        save("Packets", b"\x02\x00\x00" + packet.data[:LONGEST])
    save("Requests", b"\x02\x03\x20" + b"".join(requests)[:LONGEST])
    save("Replies", b"\x02\x03\x20" + b"".join(replies)[:LONGEST])
    save("Keys", b"\x01\x04\x01item:*=items\ntenant:{project}:*=tenant\nuser:{id}:name=names\n" + keys(requests))
    save("Engine", steps(packets, server))
