"""A capture file of redis-benchmark's kind of traffic, made without running it: GET and SET, one packet each way."""

import struct

_PORT = 6379
_SERVER = bytes([10, 0, 0, 1])
_SYN, _ACK, _PSH = 2, 16, 8


def write_capture(path, commands, keys, connections):
    """Writes that many commands, each on the next key and the next connection in turn; its first follows a handshake."""
    value = b"v" * 32
    reply = {True: b"$32\r\n" + value + b"\r\n", False: b"+OK\r\n"}
    places = [[1, 1] for _ in range(connections)]
    with open(path, "wb") as file:
        # Nanosecond stamps, Ethernet (pcap-savefile(5)).
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1))
        for number in range(commands):
            client, is_read = number % connections, number % 2 == 0
            key = b"key:%012d" % (number % keys)
            request = (
                b"*2\r\n$3\r\nGET\r\n$16\r\n%b\r\n" % key if is_read
                else b"*3\r\n$3\r\nSET\r\n$16\r\n%b\r\n$32\r\n%b\r\n" % (key, value))
            place = places[client]
            if number < connections:
                _write_packet(file, 2 * number, client, True, [0, 0], b"", _SYN)
                _write_packet(file, 2 * number, client, False, [1, 0], b"", _SYN | _ACK)
            _write_packet(file, 2 * number, client, True, place, request)
            place[0] += len(request)
            _write_packet(file, 2 * number + 1, client, False, place, reply[is_read])
            place[1] += len(reply[is_read])


def _write_packet(file, index, client, from_client, place, payload, flags=_PSH | _ACK):
    address = bytes([10, 1, client // 250, client % 250 + 1])
    ports, hosts, numbers = (40_000, _PORT), (address, _SERVER), tuple(place)
    if not from_client:
        ports, hosts, numbers = ports[::-1], hosts[::-1], numbers[::-1]
    size = 54 + len(payload)
    file.write(
        struct.pack("<IIII", 1_700_000_000 + index // 100_000, index % 100_000 * 10_000, size, size)
        + b"\0" * 12 + b"\x08\x00"
        + struct.pack("!BBHHHBBH", 0x45, 0, size - 14, 0, 0x4000, 64, 6, 0) + hosts[0] + hosts[1]
        + struct.pack("!HHIIBBHHH", *ports, *numbers, 0x50, flags, 65535, 0, 0) + payload)
