#!/usr/bin/env python3
"""Reads the scraps of a dump (tests/formats/soup.rs), rendered with a plain word and with a value, with Python's parsers:
both must say the same, with the value at the place of the word. What Python does not take with the plain word is
passed over.

usage: soup.py DUMP_DIRECTORY [FORMAT...]      formats: json toml yaml xml ini
"""

import base64
import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

import readers

WORD = "Qw7plain"


def read_xml(text):
    """Every element, however deep, with its attributes and text."""
    return [
        (element.tag, sorted(element.attrib.items()), element.text or "", element.tail or "")
        # Bytes, for the encoding that the document declares.
        for element in ElementTree.fromstring(text.encode(errors="surrogateescape")).iter()
    ]


READERS = {**readers.READERS, "xml": read_xml}


def put(value, instead):
    """What was read, with `instead` at the place of the word."""
    match value:
        case str():
            return value.replace(WORD, instead)
        case bytes():
            return value.replace(WORD.encode(), instead.encode())
        case list() | tuple():
            return tuple(put(inner, instead) for inner in value)
    return value


def said(name, text, instead):
    leaves = [put(leaf, instead) for leaf in READERS[name](text)]
    return sorted(map(repr, leaves)) if name != "xml" else leaves


def check(name, path):
    broken = cases = unread = 0
    for line in path.open():
        case = json.loads(line)
        # A value that is not UTF-8 is rendered where the template does not use it.
        texts = (base64.b64decode(case[part]) for part in ("plain", "rendered", "value"))
        plain, rendered, value = (text.decode(errors="surrogateescape") for text in texts)
        try:
            expected = said(name, plain, value)
        except Exception:  # a parser's own kind of error: it does not know this file, with or without a value
            unread += 1
            continue
        cases += 1
        try:
            # A word of the template's own that is the same is replaced in both.
            found = said(name, rendered, value)
        except Exception as error:
            found = repr(error)[:300]
        if found != expected:
            broken += 1
            if broken <= 5:
                print(f"{name} seed {case['seed']}: broken:\n{rendered[:1500]}\nexpected {expected}\nfound    {found}")
    print(f"{name} soup: {cases} files read by Python, {broken} broken; {unread} templates are wrong for Python")
    return broken


def main():
    directory = pathlib.Path(sys.argv[1])
    return sum(check(name, directory / f"soup-{name}.jsonl") for name in sys.argv[2:] or READERS) > 0


if __name__ == "__main__":
    sys.exit(main())
