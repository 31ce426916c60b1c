#!/usr/bin/env python3
"""Asks PHP, GLib and MariaDB what the INI files of a dump say (see tests/formats/main.rs). git, Python and Go are asked
elsewhere. A program is asked about the values in quotes that it knows: PHP about those in double quotes.

usage: ini.py DUMP_DIRECTORY
"""

import base64
import ctypes
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

LINE = re.compile(r"^(k\d+)\s*=\s*(.*)$")


def values(text):
    """Names and what stands behind their `=`, as it stands there."""
    return [found.groups() for line in text.split("\n") if (found := LINE.match(line))]


def unquoted(raw, quotes):
    """What a program says that takes quotes around a whole value off."""
    return raw[1:-1] if len(raw) > 1 and raw[0] in quotes and raw[0] == raw[-1] else raw


def php(files, directory):
    """Values in double quotes, with a comment behind them or without."""
    script = """foreach (file($argv[1], FILE_IGNORE_NEW_LINES) as $p) {
        $a = @parse_ini_file($p, true); echo json_encode($a === false ? null : $a["s"] ?? []), "\\n"; }"""
    paths, expected = [], []
    for number, lines in enumerate(files):
        quoted = [(name, raw) for name, raw in lines if re.fullmatch(r'"[^"]*"( ; a note)?', raw)]
        paths.append(directory / f"{number}.ini")
        paths[-1].write_text("[s]\n" + "".join(f"{name} = {raw}\n" for name, raw in quoted))
        expected.append({name: raw.removesuffix(" ; a note")[1:-1] for name, raw in quoted})
    listed = directory / "list"
    listed.write_text("".join(f"{path}\n" for path in paths))
    run = subprocess.run(["php", "-n", "-r", script, str(listed)], capture_output=True, check=True)
    found = [json.loads(line) for line in run.stdout.splitlines()]
    return expected, [{} if answer == [] else answer for answer in found]


class GError(ctypes.Structure):
    _fields_ = [("domain", ctypes.c_uint32), ("code", ctypes.c_int), ("message", ctypes.c_char_p)]


def glib(files, _):
    """Every value: a key file knows no quotes."""
    lib = ctypes.CDLL("libglib-2.0.so.0")
    lib.g_key_file_new.restype = lib.g_key_file_get_string.restype = ctypes.c_void_p
    expected, found = [], []
    for lines in files:
        expected.append(dict(lines))
        text = ("[s]\n" + "".join(f"{name} = {raw}\n" for name, raw in lines)).encode()
        file, error = ctypes.c_void_p(lib.g_key_file_new()), ctypes.POINTER(GError)()
        if not lib.g_key_file_load_from_data(file, text, ctypes.c_size_t(len(text)), 0, ctypes.byref(error)):
            found.append(None)
            continue
        said = {name: lib.g_key_file_get_string(file, b"s", name.encode(), None) for name, _ in lines}
        found.append({name: ctypes.string_at(value).decode() if value else None for name, value in said.items()})
    return expected, found


def mariadb(files, directory):
    """Every value without a comment behind it; quotes around a whole value are taken off."""
    expected, found = [], []
    for lines in files[:500]:
        lines = [(name, raw) for name, raw in lines if not raw.endswith("; a note")]
        path = directory / "my.cnf"
        path.write_text("[s]\n" + "".join(f"{name} = {raw}\n" for name, raw in lines))
        run = subprocess.run(["my_print_defaults", f"--defaults-file={path}", "s"], capture_output=True)
        expected.append(["--" + name + "=" + unquoted(raw, "\"'") for name, raw in lines])
        found.append(run.stdout.decode().split("\n")[:-1])
    return expected, found


def main():
    dump = pathlib.Path(sys.argv[1]) / "ini-git.jsonl"
    files = [values(base64.b64decode(json.loads(line)["text"]).decode()) for line in dump.open()]
    readers = {"php": php, "glib": glib, "my_print_defaults": mariadb}
    failed = 0
    for name, ask in readers.items():
        if name != "glib" and not shutil.which(name):
            print(f"skipped: no {name}")
            continue
        with tempfile.TemporaryDirectory() as directory:
            try:
                expected, found = ask(files, pathlib.Path(directory))
            except OSError as error:
                print(f"skipped: {error}")
                continue
        broken = [(one, two) for one, two in zip(expected, found, strict=True) if one != two]
        for one, two in broken[:3]:
            print(f"{name}: broken:\nexpected {one}\nfound    {two}")
        failed += len(broken)
        print(f"ini: {len(found)} files read by {name}, {len(broken)} broken")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
