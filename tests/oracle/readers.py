#!/usr/bin/env python3
"""Reads the finished files of a dump (see tests/formats/main.rs) with Python's parsers and compares.

usage: readers.py DUMP_DIRECTORY [FORMAT...]      formats: json toml yaml xml ini
"""

import base64
import configparser
import json
import math
import pathlib
import sys
import tomllib
import xml.etree.ElementTree as ElementTree


def flat(value, path=()):
    """Leaves of nested maps and lists, as (path of bytes, value)."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from flat(inner, (*path, str(name).encode()))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from flat(inner, (*path, str(number).encode()))
    elif value is not None:
        yield path, value


def read_yaml(text):
    import yaml

    return list(flat(yaml.safe_load(text)))


def read_xml(text):
    leaves = []
    if "<?xml" in text and '"1.1"' in text.partition("?>")[0]:
        return None  # expat is for XML 1.0
    # Bytes, for the encoding that the document declares.
    for element in ElementTree.fromstring(text.encode()):
        path = (element.tag.encode(),)
        leaves += [((*path, name.encode()), value) for name, value in element.attrib.items()]
        leaves.append((path, "".join(element.itertext())))
    return leaves


def read_ini(text):
    found = []
    # A `%` is only in backticks, which are for Go.
    for kind in (configparser.RawConfigParser, configparser.RawConfigParser if "%" in text else configparser.ConfigParser):
        parser = kind()
        parser.optionxform = str
        parser.read_string(text)
        leaves = [
            ((section.encode(), name.encode()), value) for section in parser.sections() for name, value in parser[section].items()
        ]
        found.append(leaves)
    assert found[0] == found[1], found
    return found[0]


READERS = {
    "json": lambda text: list(flat(json.loads(text))),
    "toml": lambda text: list(flat(tomllib.loads(text))),
    "yaml": read_yaml,
    "xml": read_xml,
    "ini": read_ini,
}


def same(expected, found):
    kind, value = next(iter(expected.items()))
    if kind == "text":
        return isinstance(found, str) and found.encode("utf-8", "surrogatepass") == base64.b64decode(value)
    if kind == "bool":
        return found is value
    if kind == "int":
        return type(found) is int and found == int(value)
    number = float(value.replace("inf", "Infinity"))
    return isinstance(found, float) and (found == number or (math.isnan(found) and math.isnan(number)))


def check(name, path):
    broken = cases = 0
    for line in path.open():
        case = json.loads(line)
        text = base64.b64decode(case["text"]).decode()
        try:
            leaves = READERS[name](text)
            if leaves is None:
                continue
            found = sorted(leaves, key=lambda leaf: leaf[0])
        except Exception as error:  # a parser's own kind of error: the file is broken
            found = [((), repr(error)[:200])]
        cases += 1
        expected = [(tuple(base64.b64decode(part) for part in path), leaf) for path, leaf in case["leaves"]]
        if [leaf[0] for leaf in expected] != [leaf[0] for leaf in found] or not all(
            same(leaf[1], other[1]) for leaf, other in zip(expected, found)
        ):
            broken += 1
            if broken <= 3:
                print(f"{name}: broken:\n{text[:1500]}\nfound {str(found)[:1500]}")
    print(f"{name}: {cases} files read by Python, {broken} broken")
    return broken


def main():
    directory = pathlib.Path(sys.argv[1])
    return sum(check(name, directory / f"{name}.jsonl") for name in sys.argv[2:] or READERS) > 0


if __name__ == "__main__":
    sys.exit(main())
