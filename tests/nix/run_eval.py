#!/usr/bin/env python3
"""Evaluates configurations with our modules, and where the other project has such a module with that one too.

  run_eval.py [NAME…] [--nix BINDIR] [--bin DIR] [-v]

options                            every option of the other modules is one of ours, with the same type
configs, configs-age, configs-hm*  written for sops-nix, agenix and their home-manager modules: both must give the same
configs-*-ours                     what only we have: the lines at the top of a file say what must hold

Lines at the top of a file:
  # holds: EXPRESSION      Python, over the report r and the helpers below
  # error: TEXT            evaluation fails with it        # assertion: TEXT   # warning: TEXT   likewise
  # build: TEXT            the build fails with it         # unbuilt: WHY      not built
  # modules: default       sops and age together

Prints PASS or FAIL for each, then the counts. Exit code 1 where any failed. Needs Nix and the harness in ../shared beside the
repository: without them it says so and passes, or with CI set fails where Nix is missing.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib  # noqa: F401 (for `holds` lines)
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import home
import parity

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SHARED = Path(os.environ.get("SOPS_INLAY_SHARED", ROOT.parent / "shared"))
MODULES = ROOT / "nixos-module"

FAMILIES = {
    # folder: (our module, the other project's, kind)
    "configs": (MODULES / "sops.nix", SHARED / "peers/sops-nix/modules/sops", "nixos"),
    "configs-age": (MODULES / "age.nix", SHARED / "peers/agenix/modules/age.nix", "nixos"),
    "configs-hm": (MODULES / "home/sops.nix", SHARED / "peers/sops-nix/modules/home-manager/sops.nix", "home-manager"),
    "configs-hm-age": (MODULES / "home/age.nix", SHARED / "peers/agenix/modules/age-home.nix", "home-manager"),
    "configs-ours": (MODULES / "sops.nix", None, "nixos"),
    "configs-age-ours": (MODULES / "age.nix", None, "nixos"),
    "configs-hm-ours": (MODULES / "home-manager.nix", None, "home-manager"),
}


class Helpers:
    """What `holds` lines may use."""

    def __init__(self, report):
        # The one that takes everything away is nobody's.
        report["manifests"] = {p: m for p, m in report["manifests"].items() if not p.endswith("-nothing.json")}
        manifests = list(report["manifests"].values())
        if report.get("manifest") is None and manifests:
            report["manifest"] = manifests[0]
        self.r = report

    def named(self, kind, name):
        found = [x for x in self.r["manifest"][kind] if x["name"] == name]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} {kind} named {name}")
        return found[0]

    def fields(self, unit, key):
        lines = self.r["units"][unit]["text"].splitlines()
        return [line[len(key) + 1:] for line in lines if line.startswith(key + "=")]

    def scope(self):
        return {
            "r": self.r, "json": json, "tomllib": tomllib, "fields": self.fields,
            "secret": lambda name: self.named("secrets", name),
            "template": lambda name: self.named("templates", name),
            "unit": lambda name: self.r["units"][name],
            "script": lambda name: self.r["activationScripts"][name],
            # Names of home-manager's activation, ours among them, as it runs them.
            "order": lambda: home.order(home.entries_of(self.r)),
            # Texts of generated files, by a part of their names.
            "text": lambda part: "\n".join(text["text"] for text in self.r["texts"].values() if part in text["name"]),
            "field": lambda unit, key: " ".join(self.fields(unit, key)).split(),
        }


def expectations(path):
    found = {}
    for line in path.read_text().splitlines():
        match = re.match(r"# (holds|error|assertion|warning|build|unbuilt|modules): (.*)", line)
        if match:
            found.setdefault(match[1], []).append(match[2])
        elif not line.startswith("#"):
            break
    return found


def evaluate(args, module, config, kind, build=False):
    """Exit code of the harness, its report or None, and its messages."""
    command = [sys.executable, SHARED / "nix-harness/nixmod.py", "--lib", SHARED / "peers/nixpkgs-lib/lib",
               "--module", module, "--config", config, "--kind", kind]
    if args.nix:
        command += ["--nix", args.nix]
    if args.bin:
        command += ["--bin", f"sops-inlay={args.bin}"]
    if build:
        command += ["--realise"]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    report = json.loads(done.stdout) if done.returncode != 1 and done.stdout else None
    return done.returncode, report, done.stderr


def compare(args, config, ours, theirs, kind):
    """Mistakes found when both modules evaluate one configuration."""
    code, mine, said = evaluate(args, ours, config, kind)
    peer_code, other, peer_said = evaluate(args, theirs, config, kind)
    if (mine is None) != (other is None):
        return [f"exit codes {code} and {peer_code}: {parity.error_line(said or peer_said)}"]
    if mine is None:
        return parity.same_error(config.stem, said, peer_said)
    mistakes = parity.differences(config.stem, mine, other)
    if not mistakes and code == 0 and args.bin and config.stem not in parity.NOT_BUILT:
        code, built, _ = evaluate(args, ours, config, kind, build=True)
        if code == 3:
            mistakes.append("build: " + built["build"]["log"][-600:])
    return mistakes


def meets(args, config, module, kind):
    """Mistakes found when a configuration of ours is held against what its head expects."""
    expected = expectations(config)
    if expected.get("modules") == ["default"]:
        module = MODULES
    if not args.bin and "build" in expected:
        return None
    build = bool(args.bin) and not {"unbuilt", "assertion"} & set(expected)
    code, report, said = evaluate(args, module, config, kind, build)
    mistakes = []

    def want(kind, texts):
        for text in expected.get(kind, []):
            if not any(text in candidate for candidate in texts):
                mistakes.append(f"no {kind} with '{text}' in {texts}")

    want("error", [said])
    if report is None:
        return mistakes if "error" in expected else [said[-800:]]
    want("assertion", report["failedAssertions"])
    want("warning", report["warnings"])
    want("build", [report.get("build", {}).get("log", "")])
    if report["failedAssertions"] and "assertion" not in expected:
        mistakes.append(f"assertions: {report['failedAssertions']}")
    if code == 3 and "build" not in expected:
        mistakes.append("build: " + report["build"]["log"][-800:])
    scope = Helpers(report).scope()
    for expression in expected.get("holds", []):
        try:
            held = eval(expression, scope)
        except Exception as error:  # a missing unit or secret is a failure like any other
            held, expression = False, f"{expression} ({error!r})"
        if not held:
            mistakes.append("does not hold: " + expression)
    return mistakes


def options(args, module):
    command = [os.path.join(args.nix or "", "nix-instantiate"), "--eval", "--strict", "--json", HERE / "options.nix",
               "--arg", "lib", SHARED / "peers/nixpkgs-lib/lib", "--arg", "module", Path(module).resolve()]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-600:])
    return json.loads(done.stdout)


def same_options(args, ours, theirs):
    mine, other = options(args, ours), options(args, theirs)
    missing = [f"no option {name}" for name in other if name not in mine]
    types = [f"{name}: {mine[name]}, not {other[name]}" for name in other if name in mine and mine[name] != other[name]]
    return missing + types


def run(args, job):
    folder, config = job
    if config is None:
        ours, theirs, _ = FAMILIES[folder]
        return f"options/{folder}", same_options(args, ours, theirs)
    ours, theirs, kind = FAMILIES[folder]
    try:
        mistakes = compare(args, config, ours, theirs, kind) if theirs else meets(args, config, ours, kind)
    except Exception as error:
        mistakes = [repr(error)]
    return f"{folder}/{config.stem}", mistakes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="parts of names; all where none is given")
    parser.add_argument("--nix", help="folder of nix-instantiate")
    parser.add_argument("--bin", help="folder that holds sops-inlay; without it nothing is built")
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()
    if not (args.nix or shutil.which("nix-instantiate")):
        print("nix-instantiate is not installed")
        return 1 if os.environ.get("CI") else 0
    if not (SHARED / "nix-harness").is_dir():
        print(f"skipped: no harness in {SHARED}/nix-harness")
        return 0
    if not args.bin:
        print("no --bin: nothing is built, so what `sops-inlay check` finds is not tested")
    jobs = [(folder, config) for folder in FAMILIES for config in sorted((HERE / folder).glob("*.nix"))
            if not args.names or any(name in f"{folder}/{config.stem}" for name in args.names)]
    jobs += [(folder, None) for folder, (_, theirs, _) in FAMILIES.items()
             if theirs and (not args.names or any(name in f"options/{folder}" for name in args.names))]
    passed = failed = skipped = 0
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for name, mistakes in pool.map(lambda job: run(args, job), jobs):
            if mistakes is None:
                skipped += 1
            elif mistakes:
                failed += 1
                print(f"FAIL {name}\n     " + "\n     ".join(mistakes))
            else:
                passed += 1
                if args.verbose:
                    print(f"PASS {name}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
