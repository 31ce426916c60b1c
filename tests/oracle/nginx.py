#!/usr/bin/env python3
"""Asks nginx what the words of the finished files of a dump say (see tests/formats/main.rs).

Each word is put where a directive's name belongs: `nginx -t` then names it as it has read it.

usage: nginx.py DUMP_DIRECTORY [LIMIT]
"""

import base64
import json
import pathlib
import re
import subprocess
import sys
import tempfile


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


def main():
    path, limit = pathlib.Path(sys.argv[1]) / "nginx.jsonl", int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    cases = broken = 0
    with tempfile.TemporaryDirectory() as name:
        for line in path.open():
            case = json.loads(line)
            text = base64.b64decode(case["text"])
            expected = [base64.b64decode(leaf["text"]) for _, leaf in case["leaves"]]
            found = [said(word, pathlib.Path(name)) for _, word in words(text)]
            if cases >= limit:
                break
            if sum(map(len, expected)) > 1500:
                continue  # nginx cuts its messages at 2 KiB
            cases += 1
            if found != expected:
                broken += 1
                print(f"nginx: broken:\n{text!r}\nexpected {expected}\nfound    {found}")
    print(f"nginx: {cases} files read by nginx, {broken} broken")
    return broken > 0


if __name__ == "__main__":
    sys.exit(main())
