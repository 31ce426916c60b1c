#!/usr/bin/env python3
"""Asks nginx what the words of the finished files of a dump say (see tests/formats/main.rs).

Each word is put where a directive's name belongs: `nginx -t` then names it as it has read it. Keys of maps are asked for by
requests: the right key must be found, another one not.

usage: nginx.py DUMP_DIRECTORY [LIMIT]
"""

import base64
import http.client
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time


def said(word, directory):
    """What nginx reads, or what it complains of."""
    config = directory / "nginx.conf"
    config.write_bytes(b"\n" + word + b" x;\n")
    run = subprocess.run(["nginx", "-t", "-q", "-p", str(directory), "-c", str(config)], capture_output=True)
    found = re.search(rb'unknown directive "(.*)" in ' + re.escape(bytes(config)) + rb":\d+\n", run.stderr, re.DOTALL)
    return found.group(1) if found else run.stderr


def words(text):
    """The raw words behind the names of a finished file: all that stands between `  kN ` and `;` at a line's end."""
    return re.findall(rb"^  (k\d) (.*?);(?: # note [^\n]*)?$", text, re.DOTALL | re.MULTILINE)


MAP = re.compile(rb"^  map \$k\d \$v \{\n    (.*?) 1;\n  \}", re.DOTALL | re.MULTILINE)
CONFIG = """daemon off; pid pid; error_log stderr; worker_processes 1; events {}
http {
access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
map_hash_bucket_size 512; map_hash_max_size 4096; large_client_header_buffers 4 16k;
"""


def keys(path, limit):
    """Keys of maps as they are written, and what they say, as far as a header can ask for it."""
    found = []
    for line in path.open():
        case = json.loads(line)
        said = [base64.b64decode(leaf[0][2]) for leaf in case["leaves"] if len(leaf[0]) == 3]
        written = MAP.findall(base64.b64decode(case["text"]))
        assert len(written) == len(said), (case, written)
        by_order = sorted(said) if len(said) < 2 else None  # their order is not that of the file
        if by_order and re.fullmatch(rb"[!-~](?:[ -~]*[!-~])?", by_order[0]) and len(by_order[0]) < 400:
            found.append((written[0], by_order[0]))
    return found[:limit]


def ask(port, number, key):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", f"/{number}", headers={"X-Key": key.decode()})
    return connection.getresponse().read()


def maps(found, directory):
    """How many keys nginx does not find, or finds for another header than theirs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = CONFIG.encode()
    for number, (written, _) in enumerate(found):
        config += b"map $http_x_key $v%d { default no; %s yes; }\n" % (number, written)
    config += b"server { listen 127.0.0.1:%d;\n" % port
    for number in range(len(found)):
        config += b"location = /%d { return 200 $v%d; }\n" % (number, number)
    (directory / "maps.conf").write_bytes(config + b"}}\n")
    server = subprocess.Popen(["nginx", "-p", str(directory), "-c", str(directory / "maps.conf")], stderr=subprocess.PIPE)
    try:
        time.sleep(1)
        broken = 0
        for number, (written, said) in enumerate(found):
            answers = ask(port, number, said), ask(port, number, b"zzz9")
            if answers != (b"yes", b"no"):
                broken += 1
                print(f"nginx: key {written!r}, which says {said!r}: {answers}")
        return broken
    finally:
        server.terminate()
        server.wait()


def main():
    path, limit = pathlib.Path(sys.argv[1]) / "nginx.jsonl", int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    cases = broken = 0
    with tempfile.TemporaryDirectory() as name:
        for line in path.open():
            case = json.loads(line)
            text = base64.b64decode(case["text"])
            expected = [base64.b64decode(leaf["text"]) for names, leaf in case["leaves"] if len(names) == 2]
            found = [said(word, pathlib.Path(name)) for _, word in words(text)]
            if cases >= limit:
                break
            if sum(map(len, expected)) > 1500:
                continue  # nginx cuts its messages at 2 KiB
            cases += 1
            if found != expected:
                broken += 1
                print(f"nginx: broken:\n{text!r}\nexpected {expected}\nfound    {found}")
        found = keys(path, limit)
        broken += maps(found, pathlib.Path(name))
    print(f"nginx: {cases} files and {len(found)} keys of maps read by nginx, {broken} broken")
    return broken > 0


if __name__ == "__main__":
    sys.exit(main())
