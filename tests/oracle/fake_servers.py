#!/usr/bin/env python3
"""Stands in for a server, and prints the password that a real client sends it.

    fake_servers.py postgres|mqtt|smtp PORT

Serves one client on 127.0.0.1, prints the password without a line break, and ends; waits a minute at most. Only what the three
protocols need for a password in clear is spoken, by their specifications.
"""

import base64
import socket
import struct
import sys


def take(client, length):
    data = b""
    while len(data) < length:
        more = client.recv(length - len(data))
        assert more, "the client hung up before it sent a password"
        data += more
    return data


def postgres(client):
    """Startup message, AuthenticationCleartextPassword, password message."""
    take(client, struct.unpack("!I", take(client, 4))[0] - 4)
    client.sendall(b"R" + struct.pack("!II", 8, 3))
    assert take(client, 1) == b"p"
    return take(client, struct.unpack("!I", take(client, 4))[0] - 4).removesuffix(b"\0")


def mqtt(client):
    """CONNECT of MQTT 3.1.1: fixed header, variable header, then client, user and password, each after its length."""
    assert take(client, 1) == b"\x10"
    length, shift = 0, 0
    while True:
        byte = take(client, 1)[0]
        length |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
    body, at, fields = take(client, length), 10, []
    flags = body[7]
    while at < len(body):
        end = at + 2 + struct.unpack("!H", body[at : at + 2])[0]
        fields.append(body[at + 2 : end])
        at = end
    assert flags & 0x40, "no password was sent"
    return fields[-1]


def smtp(client):
    """AUTH PLAIN with an initial response."""
    lines = client.makefile("rb")
    client.sendall(b"220 fake ESMTP\r\n")
    for line in lines:
        word = line.upper()
        if word.startswith(b"EHLO"):
            client.sendall(b"250-fake\r\n250 AUTH PLAIN\r\n")
        elif word.startswith(b"AUTH PLAIN "):
            return base64.b64decode(line.split()[2]).split(b"\0")[2]
        else:
            client.sendall(b"500 what?\r\n")
    raise AssertionError("the client sent no password")


def main():
    protocol = {"postgres": postgres, "mqtt": mqtt, "smtp": smtp}[sys.argv[1]]
    server = socket.create_server(("127.0.0.1", int(sys.argv[2])))
    server.settimeout(60)
    client, _ = server.accept()
    client.settimeout(60)
    sys.stdout.buffer.write(protocol(client))


main()
