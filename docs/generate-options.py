#!/usr/bin/env python3
"""Writes options.md from the evaluated modules; with --check says whether it is up to date (exit code 1 where not).

  docs/generate-options.py [--check] [--lib NIXPKGS_LIB]

Needs Nix, and nixpkgs' lib folder: by default that of ../shared beside the repository.
"""
import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SHARED = Path(os.environ.get("SOPS_INLAY_SHARED", ROOT.parent / "shared"))

CHAPTERS = [
    ("nixos", "NixOS", "`nixosModules.default`; `nixosModules.sops` and `nixosModules.age` hold one family each."),
    ("home", "home-manager", "`homeModules.default`; `homeModules.sops` and `homeModules.age` hold one family each."),
]


def options(lib):
    command = ["nix-instantiate", "--eval", "--strict", "--json", str(HERE / "options.nix"), "--arg", "lib", str(lib)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def block(label, text):
    """A value on one line, or in a code block where it has several."""
    text = text.strip()
    return f"*{label}:* `{text}`\n\n" if "\n" not in text else f"*{label}:*\n\n```nix\n{text}\n```\n\n"


def entry(option):
    lines = [f"### {option['name']}\n\n", option["description"].strip() + "\n\n", f"*Type:* {option['type']}\n\n"]
    for label, field in (("Default", "default"), ("Example", "example")):
        value = option.get(field)
        if value is None:
            continue
        if value["kind"] == "literalMD":
            lines.append(f"*{label}:* {value['text'].strip()}\n\n")
        else:
            lines.append(block(label, value["text"]))
    return "".join(lines)


def page(found):
    text = ["# Options\n\nMade from the modules by `docs/generate-options.py`; change the descriptions there.\n"]
    for key, title, intro in CHAPTERS:
        text.append(f"\n## {title}\n\n{intro}\n\n")
        text.extend(entry(option) for option in found[key])
    # The role that nixpkgs' own renderer knows is noise in plain Markdown.
    return "".join(text).replace("{option}`", "`").rstrip() + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--lib", type=Path, default=SHARED / "peers/nixpkgs-lib/lib")
    args = parser.parse_args()
    if not args.lib.is_dir():
        print(f"skipped: no nixpkgs lib in {args.lib}")
        return 0
    text, target = page(options(args.lib)), HERE / "options.md"
    if args.check:
        same = target.exists() and target.read_text() == text
        print("options.md is up to date" if same else "options.md is old: run docs/generate-options.py")
        return 0 if same else 1
    target.write_text(text)
    print(f"{target.name}: {text.count(chr(10) + '### ')} options")
    return 0


if __name__ == "__main__":
    sys.exit(main())
