#!/usr/bin/env python3
"""(Re)creates the encrypted files and expected.* of every example from the plain values in tests/oracle/examples/.

    make_examples.py [NAME...]          encrypts what changed and writes the expected files; needs sops (made with 3.13.2) and age
    make_examples.py --check [NAME...]  reads the expected files back, changes nothing; needs neither
    make_examples.py --print NAME SECRET  prints a plain value

The plain values are made up, keys and hashes included. The expected files are made here with Python alone, not by sops-inlay, and
read back with Python's readers, and sh: a file must mean what its template means, with the value's exact text at the
place of its token. Templates of the engine minijinja are rendered by Jinja2. --check leaves out what needs PyYAML or Jinja2 where
one of them is not installed.
"""

import base64
import configparser
import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
import urllib.parse
import xml.etree.ElementTree
from pathlib import Path
from xml.sax.saxutils import escape

try:
    import jinja2
    import yaml
except ImportError:
    jinja2 = yaml = None

ROOT = Path(__file__).resolve().parents[2]
KEY = ROOT / "tests/keys/age-test.txt"
PLAIN = ROOT / "tests/oracle/examples"
TOKEN = re.compile(r"<SOPS:[0-9a-f]{64}:PLACEHOLDER>")


# --- values

def run(*words, text=None):
    """What a program prints."""
    env = dict(os.environ, SOPS_AGE_KEY_FILE=str(KEY))
    return subprocess.run(words, input=text, stdout=subprocess.PIPE, check=True, env=env).stdout


def encrypt(plain, kind, out):
    """Encrypts a plain file to the test key, unless what is there decrypts to it."""
    recipient = re.search("^# public key: (.*)$", KEY.read_text(), re.M)[1]
    if kind == "age":
        if not out.exists() or run("age", "-d", "-i", KEY, out) != plain.read_bytes():
            out.write_bytes(run("age", "-r", recipient, text=plain.read_bytes()))
        return
    types = ["--input-type", kind, "--output-type", kind]
    if out.exists():
        # Compared as sops itself would write the plain file again.
        if run("sops", "decrypt", *types, out) == run("sops", "decrypt", *types, "/dev/stdin", text=sealed(plain, kind, recipient)):
            return
    out.write_bytes(sealed(plain, kind, recipient))


def sealed(plain, kind, recipient):
    types = ["--input-type", kind, "--output-type", kind]
    return run("sops", "encrypt", "--age", recipient, "--filename-override", plain.name, *types, text=plain.read_bytes())


def value(secret, folder):
    """A secret's plain value: text, or the number that it is in its file."""
    path, kind = PLAIN / folder / secret["sopsFile"], secret.get("format", "yaml")
    text = path.read_bytes().decode()
    if kind in ("binary", "age"):
        return text
    if kind == "dotenv":
        return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)[secret["key"]].replace("\\n", "\n")
    section, _, rest = secret["key"].partition("/")
    if kind == "ini":
        return ini(text)[section, rest]
    if kind == "yaml" and yaml is None:
        return None
    tree = json.loads(text) if kind == "json" else yaml.safe_load(text)
    for part in secret["key"].split("/"):
        tree = tree[int(part)] if isinstance(tree, list) else tree[part]
    return tree


# --- writing

def quoted(text):
    """JSON's escapes, which YAML's and TOML's double quotes share."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def in_xml(text, before):
    return escape(text, {'"': "&quot;", "'": "&#39;"} if before.endswith('"') else {})


def in_env(text):
    return re.sub(r'(["\\$`])', r"\\\1", text)


def in_properties(text):
    return re.sub(r"(^ |[\\=:#!])", r"\\\1", text).replace("\n", "\\n").replace("\t", "\\t")


def in_single_quotes(text):
    return text.replace("'", "'\\''")


WRITERS = {
    "json": quoted,
    "yaml": quoted,
    "toml": quoted,
    "env": in_env,
    "sh": in_single_quotes,
    "properties": in_properties,
    "nginx": lambda text: re.sub(r"([\\\"'])", r"\\\1", text),
}


def trimmed(text, secret, template):
    """A file's last line break is dropped where the template has a format."""
    whole = secret.get("format") in ("binary", "age")
    trim = template.get("trim", whole and template.get("format", "raw") != "raw")
    return text.removesuffix("\n") if trim else text


def expected(text, values, template, others):
    """The rendered template. `values`: token to (value, secret). `others`: name to text, what it may include."""
    format = template.get("format")
    write = WRITERS.get(format, str)

    def put(match):
        found, secret = values[match[0]]
        if not isinstance(found, str):
            return str(found)
        found = trimmed(found, secret, template)
        return in_xml(found, text[: match.start()]) if format == "xml" else write(found)

    if template.get("engine") == "minijinja":
        return expressions(text, {secret["name"]: found for found, secret in values.values()}, write, template, others)
    return TOKEN.sub(put, text)


def expressions(text, values, write, template, others):
    """The template as Jinja itself renders it, with every expression's result escaped."""
    parts = template.get("delimiters", {})
    ends = {f"{part}_{end}_string": text for part, pair in parts.items() for end, text in zip(("start", "end"), pair)}
    environment = jinja2.Environment(
        **ends,
        loader=jinja2.DictLoader(others),
        undefined=jinja2.StrictUndefined,
        finalize=lambda result: write(result) if isinstance(result, str) else result,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["b64encode"] = lambda text: base64.b64encode(text.encode()).decode()
    environment.filters["url_userinfo"] = lambda text: urllib.parse.quote(text, safe="")
    return environment.from_string(text).render(secrets=values, **values)


# --- reading

def leaves(tree, path=()):
    """Every scalar of a document with its place."""
    if isinstance(tree, dict):
        for name, item in tree.items():
            yield from leaves(item, (*path, name))
    elif isinstance(tree, list):
        for index, item in enumerate(tree):
            yield from leaves(item, (*path, index))
    else:
        yield path, tree


def elements(text):
    for index, element in enumerate(xml.etree.ElementTree.fromstring(text.encode()).iter()):
        yield (index, element.tag), element.text
        yield from (((index, element.tag, name), item) for name, item in element.attrib.items())


def variables(text):
    """Read by a shell; what systemd is to read is written so that both read the same."""
    words = ["sh", "-ac", ". /dev/stdin; exec env -0"]
    found = subprocess.run(words, input=text.encode(), stdout=subprocess.PIPE, check=True, env={}).stdout
    return sorted(item.split("=", 1) for item in found.decode().split("\0") if item)


def ini(text):
    """Sections and names to values, without a backtick or quote around the whole value."""
    parser = configparser.RawConfigParser(delimiters="=", comment_prefixes="#;", strict=True)
    parser.optionxform = str
    parser.read_string(text)
    bare = lambda item: item[1:-1] if len(item) > 1 and item[0] == item[-1] and item[0] in "`\"'" else item
    return {(section, name): bare(item) for section in parser.sections() for name, item in parser[section].items()}


def properties(text):
    for line in text.splitlines():
        name, _, item = line.partition("=")
        yield name, re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), item)


READERS = {
    "json": lambda text: leaves(json.loads(text)),
    "yaml": lambda text: leaves(list(yaml.safe_load_all(text))),
    "toml": lambda text: leaves(tomllib.loads(text)),
    "xml": elements,
    "env": variables,
    "sh": variables,
    "ini": lambda text: ini(text).items(),
    "docker-env": lambda text: (line.split("=", 1) for line in text.splitlines()),
    "properties": properties,
}


def same_meaning(text, rendered, values, template, place):
    """Stops where the rendered file says another thing than its template."""
    read = READERS.get(template.get("format"))
    if read is None:
        return
    if template.get("engine") == "minijinja":
        list(read(rendered))
        return
    # Some formats cannot hold a token as it is, all can hold a word.
    words = {token.strip("<>").replace(":", "_"): found for token, found in values.items()}
    word = re.compile("|".join(words))
    before = list(read(TOKEN.sub(lambda match: match[0].strip("<>").replace(":", "_"), text)))
    after = list(read(rendered))
    assert len(before) == len(after), f"{place}: {len(before)} values became {len(after)}"
    for (path, was), (now_path, now) in zip(before, after):
        if was in words and not isinstance(now, str):
            was = words[was][0]
        elif isinstance(was, str):
            was = word.sub(lambda match: trimmed(str(words[match[0]][0]), words[match[0]][1], template), was)
        assert (path, was) == (now_path, now), f"{place}: {path} does not hold its secret's text"


# --- examples

def token(name, manifest):
    own = manifest.get("placeholderBySecretName", {}).get(name)
    return own or f"<SOPS:{hashlib.sha256(name.encode()).hexdigest()}:PLACEHOLDER>"


def example(name, check):
    folder = ROOT / "templates-examples" / name
    manifest = json.loads((folder / "manifest.json").read_text())
    if not check:
        kinds = {secret["sopsFile"]: secret.get("format", "yaml") for secret in manifest["secrets"]}
        for file, kind in kinds.items():
            encrypt(PLAIN / name / file, kind, folder / file)
    values = {token(secret["name"], manifest): (value(secret, name), secret) for secret in manifest["secrets"]}
    foreign = any(template.get("format") == "yaml" or "engine" in template for template in manifest["templates"])
    if yaml is None and (foreign or any(found is None for found, _ in values.values())):
        return False
    texts = {template["name"]: (folder / template["file"]).read_bytes().decode() for template in manifest["templates"]}
    for template in manifest["templates"]:
        text = texts[template["name"]]
        rendered = expected(text, values, template, texts)
        out = folder / template["file"].replace("template", "expected", 1)
        if not check:
            out.write_bytes(rendered.encode())
        assert out.read_bytes() == rendered.encode(), f"{out}: not what the plain values give"
        same_meaning(text, rendered, values, template, out)
    return True


def main():
    if sys.argv[1:2] == ["--print"]:
        _, _, name, wanted = sys.argv
        secrets = json.loads((ROOT / "templates-examples" / name / "manifest.json").read_text())["secrets"]
        [secret] = (secret for secret in secrets if secret["name"] == wanted)
        sys.stdout.buffer.write(str(value(secret, name)).encode())
        return
    names = [name for name in sys.argv[1:] if name != "--check"] or sorted(path.name for path in PLAIN.iterdir())
    check = "--check" in sys.argv
    done = [example(name, check) for name in names]
    print(f"{sum(done)} examples hold their secrets" + (f", {done.count(False)} left out for want of PyYAML or Jinja2" if not all(done) else ""))


main()
