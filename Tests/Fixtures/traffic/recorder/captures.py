"""Capture files: taken with tcpdump, read, thinned out, and written as pcap or pcapng."""

import struct
import subprocess
import time
from pathlib import Path


class Capture:
    """tcpdump on the loopback interface, nanosecond stamps, one server's port."""

    def __init__(self, path, port, snap_length=262144):
        self.path = Path(path)
        self.process = subprocess.Popen(
            ["tcpdump", "-i", "lo", "-U", "-n", "-Z", "root", "--immediate-mode", "--time-stamp-precision=nano", "-B", "16384",
             "-s", str(snap_length), "-w", str(self.path), f"tcp port {port}"],
            stderr=subprocess.PIPE, text=True)
        while "listening on" not in (line := self.process.stderr.readline()):
            if not line:
                raise RuntimeError("tcpdump does not start; it needs root")

    def stop(self):
        """Waits until all packets are in the file."""
        size = -1
        while size != (size := self.path.stat().st_size):
            time.sleep(0.4)
        self.process.terminate()
        summary = self.process.stderr.read()
        self.process.wait()
        if "0 packets dropped by kernel" not in summary:
            raise RuntimeError(f"packets were dropped: {summary}")


class Packet:
    """One packet of a file on Ethernet, IPv4 or IPv6, TCP."""

    def __init__(self, nanoseconds, length, data):
        self.nanoseconds, self.length, self.data = nanoseconds, length, data
        is_version_6 = data[12:14] == b"\x86\xdd"
        tcp = 14 + (40 if is_version_6 else (data[14] & 15) * 4)
        self.source, self.destination = struct.unpack_from("!HH", data, tcp)
        self.flags = data[tcp + 13]
        self.payload = data[tcp + (data[tcp + 12] >> 4) * 4:]


def read(path):
    """The packets of a file as it is written here."""
    data = Path(path).read_bytes()
    magic, = struct.unpack_from("<I", data)
    if magic == 0x0A0D0D0A:
        return read_blocks(data)
    assert magic == 0xA1B23C4D, "a pcap file with nanoseconds is expected"
    place, packets = 24, []
    while place < len(data):
        seconds, fraction, kept, length = struct.unpack_from("<4I", data, place)
        packets.append(Packet(seconds * 10**9 + fraction, length, data[place + 16:place + 16 + kept]))
        place += 16 + kept
    return packets


def read_blocks(data):
    place, packets = 0, []
    while place < len(data):
        kind, size = struct.unpack_from("<II", data, place)
        if kind == 6:
            high, low, kept, length = struct.unpack_from("<4I", data, place + 12)
            packets.append(Packet(high << 32 | low, length, data[place + 28:place + 28 + kept]))
        place += size
    return packets


def write_pcap(path, packets, snap_length=262144):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, snap_length, 1))
        for packet in packets:
            seconds, fraction = divmod(packet.nanoseconds, 10**9)
            file.write(struct.pack("<4I", seconds, fraction, len(packet.data), packet.length) + packet.data)


def write_pcapng(path, packets, snap_length=262144):
    def block(kind, body):
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    with open(path, "wb") as file:
        file.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        resolution = struct.pack("<HHBxxx", 9, 1, 9) + struct.pack("<HH", 0, 0)
        file.write(block(1, struct.pack("<HHI", 1, 0, snap_length) + resolution))
        for packet in packets:
            head = struct.pack("<5I", 0, packet.nanoseconds >> 32, packet.nanoseconds & 0xFFFFFFFF, len(packet.data), packet.length)
            file.write(block(6, head + packet.data + bytes(-len(packet.data) % 4)))
