#!/usr/bin/env python3
"""Holds the Nix in every example's README against its manifest and template, by real evaluation.

    check_snippets.py [NAME...]             all examples where none is named
    check_snippets.py --print NAME OPTION   prints what a snippet gives for an option, such as services.caddy.globalConfig

Needs nix-instantiate. Twice: by itself, with tokens for placeholders and stand-ins for lib and pkgs, where `sops` and `age` are
looked at; and as a configuration of our real module, which finds owners that no module creates, units that nobody
defines, options that do not exist and failed assertions, and gives the manifest that the host would get. The second needs
the harness in ../shared beside the repository, and is left out where that is not there. example_services.nix says what
users and units the services have.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
ROOT = REPOSITORY / "templates-examples"
SHARED = Path(os.environ.get("SOPS_INLAY_SHARED", REPOSITORY.parent / "shared"))
EXPR = """
let
  whole = value: builtins.deepSeq value value;
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
      printed = @printed@;
      secrets = named (result.sops.secrets or { });
      age = named (result.age.secrets or { });
      format = result.sops.defaultSopsFormat or "yaml";
    };
  one = name: it: builtins.addErrorContext "in the example ${name}" (whole (call it));
in builtins.mapAttrs one (builtins.fromJSON (builtins.readFile ./calls.json))
"""
REAL = """
{ harness, lib, modules, services }:
let
  L = import lib;
  whole = value: builtins.deepSeq value value;
  call = { snippet, ... }:
    let
      config = import (harness + "/eval-module.nix") {
        inherit lib;
        module = modules;
        config = snippet;
        extra = [ services ];
        pkgsOverlay = ./overlay.nix;
        want = "cfg";
      };
      units = L.filterAttrs (_: unit: unit.enable) config.systemd.services;
      built = config.system.build.${if config.sops.secrets == { } then "agenix-manifest" else "sops-nix-manifest"};
      manifest = builtins.fromJSON (builtins.unsafeDiscardStringContext built.text);
    in {
      inherit manifest;
      failed = map (it: it.message) (builtins.filter (it: !it.assertion) config.assertions);
      inherit (config) warnings;
      units = L.mapAttrs (_: unit: {
        starts = unit.serviceConfig ? ExecStart;
        reloads = unit.serviceConfig ? ExecReload;
      }) units;
    };
  one = name: it: builtins.addErrorContext "in the example ${name}" (whole (call it));
in L.mapAttrs one (builtins.fromJSON (builtins.readFile ./calls.json))
"""
OVERLAY = """
final: _: builtins.listToAttrs (map (name: { inherit name; value = final.hostTools name [ name ]; })
  [ "borgbackup" "curl" "msmtp" "postgresql" "prometheus-alertmanager" "telegraf" ])
"""
OPTIONS = ["path", "mode", "owner", "group", "uid", "gid", "restartUnits", "reloadUnits", "format", "engine", "trim",
           "symlink", "delimiters"]
GENERATORS = {"env", "json", "yaml", "toml", "ini"}
# What a manifest leaves out, as our module writes it.
DEFAULTS = {"mode": "0400", "owner": None, "uid": 0, "gid": 0, "restartUnits": [], "reloadUnits": [], "format": None,
            "engine": "placeholder", "trim": None, "symlink": True, "delimiters": {}}


def token(name, prefix):
    """The token that the modules give a secret: agenix' have a prefix."""
    return f"<SOPS:{hashlib.sha256((prefix + name).encode()).hexdigest()}:PLACEHOLDER>"


def restarted(snippet):
    """The units to restart; who gets a credential is one of them."""
    handed = [snippet["credential"]["unit"]] if "credential" in snippet else []
    return snippet.get("restartUnits", []) + handed or None


def compare(folder, manifest, found):
    """What differs between a manifest and its snippet."""
    listed = {entry["name"]: entry for entry in manifest["templates"]}
    if listed.keys() != found["templates"].keys():
        yield f"other templates: {sorted(found['templates'])}"
    for name in listed.keys() & found["templates"].keys():
        template, snippet = listed[name], found["templates"][name]
        snippet["restartUnits"] = restarted(snippet)
        # Only the real module knows what a generator gives.
        generated = GENERATORS & snippet.keys()
        if not generated and snippet["content"].encode() != (folder / template["file"]).read_bytes():
            yield f"template '{name}': other content"
        for option in OPTIONS:
            if template.get(option) != snippet.get(option) and not (generated and option == "format"):
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


def compare_real(folder, manifest, found):
    """What the real module has to say of a snippet, and where the manifest that it gives differs from the example's."""
    yield from (f"fails: {message}" for message in found["failed"])
    yield from (f"warning: {message}" for message in found["warnings"])
    yield from (f"nobody says what {unit}.service does" for unit, it in found["units"].items() if not it["starts"])
    for entry in manifest["templates"]:
        for option in ("restartUnits", "reloadUnits"):
            for unit in entry.get(option, []):
                it = found["units"].get(unit.removesuffix(".service"))
                if it is None:
                    yield f"template '{entry['name']}': there is no {unit}"
                elif option == "reloadUnits" and not it["reloads"]:
                    yield f"template '{entry['name']}': {unit} cannot be reloaded"
    given = {entry["name"]: entry for entry in found["manifest"]["templates"]}
    for entry in manifest["templates"]:
        it = given[entry["name"]]
        expected = DEFAULTS | {"path": f"{manifest['symlinkPath']}/rendered/{entry['name']}"} | entry
        if it["content"].encode() != (folder / entry["file"]).read_bytes():
            yield f"template '{entry['name']}': the module gives other content"
        for option in expected.keys() & set(OPTIONS):
            if it.get(option, DEFAULTS.get(option)) != expected[option]:
                yield f"template '{entry['name']}': the module gives another {option}: {it.get(option)}"
    given = {entry["name"]: entry for entry in found["manifest"]["secrets"]}
    for entry in manifest["secrets"]:
        it = given[entry["name"]]
        for option, default in (("key", None), ("format", "yaml"), ("install", True)):
            if it.get(option, default) != entry.get(option, default):
                yield f"secret '{entry['name']}': the module gives another {option}: {it.get(option)}"
        if Path(it["sopsFile"]).name.split("-", 1)[-1] != entry["sopsFile"]:
            yield f"secret '{entry['name']}': the module gives another sopsFile: {it['sopsFile']}"


def evaluate(scratch, name, expression, *words):
    """The value of an expression, in a file beside what it reads."""
    file = Path(scratch, name)
    file.write_text(expression)
    command = ["nix-instantiate", "--eval", "--strict", "--json", "--show-trace", *words, str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        [place] = re.findall("… in the (example .*)", done.stderr)[-1:] or ["all examples"]
        sys.exit(f"{place}: {done.stderr[:2000]}")
    return json.loads(done.stdout)


def main():
    words = sys.argv[1:]
    printed = "null"
    if words[:1] == ["--print"]:
        words, printed = [words[1]], f"result.{words[2]}"
    names = words or sorted(path.name for path in ROOT.iterdir() if path.is_dir())
    real = None
    with tempfile.TemporaryDirectory() as scratch:
        calls, manifests = {}, {}
        for name in names:
            folder = Path(scratch, name)
            shutil.copytree(ROOT / name, folder)
            manifests[name] = manifest = json.loads((folder / "manifest.json").read_text())
            [snippet] = re.findall(r"^```nix\n(.*?)^```", (folder / "README.md").read_text(), re.M | re.S)
            file = folder / "snippet.nix"
            file.write_text(snippet)
            tokens = {secret["name"]: token(secret["name"], "age:" if secret.get("format") == "age" else "") for secret in manifest["secrets"]}
            calls[name] = {"snippet": str(file), "tokens": tokens}
        Path(scratch, "calls.json").write_text(json.dumps(calls))
        found = evaluate(scratch, "all.nix", EXPR.replace("@printed@", printed))
        if printed != "null":
            print(found[names[0]]["printed"], end="")
            return
        if (SHARED / "nix-harness").is_dir():
            Path(scratch, "overlay.nix").write_text(OVERLAY)
            places = {"harness": SHARED / "nix-harness", "lib": SHARED / "peers/nixpkgs-lib/lib",
                      "modules": REPOSITORY / "nixos-module", "services": HERE / "example_services.nix"}
            arguments = [word for name, place in places.items() for word in ("--arg", name, str(place.resolve()))]
            real = evaluate(scratch, "real.nix", REAL, *arguments)
    wrong = []
    for name, manifest in manifests.items():
        wrong += [f"{name}: {what}" for what in compare(ROOT / name, manifest, found[name])]
        if real:
            wrong += [f"{name}: {what}" for what in compare_real(ROOT / name, manifest, real[name])]
    if wrong:
        sys.exit("\n".join(wrong))
    where = ", with the real module too" if real else f"; not tried with the real module: no harness in {SHARED}"
    print(f"{len(found)} snippets give their manifests and templates{where}")


main()
