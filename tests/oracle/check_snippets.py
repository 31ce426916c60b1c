#!/usr/bin/env python3
"""Holds the Nix in every example's README against its manifest and template, by real evaluation.

Needs nix-instantiate. The snippet is called with tokens for placeholders and with stand-ins for lib and pkgs; nothing but
`sops` and `age` is evaluated.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "templates-examples"
EXPR = """
let
  call = { snippet, tokens }:
    let
      placed = name: template: { path = "/run/secrets/rendered/${name}"; } // template;
      templates = (result.sops.templates or { }) // (result.age.templates or { });
      config.sops.placeholder = tokens;
      config.sops.templates = builtins.mapAttrs placed templates;
      config.age = config.sops;
      lib.mkForce = value: value;
      result = import snippet { inherit config lib; pkgs = { }; };
      named = builtins.mapAttrs (name: secret: removeAttrs secret [ "sopsFile" "file" ]);
    in {
      inherit templates;
      secrets = named (result.sops.secrets or { });
      age = named (result.age.secrets or { });
      format = result.sops.defaultSopsFormat or "yaml";
    };
in builtins.mapAttrs (name: call) (builtins.fromJSON (builtins.readFile ./calls.json))
"""
OPTIONS = ["path", "mode", "owner", "group", "uid", "gid", "restartUnits", "reloadUnits", "format", "engine", "trim"]


def token(name, prefix):
    """The token that the modules give a secret: agenix' have a prefix."""
    return f"<SOPS:{hashlib.sha256((prefix + name).encode()).hexdigest()}:PLACEHOLDER>"


def compare(folder, manifest, found):
    """What differs between a manifest and its snippet."""
    listed = {entry["name"]: entry for entry in manifest["templates"]}
    if listed.keys() != found["templates"].keys():
        yield f"other templates: {sorted(found['templates'])}"
    for name in listed.keys() & found["templates"].keys():
        template, snippet = listed[name], found["templates"][name]
        if snippet["content"].encode() != (folder / template["file"]).read_bytes():
            yield f"template '{name}': other content"
        for option in OPTIONS:
            if template.get(option) != snippet.get(option):
                yield f"template '{name}': other {option}: {snippet.get(option)}"
    for entry in manifest["secrets"]:
        kind, name = entry.get("format", "yaml"), entry["name"]
        secret = found["age" if kind == "age" else "secrets"].get(name)
        if secret is None:
            yield f"secret '{name}' is missing"
        elif kind not in ("age", secret.get("format", found["format"])):
            yield f"secret '{name}': other format"
        elif kind != "age" and secret.get("key", name if kind in ("yaml", "json") else None) != entry.get("key"):
            # The modules select of dotenv and ini files only where a key is given.
            yield f"secret '{name}': other key"
        elif secret.get("install", True) != entry.get("install", True):
            yield f"secret '{name}': other install"
    if len(manifest["secrets"]) != len(found["secrets"]) + len(found["age"]):
        yield "a secret is missing in the manifest"


def main():
    with tempfile.TemporaryDirectory() as scratch:
        calls, manifests = {}, {}
        for folder in sorted(path for path in ROOT.iterdir() if path.is_dir()):
            manifests[folder.name] = manifest = json.loads((folder / "manifest.json").read_text())
            [snippet] = re.findall(r"^```nix\n(.*?)^```", (folder / "README.md").read_text(), re.M | re.S)
            file = Path(scratch, folder.name + ".nix")
            file.write_text(snippet)
            tokens = {secret["name"]: token(secret["name"], "age:" if secret.get("format") == "age" else "") for secret in manifest["secrets"]}
            calls[folder.name] = {"snippet": str(file), "tokens": tokens}
        Path(scratch, "calls.json").write_text(json.dumps(calls))
        Path(scratch, "all.nix").write_text(EXPR)
        words = ["nix-instantiate", "--eval", "--strict", "--json", str(Path(scratch, "all.nix"))]
        found = json.loads(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout)
    wrong = [f"{name}: {what}" for name in found for what in compare(ROOT / name, manifests[name], found[name])]
    sys.exit("\n".join(wrong)) if wrong else print(f"{len(found)} snippets give their manifests and templates")


main()
