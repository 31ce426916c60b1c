#!/usr/bin/env python3
"""Stands in for a server, and prints the password that a real client sends it.

    fake_servers.py postgres|mqtt|smtp|http|redis PORT
    fake_servers.py header PORT NAME

Serves clients on 127.0.0.1 until one has sent it, prints the password without a line break, and ends; waits a minute at most.
`http` means that of Basic authentication and asks for it, `header` any header of a request, `redis` also prints the number of
the database that is selected, on a line of its own. Only what the protocols need for a password in clear is spoken, by their
specifications.
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
    """No encryption, startup message, AuthenticationCleartextPassword, password message."""
    while take(client, struct.unpack("!I", take(client, 4))[0] - 4)[:2] == b"\x04\xd2":  # asks for SSL or GSSAPI
        client.sendall(b"N")
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


def head(lines):
    """The headers of an HTTP request, or None where the client has no more."""
    if not lines.readline():
        return None
    found = {}
    for line in iter(lines.readline, b"\r\n"):
        if b":" not in line:  # not HTTP; such as TLS, which clients try first
            return None
        name, value = line.split(b":", 1)
        found[name.strip().lower()] = value.strip()
    return found


def header(client, name):
    found = (head(client.makefile("rb")) or {}).get(name.lower().encode())
    client.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
    return found


def http(client):
    """Basic authentication, which some clients send only when they are asked."""
    lines = client.makefile("rb")
    while (found := head(lines)) is not None:
        kind, _, word = found.get(b"authorization", b"").partition(b" ")
        if kind == b"Basic":
            client.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            return base64.b64decode(word).split(b":", 1)[1]
        client.sendall(b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="fake"\r\nContent-Length: 0\r\n\r\n')
    return None


def redis(client):
    """AUTH and SELECT, each an array of strings after their lengths."""
    lines, password = client.makefile("rb"), None
    while line := lines.readline():
        words = []
        for _ in range(int(line[1:])):
            length = int(lines.readline()[1:])
            words.append(lines.read(length + 2)[:-2])
        client.sendall(b"+OK\r\n")
        if words[0].upper() == b"AUTH":
            password = words[-1]
        elif words[0].upper() == b"SELECT":
            return password + b"\n" + words[1]
    return None


def main():
    protocol, port, *words = sys.argv[1:]
    speak = {"postgres": postgres, "mqtt": mqtt, "smtp": smtp, "http": http, "header": header, "redis": redis}[protocol]
    server = socket.create_server(("127.0.0.1", int(port)))
    server.settimeout(60)
    said = None
    while said is None:
        client, _ = server.accept()
        client.settimeout(60)
        with client:
            said = speak(client, *words)
    sys.stdout.buffer.write(said)


main()
